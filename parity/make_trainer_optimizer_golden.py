"""Writes twenty training steps of a tiny BERT classifier with each optimizer, as Hugging Face Trainer does them.

    python parity/make_trainer_optimizer_golden.py [--out DIR]

Model, rows and loops are those of make_trainer_golden.py, which comes first. Trainer itself trains with each optimizer that it
has. Adam and Lion, which it lacks or has for GPUs only, and everything under accumulation, where it is wrong, come from the
loop by hand, with Trainer's own optimizer classes; without accumulation the loop must give what Trainer gives.
"""

import argparse
import json
import pathlib
import tempfile

import torch
import transformers
from transformers import Trainer, TrainingArguments

from make_optimizer_golden import Lion
from make_trainer_golden import OUT, assert_close, by_hand, with_trainer

CASES = [
    dict(optim="adamw_torch_fused", learning_rate=1e-3),
    dict(optim="rmsprop", learning_rate=3e-4),
    dict(optim="rmsprop", optim_args="momentum=0.5,centered=true", learning_rate=1e-4),
    dict(optim="sgd", optim_args="momentum=0.9", learning_rate=0.05),
    dict(optim="sgd", optim_args="momentum=0.9,nesterov=true", learning_rate=0.05),
    dict(optim="adagrad", learning_rate=0.01),
    dict(optim="adafactor", learning_rate=1e-3),
    dict(optim="adam", learning_rate=1e-3),
    dict(optim="lion_32bit", learning_rate=1e-4),
]


def maker(case):
    rate = case["learning_rate"]
    if case["optim"] == "adam":
        return lambda groups, lr: torch.optim.Adam(groups, lr=lr)
    if case["optim"] == "lion_32bit":
        return lambda groups, lr: Lion(groups, lr=lr, betas=(0.9, 0.999))
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(folder, use_cpu=True, report_to=[], **case)
        kind, kwargs = Trainer.get_optimizer_cls_and_kwargs(arguments)
    return lambda groups, lr: kind(groups, **{**kwargs, "lr": rate})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    rows = json.loads((out / "data.json").read_text(encoding="utf-8"))
    runs = []
    for case in CASES:
        by_trainer = case["optim"] not in ("adam", "lion_32bit")
        asked = dict(max_steps=20, **(case if by_trainer else dict(learning_rate=case["learning_rate"])))
        settings, steps, state = with_trainer(out, rows, **asked)
        hand_steps, hand_state = by_hand(out, rows, settings, [s["rows"] for s in steps], maker(case))
        if by_trainer:
            assert_close(hand_steps, steps, hand_state, state)
        runs.append(dict(arguments={**settings, **case}, steps=cut(steps if by_trainer else hand_steps)))
        settings, logged, _ = with_trainer(out, rows, gradient_accumulation_steps=4, **asked)
        steps, _ = by_hand(out, rows, settings, [s["rows"] for s in logged], maker(case))
        runs.append(dict(arguments={**settings, **case}, steps=cut(steps)))
        print(case, [round(step["loss"], 4) for step in hand_steps[::4]])
    golden = dict(versions=dict(transformers=transformers.__version__, torch=torch.__version__))
    text = json.dumps(golden)[:-1] + ', "runs": [\n' + ",\n".join(map(json.dumps, runs)) + "\n]}\n"
    (out / "run-optimizers.json").write_text(text, encoding="utf-8")


def cut(steps):
    return [{key: step[key] for key in ("loss", "grad_norm", "learning_rate")} for step in steps]


if __name__ == "__main__":
    main()
