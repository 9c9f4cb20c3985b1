"""Writes the learning rates of the reference's schedules: core/src/test/resources/dev/attune/train/learning-rates.json.

    python parity/make_schedule_golden.py

Each case names a schedule, its arguments, warm-up and length, and lists the rate before each step. Schedules that go by evaluations
get a list of metrics, and list the rate after each. Needs torch and transformers (written with 5.18.0).
"""

import json
import pathlib
import random

import torch
import transformers
from transformers import get_scheduler

TARGET = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/train/learning-rates.json"
RATE = 5e-4

BY_STEP = [
    ("linear", {}),
    ("cosine", {}),
    ("cosine", {"num_cycles": 1.5}),
    ("cosine_with_restarts", {}),
    ("cosine_with_restarts", {"num_cycles": 3}),
    ("polynomial", {}),
    ("polynomial", {"lr_end": 1e-5, "power": 2.5}),
    ("constant", {}),
    ("constant_with_warmup", {}),
    ("inverse_sqrt", {}),
    ("inverse_sqrt", {"timescale": 20}),
    ("cosine_with_min_lr", {"min_lr": 1e-5}),
    ("cosine_with_min_lr", {"min_lr_rate": 0.2, "num_cycles": 1.0}),
    ("cosine_warmup_with_min_lr", {"min_lr": 1e-5}),
    ("cosine_warmup_with_min_lr", {"min_lr_rate": 0.1, "warmup_lr_rate": 0.05, "num_cycles": 0.75}),
    ("warmup_stable_decay", {"num_decay_steps": 5}),
    ("warmup_stable_decay", {"num_decay_steps": 4, "warmup_type": "cosine", "decay_type": "linear", "min_lr_ratio": 0.1}),
    ("warmup_stable_decay", {"num_decay_steps": 6, "num_stable_steps": 3, "warmup_type": "1-sqrt", "decay_type": "1-sqrt"}),
    ("warmup_stable_decay", {"num_decay_steps": 6, "num_cycles": 1.5, "min_lr_ratio": 0.25}),
]  # fmt: skip
LENGTHS = [(0, 1), (0, 17), (1, 17), (4, 17), (17, 17)]

BY_METRIC = [
    ("reduce_lr_on_plateau", {"patience": 1}),
    ("reduce_lr_on_plateau", {"patience": 0, "factor": 0.5, "cooldown": 2, "min_lr": 1e-4}),
    ("reduce_lr_on_plateau", {"patience": 1, "mode": "max", "threshold": 0.05, "threshold_mode": "abs", "eps": 1e-5}),
    ("reduce_lr_on_plateau", {"patience": 2, "mode": "max", "threshold": 0.01}),
    ("reduce_lr_on_plateau", {}),
    ("greedy", {}),
    ("greedy", {"patience": 1, "min_lr": 1e-4, "max_lr": 6e-4, "reset_start": 3}),
    ("greedy", {"patience": 0, "min_lr": 4e-4, "factor": 0.8, "cooldown": 1, "warmup": 2, "reset_start": 1}),
    ("greedy", {"patience": 1, "min_lr": 1e-5, "mode": "max", "threshold_mode": "rel", "threshold": 0.01}),
    ("greedy", {"patience": 1, "min_lr": 1e-5, "smooth": True, "window_size": 3, "reset_start": 2, "factor": 0.3}),
]  # fmt: skip


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)


def rate(sgd):
    return sgd.param_groups[0]["lr"]


def by_step(name, arguments, warmup, total):
    sgd = optimizer()
    schedule = get_scheduler(name, sgd, warmup, total, dict(arguments))
    rates = []
    for _ in range(total + 2):
        rates.append(rate(sgd))
        sgd.step()
        schedule.step()
    return rates


def by_metric(name, arguments, metrics):
    sgd = optimizer()
    schedule = get_scheduler(name, sgd, scheduler_specific_kwargs=dict(arguments))
    rates = []
    for metric in metrics:
        schedule.step(metric)
        rates.append(rate(sgd))
    return rates


def rows(cases):
    return ",\n".join(map(json.dumps, cases))


def main():
    random.seed(3)
    falling = [round(1 / (1 + i) + 0.02 * random.random(), 6) for i in range(15)]
    wavy = falling + [round(0.4 + 0.3 * random.random(), 6) for _ in range(20)] + [x / 3 for x in falling]
    steps = [
        dict(name=name, arguments=arguments, warmup=warmup, total=total, rates=by_step(name, arguments, warmup, total))
        for name, arguments in BY_STEP
        for warmup, total in LENGTHS
        # The reference divides by zero where a polynomial has no steps after its warm-up.
        if not (name == "polynomial" and warmup == total)
    ]
    metrics = [dict(name=name, arguments=a, metrics=wavy, rates=by_metric(name, a, wavy)) for name, a in BY_METRIC]
    facts = dict(transformers=transformers.__version__, torch=torch.__version__, learning_rate=RATE)
    lists = ",\n".join(f'"{key}": [\n{rows(cases)}\n]' for key, cases in dict(steps=steps, metrics=metrics).items())
    TARGET.write_text(json.dumps(facts)[:-1] + ",\n" + lists + "}\n", encoding="utf-8")
    print(f"{TARGET}: {len(steps)} and {len(metrics)} cases")


if __name__ == "__main__":
    main()
