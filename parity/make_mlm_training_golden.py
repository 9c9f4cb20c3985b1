"""Writes twenty training steps of a tiny masked language model as Hugging Face Trainer does them, the masks being given.

    python parity/make_mlm_training_golden.py [--out DIR]

model/ and data.json are the start: a tiny BertForMaskedLM without dropout and 43 rows of token ids, some of them masked, with
labels (-100 where nothing is to be guessed; some rows have nothing at all). run-plain and run-accumulation give the arguments
and per step the rows, the loss, the gradient norm before clipping and the learning rate; *.safetensors hold the final
parameters.

run-plain         transformers.Trainer. Its loss is the mean over all masked tokens of the batch, not over rows.
run-accumulation  gradient_accumulation_steps 2, by hand: Trainer counts the labels of the group, but BertForMaskedLM ignores
                  that number (huggingface/transformers#47688). Here the mean is taken over all masked tokens of the group.

The loop by hand is checked first: without accumulation it must give what Trainer gives. make_trainer_golden.py tells why
attention.self.key.bias is not to be compared.
"""

import argparse
import json
import pathlib
import tempfile

import torch
import transformers
from safetensors.torch import save_file
from torch.nn.utils import clip_grad_norm_
from transformers import BertConfig, BertForMaskedLM, Trainer, TrainingArguments, get_scheduler, set_seed

from make_trainer_golden import assert_close, grouped

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/task/fillmask/training"
transformers.logging.disable_progress_bar()
MASK, NONE = 4, -100
SETTINGS = dict(
    per_device_train_batch_size=4, learning_rate=1e-3, weight_decay=0.01, warmup_steps=3, lr_scheduler_type="linear",
    max_grad_norm=0.5, seed=42, max_steps=20,
)  # fmt: skip


def start(out):
    """The initial model and the rows, drawn once."""
    set_seed(11)
    config = BertConfig(
        vocab_size=61, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=24, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.2,
    )  # fmt: skip
    BertForMaskedLM(config).save_pretrained(out / "model")
    rows = []
    for _ in range(43):
        length = int(torch.randint(3, 20, ()))
        first = int(torch.randint(5, 61, ()))
        true = [2, *(5 + (first - 5 + 3 * i) % 56 for i in range(length)), 3]  # each token tells the next
        ids, labels = list(true), [NONE] * len(true)
        for i in range(1, length + 1):
            if torch.rand(()) >= 0.2:
                continue
            labels[i] = true[i]
            what = float(torch.rand(()))
            if what < 0.8:
                ids[i] = MASK
            elif what < 0.9:
                ids[i] = int(torch.randint(0, 61, ()))
        rows.append(dict(ids=ids, labels=labels))
    assert any(max(row["labels"]) < 0 for row in rows)
    return rows


def load(out):
    return BertForMaskedLM.from_pretrained(out / "model", attn_implementation="eager")


def collate(rows):
    longest = max(len(row["ids"]) for row in rows)
    pad = lambda values, filler: values + [filler] * (longest - len(values))
    return dict(
        input_ids=torch.tensor([pad(row["ids"], 0) for row in rows]),
        attention_mask=torch.tensor([pad([1] * len(row["ids"]), 0) for row in rows]),
        labels=torch.tensor([pad(row["labels"], NONE) for row in rows]),
    )


def with_trainer(out, rows, **changes):
    """Trainer itself, which only has the rows of each batch noted."""
    settings = {**SETTINGS, **changes}
    fetched = []

    def note(batch):
        fetched.append([row["row"] for row in batch])
        return collate(batch)

    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
            remove_unused_columns=False, **settings,
        )  # fmt: skip
        dataset = [dict(row, input_ids=row["ids"], row=i) for i, row in enumerate(rows)]
        trainer = Trainer(model=load(out), args=arguments, train_dataset=dataset, data_collator=note)
        trainer.train()
    logs = [row for row in trainer.state.log_history if "loss" in row]
    groups = grouped(fetched, len(rows), settings["per_device_train_batch_size"],
                     settings.get("gradient_accumulation_steps", 1))  # fmt: skip
    steps = [
        dict(step=log["step"], epoch=log["epoch"], rows=group, loss=log["loss"], grad_norm=log["grad_norm"],
             learning_rate=log["learning_rate"])
        for log, group in zip(logs, groups)
    ]  # fmt: skip
    return settings, steps, trainer.model.state_dict()


def by_hand(out, rows, settings, groups):
    """One mean over all masked tokens of the group, one clip, one AdamW step, one scheduler step."""
    model = load(out).train()
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
    schedule = get_scheduler(settings["lr_scheduler_type"], optimizer, settings["warmup_steps"], settings["max_steps"])
    steps = []
    for group in groups[: settings["max_steps"]]:
        total = sum(label != NONE for batch in group for i in batch for label in rows[i]["labels"])
        loss = 0.0
        for batch in group:
            inputs = collate([rows[i] for i in batch])
            logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).logits
            part = torch.nn.functional.cross_entropy(logits.flatten(0, 1), inputs["labels"].flatten(), reduction="sum")
            (part / total).backward()
            loss += part.item() / total
        norm = clip_grad_norm_(model.parameters(), settings["max_grad_norm"]).item()
        rate = schedule.get_last_lr()[0]
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        steps.append(dict(step=len(steps) + 1, rows=group, loss=loss, grad_norm=norm, learning_rate=rate))
    return steps, model.state_dict()


def save(out, name, settings, steps, state):
    versions = dict(transformers=transformers.__version__, torch=torch.__version__)
    golden = dict(versions=versions, arguments=settings, steps=steps)
    (out / f"{name}.json").write_text(json.dumps(golden) + "\n", encoding="utf-8")
    state = {k: v.detach().clone().contiguous() for k, v in state.items() if not k.startswith("cls.predictions.decoder.")}
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
    save(out, "run-plain", settings, steps, state)

    settings, logged, _ = with_trainer(out, rows, gradient_accumulation_steps=2)
    steps, state = by_hand(out, rows, settings, [s["rows"] for s in logged])
    for step, log in zip(steps, logged, strict=True):
        step["epoch"] = log["epoch"]
    save(out, "run-accumulation", settings, steps, state)
    print("  Trainer logs  ", [round(s["loss"], 4) for s in logged])


if __name__ == "__main__":
    main()
