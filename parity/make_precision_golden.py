"""Writes mixed precision as the reference does it: core/src/test/resources/dev/attune/train/run-bf16.json and run-fp16.json,
and core/src/test/resources/dev/attune/optim/loss-scale.json.

    python parity/make_precision_golden.py

run-bf16         twenty steps of transformers.Trainer with bf16 on the CPU; "float32" has the losses without it.
run-fp16         twenty steps of a loop with torch.autocast(float16) and torch.amp.GradScaler in the order of Trainer: backward of
                 the scaled loss, unscale, clip, step, update, schedule unless the step was skipped. Trainer itself ignores fp16
                 on the CPU. The loop without fp16 is checked against Trainer first. The classifier's weights are made larger, so
                 that the first scales overflow.
loss-scale       torch.amp.GradScaler alone: at which of 21,000 steps a gradient is infinite, and the scale after each change.

The model and the rows are those of make_trainer_golden.py, which has to have run. Needs torch and transformers.
"""

import json
import pathlib
import tempfile

import torch
import transformers
from make_trainer_golden import OUT, SETTINGS, collate, load, with_trainer
from torch.nn.utils import clip_grad_norm_
from transformers import Trainer, TrainingArguments, get_scheduler

VERSIONS = dict(transformers=transformers.__version__, torch=torch.__version__)
LARGER = 6.0
RUN = dict(max_steps=20)


def loop(rows, settings, groups, half, larger=1.0):
    model = load(OUT).train()
    with torch.no_grad():
        model.classifier.weight.mul_(larger)
    decayed = set(Trainer(model=model, args=TrainingArguments(tempfile.gettempdir(), use_cpu=True)).get_decay_parameter_names(model))
    named = list(model.named_parameters())
    optimizer = torch.optim.AdamW(
        [
            dict(params=[p for n, p in named if n in decayed], weight_decay=settings["weight_decay"]),
            dict(params=[p for n, p in named if n not in decayed], weight_decay=0.0),
        ],
        lr=settings["learning_rate"],
    )
    schedule = get_scheduler(settings["lr_scheduler_type"], optimizer, settings["warmup_steps"], settings["max_steps"])
    scaler = torch.amp.GradScaler("cpu", enabled=half)
    steps = []
    for group in groups[: settings["max_steps"]]:
        (batch,) = group
        inputs = collate([rows[i] for i in batch])
        with torch.autocast("cpu", torch.float16, enabled=half):
            loss = model(**inputs).loss
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        norm = clip_grad_norm_(model.parameters(), settings["max_grad_norm"]).item()
        rate = schedule.get_last_lr()[0]
        before = scaler.get_scale()
        scaler.step(optimizer)
        scaler.update()
        skipped = scaler.get_scale() < before
        if not skipped:
            schedule.step()
        optimizer.zero_grad()
        steps.append(
            dict(step=len(steps) + 1, loss=loss.item(), grad_norm=norm if not skipped else None, learning_rate=rate,
                 scale=before, skipped=skipped)
        )  # fmt: skip
    return steps


def runs(rows):
    _, plain, _ = with_trainer(OUT, rows, **RUN)
    settings, steps, _ = with_trainer(OUT, rows, **RUN, bf16=True)
    golden = dict(versions=VERSIONS, arguments=settings, float32=[s["loss"] for s in plain], steps=steps)
    write("train/run-bf16.json", golden)
    print("bf16 against float32", max(abs(a["loss"] - b["loss"]) for a, b in zip(steps, plain)))

    settings = {**SETTINGS, **RUN}
    groups = [s["rows"] for s in plain]
    for a, b in zip(loop(rows, settings, groups, half=False), plain, strict=True):
        assert abs(a["loss"] - b["loss"]) < 1e-5 and abs(a["grad_norm"] - b["grad_norm"]) < 1e-4, (a, b)
    full = loop(rows, settings, groups, half=False, larger=LARGER)
    steps = loop(rows, settings, groups, half=True, larger=LARGER)
    assert any(s["skipped"] for s in steps) and not all(s["skipped"] for s in steps)
    write("train/run-fp16.json", dict(
        versions=VERSIONS, arguments=settings, larger=LARGER, float32=[s["loss"] for s in full], steps=steps))  # fmt: skip
    for s, f in zip(steps, full):
        print(s, f["loss"])


def scales():
    infinite = {1, 2, 3, 2010, 2011, 4000, 6500, 6501, *range(13000, 13040), 15039, *range(20000, 20003)}
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    scaler = torch.amp.GradScaler("cpu")
    scale = scaler.scale(torch.ones(())).item()
    changes, states, made = [], [], 0
    for step in range(1, 21001):
        parameter.grad = torch.full((1,), float("inf") if step in infinite else 0.5)
        value = parameter.item()
        scaler.step(optimizer)
        scaler.update()
        made += parameter.item() != value
        with torch.no_grad():
            parameter.zero_()
        if scaler.get_scale() != scale:
            scale = scaler.get_scale()
            changes.append([step, scale])
        if step % 3000 == 0:
            state = scaler.state_dict()
            states.append([step, state["scale"], state["_growth_tracker"]])
    golden = dict(versions=VERSIONS, steps=21000, infinite=sorted(infinite), changes=changes, states=states, made=made)
    write("optim/loss-scale.json", golden)


def write(name, golden):
    path = OUT.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


def main():
    rows = json.loads((OUT / "data.json").read_text(encoding="utf-8"))
    runs(rows)
    scales()


if __name__ == "__main__":
    main()
