"""Writes what PyTorch, scikit-learn and Hugging Face Trainer make of classes of unequal size.

    python parity/make_imbalance_golden.py [--out DIR]

imbalance/golden.json, for ClassLossParityTest and OversamplingParityTest:
weights     compute_class_weight("balanced") of scikit-learn; the effective number from a few lines of numpy.
single      losses and gradients of cross_entropy(weight, label_smoothing), with labels -100 among them, and of a focal loss
            in five lines of torch.
several     the same of binary_cross_entropy_with_logits(pos_weight).
sampler     WeightedRandomSampler, epoch by epoch, as seeded as Accelerate seeds its sampler.

train/run-class-weights*.json, for WeightedTrainingParityTest: twenty steps of the model of make_trainer_golden.py, by a
Trainer whose compute_loss is torch's weighted cross entropy. Under accumulation a Trainer subclass cannot know the weights of
the whole group, so there the loop of make_trainer_golden.py is the reference, with the sum of the weights of the group.

train/run-oversampled.json: twenty steps, two epochs, of a Trainer that gets a WeightedRandomSampler.

task/tokenclassification/training/smoothed.json, for TokenClassificationTrainingTest: twenty steps of Trainer with
label_smoothing_factor on the model of make_token_trainer_golden.py, and once more with weights of the classes.
"""

import argparse
import json
import pathlib
import tempfile

import make_token_trainer_golden as tokens
import make_trainer_golden as steps
import numpy
import sklearn
import torch
import transformers
from sklearn.utils.class_weight import compute_class_weight
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.utils.data import WeightedRandomSampler
from transformers import BertForTokenClassification, Trainer, TrainingArguments

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune"
IGNORED = -100


def focal(logits, labels, weight, gamma):
    kept = labels != IGNORED
    p = logits[kept].softmax(1).gather(1, labels[kept][:, None])[:, 0]
    alpha = torch.ones(logits.shape[1])[labels[kept]] if weight is None else weight[labels[kept]]
    return (-alpha * (1 - p) ** gamma * p.log()).sum() / alpha.sum()


def binary_focal(logits, targets, pos_weight, gamma):
    p = torch.where(targets == 1, logits.sigmoid(), 1 - logits.sigmoid())
    alpha = torch.where(targets == 1, torch.ones(logits.shape[1]) if pos_weight is None else pos_weight, torch.ones(1))
    return (-alpha * (1 - p) ** gamma * p.log()).mean()


def case(loss, logits, targets, **what):
    leaf = logits.clone().requires_grad_()
    value = loss(leaf, targets)
    value.backward()
    return dict(what, loss=value.item(), gradient=leaf.grad.flatten().tolist())


def single():
    torch.manual_seed(3)
    logits = 2 * torch.randn(11, 4)
    labels = torch.randint(0, 4, (11,))
    labels[[2, 7]] = IGNORED
    cases = []
    for weights in (None, [0.5, 1.0, 3.25, 0.1]):
        weight = None if weights is None else torch.tensor(weights)
        for smoothing in (0.0, 0.1):
            cases.append(case(
                lambda x, y: cross_entropy(x, y, weight=weight, label_smoothing=smoothing), logits, labels,
                weights=weights, gamma=0.0, smoothing=smoothing,
            ))  # fmt: skip
        for gamma in (0.5, 1.0, 2.0):
            cases.append(case(
                lambda x, y: focal(x, y, weight, gamma), logits, labels, weights=weights, gamma=gamma, smoothing=0.0,
            ))  # fmt: skip
    return dict(logits=logits.flatten().tolist(), labels=labels.tolist(), classes=4, cases=cases)


def several():
    torch.manual_seed(4)
    logits = 2 * torch.randn(9, 3)
    targets = torch.randint(0, 2, (9, 3)).float()
    cases = []
    for weights in (None, [0.5, 4.0, 1.75]):
        weight = None if weights is None else torch.tensor(weights)
        cases.append(case(
            lambda x, y: binary_cross_entropy_with_logits(x, y, pos_weight=weight), logits, targets,
            weights=weights, gamma=0.0,
        ))  # fmt: skip
        for gamma in (0.5, 2.0):
            cases.append(case(
                lambda x, y: binary_focal(x, y, weight, gamma), logits, targets, weights=weights, gamma=gamma,
            ))  # fmt: skip
    return dict(logits=logits.flatten().tolist(), targets=targets.flatten().tolist(), classes=3, cases=cases)


def effective(counts, beta):
    weights = (1 - beta) / (1 - numpy.power(beta, counts))
    return weights / weights.sum() * len(counts)


def class_weights():
    cases = []
    for counts in ([4825, 747], [10, 1, 5000], [3, 3, 3, 3]):
        rows = numpy.repeat(numpy.arange(len(counts)), counts)
        balanced = compute_class_weight("balanced", classes=numpy.arange(len(counts)), y=rows)
        numbers = numpy.array(counts, dtype=float)
        cases.append(dict(
            counts=counts, balanced=balanced.tolist(), effective_number=effective(numbers, 0.999).tolist(),
            effective_number_99=effective(numbers, 0.99).tolist(),
        ))  # fmt: skip
    return cases


def sampler():
    cases = []
    for counts, seed in (([40, 6, 15], 42), ([1, 9], 7), ([300, 2], 4294967295)):
        labels = [label for label, count in enumerate(counts) for _ in range(count)]
        weights = [max(counts) / counts[label] for label in labels]
        orders = []
        for epoch in range(2):
            generator = torch.Generator().manual_seed((seed + epoch) % 2**32)
            orders.append(list(WeightedRandomSampler(weights, len(labels), replacement=True, generator=generator)))
        cases.append(dict(labels=labels, seed=seed, orders=orders))
    return cases


WEIGHTS = [0.5, 1.0, 3.0]
TOKEN_WEIGHTS = [0.5, 1.0, 3.0, 0.25, 2.0]


def trained(run_out):
    """Trainer with a weighted loss, one batch a step; then the loop, checked against it, under accumulation."""
    rows = json.loads((run_out / "data.json").read_text(encoding="utf-8"))
    for name, smoothing, accumulation in (
        ("run-class-weights", 0.0, 1), ("run-class-weights-smoothed", 0.1, 1), ("run-class-weights-accumulation", 0.1, 4),
    ):  # fmt: skip
        settings = {**steps.SETTINGS, "max_steps": 20, "gradient_accumulation_steps": accumulation}
        weight = torch.tensor(WEIGHTS)

        class Weighted(steps.Recorder):
            def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
                labels = inputs.pop("labels")
                outputs = model(**inputs)
                loss = cross_entropy(outputs.logits, labels, weight=weight, label_smoothing=smoothing)
                return (loss, outputs) if return_outputs else loss

        steps.Recorder, kept = Weighted, steps.Recorder
        try:
            _, logged, state = steps.with_trainer(run_out, rows, **settings)
        finally:
            steps.Recorder = kept
        hand, hand_state = by_hand(run_out, rows, settings, [s["rows"] for s in logged], weight, smoothing)
        if accumulation == 1:
            steps.assert_close(hand, logged, hand_state, state)
            golden = logged
        else:
            golden = hand
            for step, log in zip(golden, logged, strict=True):
                step["epoch"] = log["epoch"]
        versions = dict(transformers=transformers.__version__, torch=torch.__version__)
        for step in golden:
            step.pop("rows")
        content = dict(versions=versions, arguments=settings, weights=WEIGHTS, smoothing=smoothing, steps=golden)
        (run_out / f"{name}.json").write_text(json.dumps(content) + "\n", encoding="utf-8")
        print(name, [round(step["loss"], 4) for step in golden])


class EpochSampler(torch.utils.data.Sampler):
    """WeightedRandomSampler with the generator of each epoch seeded anew."""

    def __init__(self, weights, seed):
        self.weights, self.seed, self.epoch = weights, seed, 0

    def __len__(self):
        return len(self.weights)

    def __iter__(self):
        generator = torch.Generator().manual_seed(self.seed + self.epoch)
        self.epoch += 1
        return iter(WeightedRandomSampler(self.weights, len(self), replacement=True, generator=generator))


def oversampled(run_out):
    rows = json.loads((run_out / "data.json").read_text(encoding="utf-8"))
    counts = [sum(row["label"] == label for row in rows) for label in range(3)]
    weights = [max(counts) / counts[row["label"]] for row in rows]
    settings = {**steps.SETTINGS, "max_steps": 20}

    class Drawing(steps.Recorder):
        def _get_train_sampler(self, dataset=None):
            return EpochSampler(weights, settings["seed"])

    steps.Recorder, kept = Drawing, steps.Recorder
    try:
        _, logged, _ = steps.with_trainer(run_out, rows, **settings)
    finally:
        steps.Recorder = kept
    versions = dict(transformers=transformers.__version__, torch=torch.__version__)
    content = dict(versions=versions, arguments=settings, counts=counts, steps=logged)
    (run_out / "run-oversampled.json").write_text(json.dumps(content) + "\n", encoding="utf-8")
    print("run-oversampled", counts, [round(step["loss"], 4) for step in logged])


def by_hand(out, rows, settings, groups, weight, smoothing):
    """As steps.by_hand, with one weighted mean over the rows of a group."""
    model = steps.load(out).train()
    with tempfile.TemporaryDirectory() as folder:
        decayed = set(Trainer(model=model, args=TrainingArguments(folder, use_cpu=True)).get_decay_parameter_names(model))
    named = list(model.named_parameters())
    optimizer = torch.optim.AdamW(
        [
            dict(params=[p for n, p in named if n in decayed], weight_decay=settings["weight_decay"]),
            dict(params=[p for n, p in named if n not in decayed], weight_decay=0.0),
        ],
        lr=settings["learning_rate"],
    )
    schedule = transformers.get_scheduler(
        settings["lr_scheduler_type"], optimizer, settings["warmup_steps"], settings["max_steps"]
    )
    made = []
    for group in groups[: settings["max_steps"]]:
        total = sum(weight[rows[i]["label"]].item() for batch in group for i in batch)
        loss = 0.0
        for batch in group:
            inputs = steps.collate([rows[i] for i in batch])
            logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).logits
            part = cross_entropy(logits, inputs["labels"], weight=weight, label_smoothing=smoothing, reduction="sum") / total
            part.backward()
            loss += part.item()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), settings["max_grad_norm"]).item()
        rate = schedule.get_last_lr()[0]
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        made.append(dict(step=len(made) + 1, rows=group, loss=loss, grad_norm=norm, learning_rate=rate))
    return made, model.state_dict()


def smoothed_tokens(out):
    """Trainer's own label smoothing on tokens, and a subclass with weights."""
    given = json.loads((out / "golden.json").read_text(encoding="utf-8"))
    weight = torch.tensor(TOKEN_WEIGHTS)

    class Weighted(Trainer):
        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            labels = inputs.pop("labels")
            outputs = model(**inputs)
            loss = cross_entropy(outputs.logits.flatten(0, 1), labels.flatten(), weight=weight, label_smoothing=0.1)
            return (loss, outputs) if return_outputs else loss

    content = dict(weights=TOKEN_WEIGHTS)
    for name, trainer_class, more in (("smoothed", Trainer, dict(label_smoothing_factor=0.1)), ("weighted", Weighted, {})):
        with tempfile.TemporaryDirectory() as folder:
            arguments = TrainingArguments(
                output_dir=folder, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
                remove_unused_columns=False, **given["arguments"], **more,
            )  # fmt: skip
            model = BertForTokenClassification.from_pretrained(out / "model", attn_implementation="eager")
            trainer = trainer_class(
                model=model, args=arguments, train_dataset=given["rows"], data_collator=tokens.collate
            )
            trainer.train()
        logs = [log for log in trainer.state.log_history if "loss" in log]
        content[name] = [dict(loss=log["loss"], grad_norm=log["grad_norm"]) for log in logs]
        print(name, [round(step["loss"], 4) for step in content[name]])
    (out / "smoothed.json").write_text(json.dumps(content) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    versions = dict(torch=torch.__version__, sklearn=sklearn.__version__)
    golden = dict(
        versions=versions, weights=class_weights(), single=single(), several=several(), sampler=sampler()
    )
    (out / "imbalance").mkdir(parents=True, exist_ok=True)
    (out / "imbalance/golden.json").write_text(json.dumps(golden) + "\n", encoding="utf-8")
    trained(out / "train")
    oversampled(out / "train")
    smoothed_tokens(out / "task/tokenclassification/training")


if __name__ == "__main__":
    main()
