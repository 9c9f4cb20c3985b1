"""Trains banking77 with the same arguments on both sides, once for each seed, and writes the accuracies.

    benchmarks/accuracy [--model minilm] [--seeds 42,43,44] [--precision fp32|bf16] [--data DIR] [--models DIR]

Both sides load the same converted model folder and compute in the same precision: bf16 is the faster one only where the
CPU has instructions for it (`attune doctor` says so). Attune is run as a user runs it, through
`./attune train`, and the accuracy is read from all_results.json; the other side is hf_train.py. The result is
benchmarks/results/accuracy-MODEL.json, which benchmarks/readme.py turns into a table. It is written after each seed, and
seeds that it holds already, with the same arguments, are not trained again. $ATTUNE_PEER_PYTHON and the models are those of benchmarks/compare.
"""

import argparse
import json
import pathlib
import subprocess
import sys

from compare import BENCHMARKS, PEER, ROOT, WORK, machine, model_folder, note, peer_python, versions


def fail(message):
    raise SystemExit(f"accuracy: {message}")


def train_attune(model, data, args, seed):
    output = WORK / f"accuracy-{args.model}-{seed}"
    command = [
        ROOT / "attune", "train", "--task", "text-classification",
        "--model", model, "--train", data / "train.csv", "--validation", data / "test.csv",
        "--text-column", "text", "--label-column", "category", "--max-length", args.max_length,
        "--num-train-epochs", args.epochs, "--per-device-train-batch-size", args.batch_size,
        "--per-device-eval-batch-size", args.batch_size, "--learning-rate", args.lr,
        "--lr-scheduler-type", "linear", "--bf16", str(args.precision == "bf16").lower(), "--seed", seed,
        # One evaluation, after the last step, as on the other side.
        "--eval-strategy", "no", "--output", output, "--overwrite", "true",
    ]  # fmt: skip
    if subprocess.run([str(word) for word in command], stdout=sys.stderr).returncode:
        fail(f"attune did not finish with seed {seed}; its message is above")
    results = json.loads((output / "all_results.json").read_text(encoding="utf-8"))
    return results["eval_accuracy"]


def train_huggingface(python, model, data, args, seed):
    command = [
        python, PEER / "hf_train.py", "--model", model, "--train", data / "train.csv", "--eval", data / "test.csv",
        "--text-column", "text", "--label-column", "category", "--max-length", args.max_length,
        "--epochs", args.epochs, "--batch-size", args.batch_size, "--lr", args.lr, "--seed", seed,
    ]  # fmt: skip
    command += ["--bf16"] if args.precision == "bf16" else []
    run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if run.returncode:
        fail(f"hf_train.py did not finish with seed {seed}; its message is above")
    return json.loads(run.stdout.strip().splitlines()[-1])["eval_accuracy"]


def main():
    parser = argparse.ArgumentParser(
        prog="benchmarks/accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", choices=["minilm", "bert-base-uncased"], default="minilm")
    parser.add_argument("--seeds", default="42,43,44")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "data" / "banking77")
    parser.add_argument("--models", type=pathlib.Path, default=WORK / "models")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--output", type=pathlib.Path, help="default: benchmarks/results/accuracy-MODEL.json")
    args = parser.parse_args()

    data = args.data.resolve()
    for name in ("train.csv", "test.csv"):
        if not (data / name).exists():
            fail(f"no {data / name}; --data DIR names the folder with banking77's train.csv and test.csv")
    seeds = [int(seed) for seed in args.seeds.split(",")]
    WORK.mkdir(exist_ok=True)
    python = peer_python()
    model = model_folder(args.models.resolve(), args.model, python)
    output = args.output or BENCHMARKS / "results" / f"accuracy-{args.model}.json"
    result = {
        "model": args.model,
        "data": "banking77",
        "arguments": {
            "num_train_epochs": args.epochs,
            "learning_rate": args.lr,
            "per_device_train_batch_size": args.batch_size,
            "max_length": args.max_length,
            "lr_scheduler_type": "linear",
            "bf16": args.precision == "bf16",
        },
    }
    before = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
    same = all(before.get(key) == value for key, value in result.items())
    result["runs"] = before["runs"] if same else []
    output.parent.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        if any(run["seed"] == seed for run in result["runs"]):
            continue
        ours = train_attune(model, data, args, seed)
        note(f"attune, seed {seed}: accuracy {ours:.4f}")
        theirs = train_huggingface(python, model, data, args, seed)
        note(f"huggingface, seed {seed}: accuracy {theirs:.4f}")
        # Machine and versions with each run: the next one may be made on another day.
        made = {"machine": machine(), "versions": versions(python)}
        result["runs"].append({"seed": seed, "attune": ours, "huggingface": theirs, **made})
        output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        note(f"wrote {output}")


if __name__ == "__main__":
    main()
