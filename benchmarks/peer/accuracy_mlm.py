"""Trains a masked language model with the same arguments on both sides, and writes the perplexities of held-out texts.

    benchmarks/accuracy_mlm [--seeds 42] [--epochs 1] [--precision fp32|bf16] [--data FILE] [--models DIR] [--texts N]

The texts are the paragraphs of SQuAD 2.0's dev set; every fifth article is held out. Both sides load the same converted
bert-base-uncased and hide the same tokens of the held-out texts (hf_mlm.py computes what Attune's Masking does), so that the
perplexities before the training have to be equal: that is checked, to 0.1 %. In training each side draws its own masks. The
result is benchmarks/results/accuracy-mlm.json, written after each seed; seeds that it holds already, with the same arguments,
are not trained again.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys

from compare import BENCHMARKS, PEER, ROOT, WORK, machine, model_folder, note, peer_python, versions


def fail(message):
    raise SystemExit(f"accuracy_mlm: {message}")


def split(source, folder, limit):
    """train.csv and eval.csv of the paragraphs, with the articles in the order of their titles."""
    articles = sorted(json.loads(source.read_text(encoding="utf-8"))["data"], key=lambda article: article["title"])
    texts = {"train": [], "eval": []}
    for i, article in enumerate(articles):
        part = texts["eval" if i % 5 == 4 else "train"]
        part += [" ".join(paragraph["context"].split()) for paragraph in article["paragraphs"]]
    for name, some in texts.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text"])
            writer.writerows([text] for text in (some[:limit] if limit else some))
    return {name: len(some[:limit] if limit else some) for name, some in texts.items()}


def attune(*words):
    run = subprocess.run([str(w) for w in (ROOT / "attune", *words)], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if run.returncode:
        fail("attune did not finish; its message is above")
    return run.stdout


def ours(model, data, args, seed, bf16):
    task = ["--task", "fill-mask", "--model", model, "--max-length", args.max_length]
    before = json.loads(attune("evaluate", *task, "--data", data / "eval.csv", "--json").strip().splitlines()[-1])
    output = WORK / f"accuracy-mlm-{seed}"
    attune(
        "train", *task, "--train", data / "train.csv", "--validation", data / "eval.csv",
        "--text-column", "text", "--num-train-epochs", args.epochs, "--per-device-train-batch-size", args.batch_size,
        "--learning-rate", args.lr, "--lr-scheduler-type", "linear", "--bf16", str(bf16).lower(), "--seed", seed,
        # One evaluation, after the last step, as on the other side.
        "--eval-strategy", "no", "--output", output, "--overwrite", "true",
    )  # fmt: skip
    after = json.loads((output / "all_results.json").read_text(encoding="utf-8"))
    return {"before": before["eval_perplexity"], "after": after["eval_perplexity"], "accuracy": after["eval_accuracy"]}


def theirs(python, model, data, args, seed, bf16):
    command = [
        python, PEER / "hf_mlm.py", "--model", model, "--train", data / "train.csv", "--eval", data / "eval.csv",
        "--max-length", args.max_length, "--epochs", args.epochs, "--batch-size", args.batch_size, "--lr", args.lr,
        "--seed", seed, *(["--bf16"] if bf16 else []),
    ]  # fmt: skip
    run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if run.returncode:
        fail(f"hf_mlm.py did not finish with seed {seed}; its message is above")
    return json.loads(run.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(
        prog="benchmarks/accuracy_mlm", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="42")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared/data/squad2-dev/dev-v2.0.json")
    parser.add_argument("--models", type=pathlib.Path, default=WORK / "models")
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--lr", type=float, default=5e-5)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--texts", type=int, default=0, help="only the first N texts of each part, for a quick look")
    parser.add_argument("--output", type=pathlib.Path, default=BENCHMARKS / "results" / "accuracy-mlm.json")
    args = parser.parse_args()
    if not args.data.exists():
        fail(f"no {args.data}; --data FILE names SQuAD 2.0's dev set")
    data = WORK / "accuracy-mlm-data"
    data.mkdir(parents=True, exist_ok=True)
    counts = split(args.data, data, args.texts)
    note(f"{counts['train']} texts to train on, {counts['eval']} held out")
    python = peer_python()
    model = model_folder(args.models.resolve(), "bert-base-uncased", python)
    bf16 = args.precision == "bf16"
    result = {
        "model": "bert-base-uncased",
        "data": "squad2-dev paragraphs",
        "texts": counts,
        "arguments": {
            "num_train_epochs": args.epochs,
            "learning_rate": args.lr,
            "per_device_train_batch_size": args.batch_size,
            "max_length": args.max_length,
            "lr_scheduler_type": "linear",
            "bf16": bf16,
        },
    }
    before = json.loads(args.output.read_text(encoding="utf-8")) if args.output.exists() else {}
    same = all(before.get(key) == value for key, value in result.items())
    result["runs"] = before["runs"] if same else []
    args.output.parent.mkdir(parents=True, exist_ok=True)
    for seed in map(int, args.seeds.split(",")):
        if any(run["seed"] == seed for run in result["runs"]):
            continue
        a = ours(model, data, args, seed, bf16)
        note(f"attune, seed {seed}: {a}")
        b = theirs(python, model, data, args, seed, bf16)
        note(f"huggingface, seed {seed}: {b}")
        if abs(a["before"] / b["before"] - 1) > 1e-3:
            fail("the perplexities before the training differ, so the two sides did not hide the same tokens")
        note(f"seed {seed}: perplexity {100 * (a['after'] / b['after'] - 1):+.2f} % of the reference's")
        made = {"machine": machine(), "versions": versions(python)}
        result["runs"].append({"seed": seed, "attune": a, "huggingface": b, **made})
        args.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        note(f"wrote {args.output}")


if __name__ == "__main__":
    main()
