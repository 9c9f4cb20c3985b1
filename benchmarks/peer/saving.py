"""Times checkpoints of a training, each beside a plain write of as many bytes, both forced to the disk; prints one JSON object.

    benchmarks/saving [--model bert-base-uncased] [--models DIR] [--saves 12] [--disk DIR] > benchmarks/results/MACHINE/saving.json

`ratios` are the time that the training waits divided by that of the plain write, medians over the saves where the plain file came
first and over those where it came second: a disk is not the same after a gigabyte. `ratio` is the larger one. The disk is that
of --disk, the working directory if it is not given. Java and class path are those of benchmarks/compare.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

from compare import WORK, attune_version, java_command, machine, model_folder, peer_python


def main():
    parser = argparse.ArgumentParser(
        prog="benchmarks/saving", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="bert-base-uncased")
    parser.add_argument("--models", type=pathlib.Path, default=WORK / "models")
    parser.add_argument("--saves", type=int, default=12)
    parser.add_argument("--disk", type=pathlib.Path, default=pathlib.Path())
    args = parser.parse_args()
    there = (args.models / args.model / "model.safetensors").exists()
    model = args.models / args.model if there else model_folder(args.models, args.model, peer_python())
    with tempfile.TemporaryDirectory(dir=args.disk) as folder:
        command = [*java_command("dev.attune.benchmarks.SavingCost"), model, folder, args.saves]
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit("saving: SavingCost did not finish; its message is above")
    # The first pair also loads classes and finds blocks that nobody used before.
    saves = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")][2:]
    ratios = {
        order: statistics.median(save["saving"] / save["disk"] for save in saves if save["disk_first"] == first)
        for order, first in {"disk first": True, "disk second": False}.items()
    }
    result = {
        "case": "saving", "model": args.model, "ratio": max(ratios.values()), "ratios": ratios,
        "machine": machine(), "versions": {"attune": attune_version()}, "saves": saves,
    }  # fmt: skip
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
