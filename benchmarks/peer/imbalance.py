"""Trains on the SMS set, of which one message in eight is spam, by each method, and writes how well spam is found.

    benchmarks/imbalance [--seeds 42,43,44] [--precision fp32|bf16] [--spam N] [--rows N] [--data DIR] [--models DIR]

Methods: plain, class_weights (balanced), oversampling (balanced, by sampling) and focal (gamma 2). Hugging Face's Trainer is
beside them where it has the method: plain, and class weights in a compute_loss of a subclass (hf_imbalance.py). Every fifth
message is held out; --spam keeps only so many of the spam messages to train on, which makes the set more uneven.

Recall and precision of spam and macro F1 are computed here, for both sides, from the answers to the messages held out. The
result is benchmarks/results/imbalance-sms-MODEL.json (-spamN with --spam). It is written after each training, and what it holds
already, with the same arguments, is not trained again: an interrupted comparison goes on where it was. $ATTUNE_PEER_PYTHON and
the models are those of benchmarks/compare.
"""

import argparse
import csv
import json
import pathlib
import subprocess

from compare import BENCHMARKS, PEER, ROOT, WORK, machine, model_folder, note, peer_python, versions

METHODS = {
    "plain": {},
    "class_weights": {"class_weights": "balanced"},
    "oversampling": {"oversample": "balanced"},
    "focal": {"focal_loss_gamma": 2},
}
HUGGINGFACE = {"plain": [], "class_weights": ["--class-weights"]}
SIDES = [("attune", method) for method in METHODS] + [("huggingface", method) for method in HUGGINGFACE]


def fail(message):
    raise SystemExit(f"imbalance: {message}")


def parts(file, spam, rows):
    """Messages to train on and every fifth, held out; each a label and a text."""
    if not file.exists():
        fail(f"no {file}; --data DIR names the folder that holds sms-spam")
    messages = [line.split("\t", 1) for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line]
    train = [message for i, message in enumerate(messages) if i % 5 != 4]
    held_out = messages[4::5]
    if spam is not None:
        kept = [message for message in train if message[0] == "spam"][:spam]
        train = [message for message in train if message[0] != "spam" or message in kept]
    return train[:rows], held_out[:rows]


def write_csv(file, messages):
    with open(file, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["label", "text"], *messages])
    return file


def run(command, what):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if done.returncode:
        fail(f"{what} did not finish; its message is above")
    return done.stdout


def flags(values):
    return [word for key, value in values.items() for word in (f"--{key.replace('_', '-')}", str(value).lower())]


def attune(args, method, model, files, seed):
    """Predicted labels."""
    output = WORK / f"imbalance-{method}-{seed}"
    columns = {"text_column": "text", "label_column": "label"}
    keys = {**args.training, **METHODS[method], **columns, "seed": seed, "overwrite": True, "save_strategy": "no"}
    run([ROOT / "attune", "train", "--task", "text-classification", "--model", model, "--train", files[0],
         *flags(keys), "--output", output], "attune train")  # fmt: skip
    answers = WORK / "imbalance-answers.jsonl"
    answers.unlink(missing_ok=True)
    run([ROOT / "attune", "predict", "--model", output, "--input", files[1], "--output", answers], "attune predict")
    return [json.loads(line)["label"] for line in answers.read_text(encoding="utf-8").splitlines()]


def huggingface(args, method, model, files, seed):
    named = {"per_device_train_batch_size": "batch_size", "num_train_epochs": "epochs", "learning_rate": "lr"}
    values = {named.get(key, key): value for key, value in args.training.items() if key != "bf16"}
    command = [peer_python(), PEER / "hf_imbalance.py", "--model", model, "--train", files[0], "--eval", files[1]]
    command += flags({**values, "seed": seed}) + (["--bf16"] if args.training["bf16"] else []) + HUGGINGFACE[method]
    return json.loads(run(command, "hf_imbalance.py").strip().splitlines()[-1])


def scores(truth, answers):
    """Of spam, and F1 of both labels, each counting alike."""
    if len(truth) != len(answers):
        fail(f"{len(answers)} answers to {len(truth)} messages")
    found = {}
    f1 = []
    for label in ("ham", "spam"):
        hits = sum(t == a == label for t, a in zip(truth, answers))
        recall = hits / max(1, truth.count(label))
        precision = hits / max(1, answers.count(label))
        f1.append(2 * recall * precision / max(recall + precision, 1e-12))
        found = {"recall": recall, "precision": precision}
    return {**found, "f1_macro": sum(f1) / 2}


def main():
    parser = argparse.ArgumentParser(
        prog="benchmarks/imbalance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="minilm")
    parser.add_argument("--seeds", default="42,43,44")
    parser.add_argument("--methods", default=",".join(METHODS), help="some of the methods; the others can follow later")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--spam", type=int, help="keep only so many spam messages to train on")
    parser.add_argument("--rows", type=int, help="less data, for a quick look; use --output, too")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--models", type=pathlib.Path, default=WORK / "models")
    parser.add_argument("--output", type=pathlib.Path)
    args = parser.parse_args()
    unknown = set(args.methods.split(",")) - set(METHODS)
    if unknown:
        fail(f"there is no method {', '.join(sorted(unknown))}; there are {', '.join(METHODS)}")
    args.training = dict(
        num_train_epochs=args.epochs, learning_rate=args.lr, per_device_train_batch_size=32, max_length=128,
        bf16=args.precision == "bf16",
    )  # fmt: skip

    WORK.mkdir(exist_ok=True)
    python = peer_python()
    model = model_folder(args.models.resolve(), args.model, python)
    train, held_out = parts(args.data / "sms-spam" / "sms.tsv", args.spam, args.rows)
    files = [write_csv(WORK / f"sms-{name}.csv", rows) for name, rows in (("train", train), ("test", held_out))]
    truth = [label for label, _ in held_out]
    suffix = "" if args.spam is None else f"-spam{args.spam}"
    output = args.output or BENCHMARKS / "results" / f"imbalance-sms-{args.model}{suffix}.json"
    result = {
        "case": "imbalance",
        "model": args.model,
        "data": {
            "train": {label: sum(row[0] == label for row in train) for label in ("ham", "spam")},
            "test": {label: truth.count(label) for label in ("ham", "spam")},
        },
        "arguments": args.training,
    }
    before = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
    same = all(before.get(key) == value for key, value in result.items())
    result["runs"] = before["runs"] if same else []
    output.parent.mkdir(parents=True, exist_ok=True)
    for seed in map(int, args.seeds.split(",")):
        for side, method in SIDES:
            known = any((r["side"], r["method"], r["seed"]) == (side, method, seed) for r in result["runs"])
            if known or method not in args.methods.split(","):
                continue
            train_one = attune if side == "attune" else huggingface
            found = scores(truth, train_one(args, method, model, files, seed))
            note(f"{side}, {method}, seed {seed}: {found}")
            result["runs"].append(
                dict(side=side, method=method, seed=seed, **found, machine=machine(), versions=versions(python))
            )
            output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    note(f"wrote {output}")


if __name__ == "__main__":
    main()
