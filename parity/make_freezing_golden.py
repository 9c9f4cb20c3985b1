"""Writes training steps of a tiny BERT classifier with frozen parameters as Hugging Face Trainer does them.

    python parity/make_freezing_golden.py [--out DIR]

Model, rows and arguments are those of make_trainer_golden.py, which has to run first. Trainer has no key for freezing: its users
set requires_grad before they make it. Each freezing-*.json has the names of the parameters that were frozen.

freezing-lower      embeddings and the first layer.
freezing-upper      the layers, with the embeddings below them trained.
freezing-base       all but the classifier.
freezing-weights    all weights of layers, trained are biases and norms.
freezing-gradual    all but the classifier at first; before each epoch but the first the next of the layers and the embeddings,
                    from the top, is trained too (Howard and Ruder 2018). Trainer's optimizer is made of the parameters that
                    require a gradient, so all do until it is there.

freezing-slices.json has what Python makes of slices of lists, for the numbers of layers.
"""

import argparse
import json
import pathlib
import re
import tempfile

import torch
import transformers
from make_trainer_golden import OUT, SETTINGS, Recorder, grouped, load
from transformers import TrainerCallback, TrainingArguments

MORE = dict(max_steps=20)
# The top first; what is above the layers is a step too.
GRADUAL = [r"bert\.pooler\.", r"bert\.encoder\.layer\.1\.", r"bert\.encoder\.layer\.0\.", r"bert\.embeddings\."]
FROZEN = {
    "lower": r"bert\.embeddings\.|bert\.encoder\.layer\.0\.",
    "upper": r"bert\.encoder\.layer\.",
    "base": r"bert\.",
    "weights": r"bert\.encoder\.layer\..*dense\.weight|.*self\.(query|key|value)\.weight",
    "gradual": r"bert\.",
}


class Gradual(TrainerCallback):
    """Freezes after the optimizer is made, and lets go of one step more before each epoch but the first."""

    def on_epoch_begin(self, args, state, control, model=None, **rest):
        open_ = GRADUAL[: round(state.epoch)]
        for name, parameter in model.named_parameters():
            frozen = re.match(FROZEN["gradual"], name) and not any(re.match(step, name) for step in open_)
            parameter.requires_grad_(not frozen)


def run(out, rows, kind):
    settings = {**SETTINGS, **MORE, **(dict(max_steps=44) if kind == "gradual" else {})}
    model = load(out)
    frozen = [name for name, _ in model.named_parameters() if re.match(FROZEN[kind], name)]
    assert frozen
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
            remove_unused_columns=False, **settings,
        )  # fmt: skip
        trainer = Recorder(rows, model=model, args=arguments, callbacks=[Gradual()] if kind == "gradual" else [])
        if kind != "gradual":
            for name in frozen:
                model.get_parameter(name).requires_grad_(False)
        trainer.train()
    logs = [row for row in trainer.state.log_history if "loss" in row]
    groups = grouped(trainer.fetched, len(rows), settings["per_device_train_batch_size"], 1)
    steps = [
        dict(step=log["step"], epoch=log["epoch"], rows=group, loss=log["loss"], grad_norm=log["grad_norm"],
             learning_rate=log["learning_rate"])
        for log, group in zip(logs, groups)
    ]  # fmt: skip
    assert len(steps) == settings["max_steps"]
    versions = dict(transformers=transformers.__version__, torch=torch.__version__)
    golden = dict(versions=versions, arguments=settings, frozen=frozen, steps=steps)
    (out / f"freezing-{kind}.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    print(kind, len(frozen), "frozen", [round(step["loss"], 4) for step in steps])


def slices():
    """[slice, size, chosen] for all starts, ends and steps that are near the ends of short lists."""
    found = []
    for size in (1, 4, 12):
        for start in (None, -13, -2, 0, 1, 3, 11, 13):
            for end in (None, -13, -1, 0, 2, 12, 40):
                for step in (None, 1, 2, -1, -3):
                    text = ":".join("" if part is None else str(part) for part in (start, end))
                    text += "" if step is None else f":{step}"
                    found.append([text, size, sorted(range(size)[start:end:step])])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    rows = json.loads((out / "data.json").read_text(encoding="utf-8"))
    (out / "freezing-slices.json").write_text(
        "[\n" + ",\n".join(map(json.dumps, slices())) + "\n]\n", encoding="utf-8"
    )
    for kind in FROZEN:
        run(out, rows, kind)


if __name__ == "__main__":
    main()
