"""Reads the event files of a run with TensorBoard and compares them with its metrics.jsonl.

    pip install tensorboard
    ./attune train quickstart --report-to tensorboard --output runs/board
    python parity/check_tensorboard.py runs/board

For a run that went on from a checkpoint it also shows that TensorBoard drops what metrics.jsonl no longer has. Writes nothing;
the exit code is 1 if a number differs.
"""

import json
import math
import pathlib
import struct
import sys

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

run = pathlib.Path(sys.argv[1])
board = EventAccumulator(str(run), size_guidance={"scalars": 0})
board.Reload()

expected = {}
for line in (run / "metrics.jsonl").read_text().splitlines():
    record = json.loads(line)
    if record.pop("event") not in ("log", "evaluate"):
        continue
    step = record.pop("step")
    for name, value in record.items():
        tag = "eval/" + name[5:] if name.startswith("eval_") else "train/" + name
        expected.setdefault(tag, []).append((step, math.nan if value is None else value))


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def same(a, b):
    return a == b or math.isnan(a) and math.isnan(b)


wrong = 0
for tag, values in sorted(expected.items()):
    found = [(e.step, e.value) for e in board.Scalars(tag)] if tag in board.Tags()["scalars"] else []
    if tag == "train/epoch":  # the end of the run has one more
        found = found[: len(values)]
    ok = len(found) == len(values) and all(
        s == t and same(v, single(w)) for (s, v), (t, w) in zip(found, values))
    wrong += not ok
    print("ok   " if ok else "WRONG", tag, len(values), "values")
files = sorted(run.glob("events.out.tfevents.*"))
print("TensorBoard", tensorboard.__version__, "-", len(files), "event file(s),", len(expected), "tags,", wrong, "wrong;",
      "also", sorted(set(board.Tags()["scalars"]) - set(expected)))
sys.exit(1 if wrong or not expected else 0)
