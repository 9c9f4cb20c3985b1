"""Writes ten-odd training steps of a tiny BERT classifier as Hugging Face Trainer does them.

    python parity/make_trainer_golden.py [--out DIR]

model/ and data.json are the start: a tiny BertForSequenceClassification without dropout and 37 rows of token ids and a
label. Each run-*.json gives the arguments, the row numbers of every micro-batch of every step, and per step the loss,
the gradient norm before clipping and the learning rate that was used; run-*.safetensors holds the final parameters.

run-random            transformers.Trainer, train_sampling_strategy random.
run-group-by-length   transformers.Trainer, train_sampling_strategy group_by_length, in the order that Trainer itself
                      draws from the global random state: reproducible here because nothing else draws (dropout 0).
run-accumulation      gradient_accumulation_steps 2, from a hand-written loop. Trainer itself is wrong here: models whose
                      forward takes **kwargs but ignores num_items_in_batch (BERT among them) are neither divided by
                      the number of micro-batches nor normalised over the group (huggingface/transformers#47688). The
                      loop takes the mean over all rows of the group. What Trainer logs stands under "huggingface".

The loop is checked first: without accumulation it must give what Trainer gives.

When comparing final parameters leave out attention.self.key.bias: softmax does not see it, its gradient is rounding
noise around 0, and Adam blows the noise up to full steps. It differs between any two implementations.
"""

import argparse
import json
import pathlib
import tempfile

import torch
import transformers
from safetensors.torch import load_file, save_file
from torch.nn.utils import clip_grad_norm_
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments, get_scheduler, set_seed
from transformers.trainer_pt_utils import LengthGroupedSampler

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/train"
transformers.logging.disable_progress_bar()
NOISE = "attention.self.key.bias"
SETTINGS = dict(
    per_device_train_batch_size=4, learning_rate=1e-3, weight_decay=0.01, warmup_steps=3, lr_scheduler_type="linear",
    max_grad_norm=0.5, seed=42, max_steps=10,
)  # fmt: skip


def start(out):
    """The initial model and the rows, drawn once."""
    set_seed(7)
    config = BertConfig(
        vocab_size=60, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=24, num_labels=3, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        initializer_range=0.2, problem_type="single_label_classification",
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(out / "model")
    rows = []
    for _ in range(37):
        label = int(torch.randint(0, 3, ()))
        length = int(torch.randint(2, 20, ()))
        # every third token or so tells the label, so that there is something to learn
        body = [5 + label if torch.rand(()) < 0.3 else int(torch.randint(8, 60, ())) for _ in range(length)]
        rows.append(dict(ids=[2, *body, 3], label=label))
    return rows


def load(out):
    return BertForSequenceClassification.from_pretrained(out / "model", attn_implementation="eager")


def collate(rows):
    longest = max(len(row["ids"]) for row in rows)
    return dict(
        input_ids=torch.tensor([row["ids"] + [0] * (longest - len(row["ids"])) for row in rows]),
        attention_mask=torch.tensor([[1] * len(row["ids"]) + [0] * (longest - len(row["ids"])) for row in rows]),
        labels=torch.tensor([row["label"] for row in rows]),
    )


class Recorder(Trainer):
    """Trainer that notes the rows, the loss and the norm of every step; it changes nothing else."""

    def __init__(self, rows, **rest):
        self.rows = rows
        self.fetched, self.steps = [], []
        dataset = [dict(row, input_ids=row["ids"], row=i) for i, row in enumerate(rows)]
        super().__init__(train_dataset=dataset, data_collator=self.note, **rest)

    def note(self, batch):
        self.fetched.append([row["row"] for row in batch])
        return collate(batch)


def with_trainer(out, rows, **changes):
    settings = {**SETTINGS, **changes}
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
            remove_unused_columns=False, **settings,
        )  # fmt: skip
        trainer = Recorder(rows, model=load(out), args=arguments)
        trainer.train()
    accumulation = settings.get("gradient_accumulation_steps", 1)
    logs = [row for row in trainer.state.log_history if "loss" in row]
    groups = grouped(trainer.fetched, len(rows), settings["per_device_train_batch_size"], accumulation)
    steps = [
        dict(step=log["step"], epoch=log["epoch"], rows=group, loss=log["loss"], grad_norm=log["grad_norm"],
             learning_rate=log["learning_rate"])
        for log, group in zip(logs, groups)
    ]  # fmt: skip
    return settings, steps, trainer.model.state_dict()


def grouped(batches, count, size, accumulation):
    """Micro-batches of each optimizer step: the last group of an epoch may be smaller."""
    per_epoch = -(-count // size)
    groups = []
    for first in range(0, len(batches), per_epoch):
        epoch = batches[first : first + per_epoch]
        groups += [epoch[i : i + accumulation] for i in range(0, len(epoch), accumulation)]
    return groups


def by_hand(out, rows, settings, groups, make=torch.optim.AdamW):
    """The loop as it should be: one mean over all rows of the group, one clip, one step of an optimizer and of the scheduler."""
    model = load(out).train()
    with tempfile.TemporaryDirectory() as folder:
        decayed = set(Trainer(model=model, args=TrainingArguments(folder, use_cpu=True)).get_decay_parameter_names(model))
    named = list(model.named_parameters())
    optimizer = make(
        [
            dict(params=[p for n, p in named if n in decayed], weight_decay=settings["weight_decay"]),
            dict(params=[p for n, p in named if n not in decayed], weight_decay=0.0),
        ],
        lr=settings["learning_rate"],
    )
    schedule = get_scheduler(
        settings["lr_scheduler_type"], optimizer, settings["warmup_steps"], settings["max_steps"]
    )
    steps = []
    for group in groups[: settings["max_steps"]]:
        total = sum(map(len, group))
        loss = 0.0
        for batch in group:
            inputs = collate([rows[i] for i in batch])
            logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).logits
            part = torch.nn.functional.cross_entropy(logits, inputs["labels"], reduction="sum") / total
            part.backward()
            loss += part.item()
        norm = clip_grad_norm_(model.parameters(), settings["max_grad_norm"]).item()
        rate = schedule.get_last_lr()[0]
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        steps.append(dict(step=len(steps) + 1, rows=group, loss=loss, grad_norm=norm, learning_rate=rate))
    return steps, model.state_dict()


def assert_close(ours, theirs, state, other):
    for a, b in zip(ours, theirs, strict=True):
        for key in ("loss", "grad_norm", "learning_rate"):
            if abs(a[key] - b[key]) > 1e-5 * max(1, abs(b[key])):
                raise SystemExit(f"step {a['step']}: {key} {a[key]} by hand, {b[key]} by Trainer")
    far = {k: float((state[k] - other[k]).abs().max()) for k in state}
    worst = max(v for k, v in far.items() if not k.endswith(NOISE))
    print(f"hand-written loop against Trainer: parameters differ by at most {worst:.1e}, {NOISE} by {max(far.values()):.1e}")
    if worst > 1e-5:
        raise SystemExit("the hand-written loop is not Trainer's")


def save(out, name, settings, steps, state, **more):
    versions = dict(transformers=transformers.__version__, torch=torch.__version__)
    golden = dict(versions=versions, arguments=settings, **more, steps=steps)
    (out / f"{name}.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    state = {k: v.detach().clone().contiguous() for k, v in state.items()}
    save_file(state, out / f"{name}.safetensors", metadata={"format": "pt"})
    print(name, [round(step["loss"], 4) for step in steps])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    rows = start(out)
    (out / "data.json").write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n", encoding="utf-8")

    settings, steps, state = with_trainer(out, rows)
    hand_steps, hand_state = by_hand(out, rows, settings, [s["rows"] for s in steps])
    assert_close(hand_steps, steps, hand_state, state)
    save(out, "run-random", settings, steps, state)

    settings, steps, state = with_trainer(out, rows, train_sampling_strategy="group_by_length", max_steps=14)
    save(out, "run-group-by-length", settings, steps, state)

    accumulate(out, rows, "run-accumulation", gradient_accumulation_steps=2)
    # 10 batches an epoch: the last group of each has only two.
    accumulate(out, rows, "run-accumulation-remainder", gradient_accumulation_steps=4, max_steps=7)


def accumulate(out, rows, name, **more):
    settings, logged, _ = with_trainer(out, rows, **more)
    steps, state = by_hand(out, rows, settings, [s["rows"] for s in logged])
    for step, log in zip(steps, logged, strict=True):
        step["epoch"] = log["epoch"]  # counting is Trainer's business, and right there
    wrong = [dict(step=s["step"], loss=s["loss"], grad_norm=s["grad_norm"]) for s in logged]
    save(out, name, settings, steps, state, huggingface=wrong)
    print("  Trainer logs    ", [round(s["loss"], 4) for s in logged])


if __name__ == "__main__":
    main()
