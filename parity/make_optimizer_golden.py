"""Writes what optimizers do to a matrix and a bias in twenty steps, with the gradients of each step given.

    python parity/make_optimizer_golden.py [--out FILE]

Optimizers of Hugging Face's Trainer are made by Trainer itself from optim and optim_args, in its two groups with and without
weight decay. Adam is torch.optim.Adam in the same groups. Lion is written down here after the paper (arXiv 2302.06675,
algorithm 2), because the reference's needs a library for GPUs. Clipping is torch's.

The learning rate falls from step to step, as in a run, and one step has the rate 0.
"""

import argparse
import json
import pathlib
import tempfile

import torch
import transformers
from torch.nn.utils import clip_grad_norm_
from transformers import Trainer, TrainingArguments

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/train/optimizers.json"
STEPS = 20

CASES = [
    dict(optim="adamw_torch_fused"),
    dict(optim="adamw_torch_fused", weight_decay=0.1, max_grad_norm=1.0, adam_beta1=0.8, adam_beta2=0.99),
    dict(optim="adam"),
    dict(optim="adam", weight_decay=0.1),
    dict(optim="adam", weight_decay=0.1, max_grad_norm=1.0, adam_beta1=0.8, adam_beta2=0.99, adam_epsilon=1e-3),
    dict(optim="rmsprop"),
    dict(optim="rmsprop", optim_args="alpha=0.9"),
    dict(optim="rmsprop", optim_args="eps=0.01"),
    dict(optim="rmsprop", optim_args="momentum=0.9"),
    dict(optim="rmsprop", optim_args="centered=true"),
    dict(optim="rmsprop", optim_args="centered=true,momentum=0.5"),
    dict(optim="rmsprop", weight_decay=0.1),
    dict(optim="rmsprop", optim_args="centered=true,momentum=0.5", weight_decay=0.1, max_grad_norm=1.0),
    dict(optim="sgd"),
    dict(optim="sgd", optim_args="momentum=0.9"),
    dict(optim="sgd", optim_args="momentum=0.9,dampening=0.3"),
    dict(optim="sgd", optim_args="momentum=0.9,nesterov=true"),
    dict(optim="sgd", weight_decay=0.1),
    dict(optim="sgd", optim_args="momentum=0.9,dampening=0.3", weight_decay=0.1, max_grad_norm=1.0),
    dict(optim="adagrad"),
    dict(optim="adagrad", optim_args="lr_decay=0.1"),
    dict(optim="adagrad", optim_args="eps=0.01"),
    dict(optim="adagrad", optim_args="lr_decay=0.1", weight_decay=0.1, max_grad_norm=1.0),
    dict(optim="adafactor"),
    dict(optim="adafactor", weight_decay=0.1),
    dict(optim="adafactor", weight_decay=0.1, max_grad_norm=1.0),
    dict(optim="lion_32bit"),
    dict(optim="lion_32bit", adam_beta1=0.95, adam_beta2=0.98),
    dict(optim="lion_32bit", weight_decay=0.1),
    dict(optim="lion_32bit", weight_decay=0.1, max_grad_norm=1.0),
]


class Lion(torch.optim.Optimizer):
    """c = b1 m + (1 - b1) g; p -= lr (sign(c) + wd p); m = b2 m + (1 - b2) g."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, dict(lr=lr, betas=betas))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                direction = torch.sign(first * m + (1 - first) * p.grad)
                p -= group["lr"] * (direction + group["weight_decay"] * p)
                m.copy_(second * m + (1 - second) * p.grad)


def optimizer(case, parameters):
    weight, bias = parameters
    groups = [
        dict(params=[weight], weight_decay=case.get("weight_decay", 0.0)),
        dict(params=[bias], weight_decay=0.0),
    ]
    betas = (case.get("adam_beta1", 0.9), case.get("adam_beta2", 0.999))
    if case["optim"] == "adam":
        return torch.optim.Adam(groups, betas=betas, eps=case.get("adam_epsilon", 1e-8))
    if case["optim"] == "lion_32bit":
        return Lion(groups, lr=1e-3, betas=betas)
    named = {key: value for key, value in case.items() if key not in ("weight_decay", "max_grad_norm")}
    with tempfile.TemporaryDirectory() as folder:
        kind, kwargs = Trainer.get_optimizer_cls_and_kwargs(TrainingArguments(folder, use_cpu=True, report_to=[], **named))
    return kind(groups, **kwargs)


def run(case, start, gradients, rates):
    parameters = [torch.nn.Parameter(value.clone()) for value in start]
    steps = []
    stepper = optimizer(case, parameters)
    for gradient, rate in zip(gradients, rates, strict=True):
        for parameter, value in zip(parameters, gradient, strict=True):
            parameter.grad = value.clone()
        clip = case.get("max_grad_norm", 0.0)
        if clip > 0:
            clip_grad_norm_(parameters, clip)
        for group in stepper.param_groups:
            group["lr"] = rate
        stepper.step()
        steps.append([numbers(parameter) for parameter in parameters])
    return steps


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    torch.manual_seed(11)
    start = [torch.randn(4, 3), torch.randn(3)]
    gradients = [[torch.randn(4, 3), torch.randn(3)] for _ in range(STEPS)]
    rates = [0.0 if step == 4 else 0.02 * (1 - step / STEPS) for step in range(STEPS)]
    cases = [dict(case, steps=run(case, start, gradients, rates)) for case in CASES]
    golden = dict(
        versions=dict(transformers=transformers.__version__, torch=torch.__version__),
        start=[numbers(value) for value in start],
        gradients=[[numbers(value) for value in step] for step in gradients],
        learning_rates=rates,
    )
    text = json.dumps(golden)[:-1] + ', "cases": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]}\n"
    out.write_text(text, encoding="utf-8")
    print(f"{len(cases)} cases, {len(text)} bytes")


if __name__ == "__main__":
    main()
