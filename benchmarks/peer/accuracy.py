"""Trains with the same arguments on both sides, once for each seed, and writes how well both do on data held out.

    benchmarks/accuracy CASE [--model NAME] [--seeds 42,43,44] [--precision fp32|bf16] [--data DIR] [--models DIR]

Both sides load the same converted model folder and compute in the same precision: bf16 is the faster one only where the
CPU has instructions for it (`attune doctor` says so). Attune is run as a user runs it, through `./attune train`, and its
metrics are read from all_results.json; the other side is hf_train.py. Where the training draws masks (fill-mask) each side
draws its own, but what is hidden in the evaluation is the same: the perplexities before the training have to be equal, and
that is checked.

The result is benchmarks/results/accuracy-CASE-MODEL.json, which benchmarks/readme.py turns into a table. It is written after
each side of a seed, and what it holds already, with the same arguments, is not trained again: an interrupted comparison goes
on where it was. $ATTUNE_PEER_PYTHON and the models
are those of benchmarks/compare.
"""

import argparse
import json
import pathlib
import subprocess
import sys

from compare import BENCHMARKS, PEER, ROOT, WORK, machine, model_folder, note, peer_python, versions
from data import Data, context, write_table


def fail(message):
    raise SystemExit(f"accuracy: {message}")


# ---- data: each case gives the files to train on and to evaluate on


def banking77(data, args):
    return data.banking77("train"), [data.banking77("test")]


def wnut17(data, args):
    """The tags of the test set are joined by commas, so the development set is the judge."""
    return data.conll(), [data.file("wnut17", "emerging.dev.conll")]


def squad2_dev(data, args):
    """Questions that have an answer; every fifth article, in the order of the titles, is held out."""
    articles = sorted(data.articles(), key=lambda article: article["title"])
    held_out, train = articles[4::5], [a for i, a in enumerate(articles) if i % 5 != 4]
    return squad("squad-train.json", train, args.rows), [squad("squad-eval.json", held_out, args.rows)]


def xquad(data, args):
    """Both languages together; every fifth paragraph, the same ones in both, is held out, Arabic first."""
    parts = {"train": [], "ar": [], "en": []}
    for language in ("ar", "en"):
        articles = json.loads(data.file("xquad", f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
        paragraphs = [p for article in articles for p in article["paragraphs"]]
        parts["train"] += [dict(title="", paragraphs=[p]) for i, p in enumerate(paragraphs) if i % 5 != 4]
        parts[language] = [dict(title="", paragraphs=paragraphs[4::5])]
    files = {name: squad(f"xquad-{name}.json", some, args.rows) for name, some in parts.items()}
    return files["train"], [files["ar"], files["en"]]


def squad(name, articles, limit):
    kept = []
    for article in articles:
        paragraphs = []
        for p in article["paragraphs"]:
            questions = [q for q in p["qas"] if q["answers"]]
            if questions:
                paragraphs.append(dict(p, qas=questions[:limit] if limit else questions))
        kept.append(dict(article, paragraphs=paragraphs[:limit] if limit else paragraphs))
    file = WORK / name
    file.write_text(json.dumps(dict(version="2.0", data=kept), ensure_ascii=False), encoding="utf-8")
    return file


def paragraphs(data, args):
    """The paragraphs of squad2-dev; every fifth article, in the order of the titles, is held out."""
    articles = sorted(data.articles(), key=lambda article: article["title"])
    parts = {"train": [], "eval": []}
    for i, article in enumerate(articles):
        texts = [context(p) for p in article["paragraphs"]]
        parts["eval" if i % 5 == 4 else "train"] += texts[: args.rows]
    for name, texts in parts.items():
        with open(WORK / f"paragraphs-{name}.csv", "w", encoding="utf-8", newline="") as file:
            write_table(file, ["text"], [[text] for text in texts])
    return WORK / "paragraphs-train.csv", [WORK / "paragraphs-eval.csv"]


def cmudict(data, args):
    return data.cmudict("train"), [data.cmudict("eval")]


def tatoeba(data, args):
    return data.tatoeba("train"), [data.tatoeba("eval")]


# metric: the one that is compared; evaluations: what the files held out are called
CASES = {
    "banking77": dict(
        data=banking77, model="minilm", metric="accuracy", evaluations=["test set"],
        arguments=dict(num_train_epochs=3, learning_rate=1e-4, per_device_train_batch_size=32, max_length=128),
        keys=dict(task="text-classification", text_column="text", label_column="category"),
    ),
    "squad2-dev": dict(
        data=squad2_dev, model="minilm", metric="f1", also="exact_match", evaluations=["every fifth article"],
        arguments=dict(
            num_train_epochs=2, learning_rate=1e-4, per_device_train_batch_size=16, max_length=384, doc_stride=128,
            train_sampling_strategy="group_by_length",
        ),
        keys=dict(task="question-answering"),
    ),
    "xquad": dict(
        data=xquad, model="bert-base-multilingual-cased", metric="f1", also="exact_match",
        evaluations=["Arabic, every fifth paragraph", "English, every fifth paragraph"],
        arguments=dict(
            num_train_epochs=2, learning_rate=5e-5, per_device_train_batch_size=16, max_length=384, doc_stride=128,
            train_sampling_strategy="group_by_length",
        ),
        keys=dict(task="question-answering"),
    ),
    "wnut17": dict(
        data=wnut17, model="bert-base-uncased", metric="f1", evaluations=["development set"],
        arguments=dict(num_train_epochs=3, learning_rate=5e-5, per_device_train_batch_size=16, max_length=128),
        keys=dict(task="token-classification", repair_tags=True),
    ),
    "paragraphs": dict(
        data=paragraphs, model="bert-base-uncased", metric="perplexity", evaluations=["every fifth article"], before=True,
        arguments=dict(num_train_epochs=1, learning_rate=5e-5, per_device_train_batch_size=16, max_length=128),
        keys=dict(task="fill-mask", text_column="text"),
    ),
    "cmudict": dict(
        data=cmudict, model="bart-g2p-en", metric="cer", evaluations=["words that the lexicon of the model lacks"], before=True,
        arguments=dict(num_train_epochs=3, learning_rate=5e-4, per_device_train_batch_size=64, max_length=40, max_target_length=40),
        keys=dict(task="text2text-generation", predict_with_generate=True, text_metrics="cer"),
    ),
    "tatoeba": dict(
        data=tatoeba, model="random-t5-tatoeba", metric="chrf", evaluations=["every tenth English sentence"],
        arguments=dict(num_train_epochs=12, learning_rate=1e-3, per_device_train_batch_size=64, max_length=64, max_target_length=64),
        keys=dict(task="translation", predict_with_generate=True, text_metrics="chrf"),
    ),
    "texts": dict(
        data=paragraphs, model="random-gpt2", metric="perplexity", evaluations=["every fifth article"],
        arguments=dict(num_train_epochs=1, learning_rate=5e-4, per_device_train_batch_size=8, max_length=128),
        keys=dict(task="text-generation", group_texts=True, text_column="text"),
    ),
}  # fmt: skip


# Tasks that are another one with its own settings.
TASKS_THERE = {"translation": "text2text-generation"}


def attune(*words):
    run = subprocess.run([str(w) for w in (ROOT / "attune", *words)], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if run.returncode:
        fail("attune did not finish; its message is above")
    return run.stdout


def flags(values):
    return [word for key, value in values.items() for word in (f"--{key.replace('_', '-')}", flag(value))]


def flag(value):
    return str(value).lower() if isinstance(value, bool) else value


def train_attune(case, name, model, files, seed):
    train, held_out = files
    output = WORK / f"accuracy-{name}-{model.name}-{seed}"
    before = []
    if case.get("before"):
        length = {key: value for key, value in case["arguments"].items() if key in ("max_length", "max_target_length")}
        found = attune("evaluate", "--model", model, *flags({**case["keys"], **length}), "--data", held_out[0], "--json")
        before = [share(json.loads(found.strip().splitlines()[-1]), "eval_", case["metric"])]
    attune(
        "train", *flags({**case["keys"], **case["arguments"]}), "--model", model, "--train", train,
        *[word for part, file in zip(("validation", "test"), held_out) for word in (f"--{part}", file)],
        "--lr-scheduler-type", "linear", "--seed", seed,
        # One evaluation, after the last step, as on the other side.
        "--eval-strategy", "no", "--output", output, "--overwrite", "true",
    )  # fmt: skip
    results = json.loads((output / "all_results.json").read_text(encoding="utf-8"))
    prefixes = ("eval_", "test_")[: len(held_out)]
    return [{name: share(results, prefix, name) for name in metrics(case)} for prefix in prefixes], before


def share(results, prefix, name):
    """Attune gives EM and F1 of answers in percent, as the metric of SQuAD does, and chrF as sacrebleu."""
    value = results[prefix + name]
    return value / 100 if name == "chrf" or f"{prefix}exact_match" in results else value


def metrics(case):
    return [case["metric"], case["also"]] if "also" in case else [case["metric"]]


def train_huggingface(python, case, model, files, seed):
    train, held_out = files
    named = dict(
        num_train_epochs="epochs", learning_rate="lr", per_device_train_batch_size="batch_size", max_length="max_length",
        doc_stride="doc_stride", max_target_length="max_target_length", train_sampling_strategy="sampling",
    )  # fmt: skip
    arguments = {named[key]: value for key, value in case["arguments"].items() if key in named}
    task = case["keys"]["task"]
    command = [python, PEER / "hf_train.py", "--task", TASKS_THERE.get(task, task), "--model", model, "--train", train]
    command += [word for file in held_out for word in ("--eval", file)]
    command += flags({**arguments, "seed": seed})
    command += ["--bf16"] if case["arguments"]["bf16"] else []
    command += ["--before"] if case.get("before") else []
    command += ["--group"] if case["keys"].get("group_texts") else []
    # Padding changes nothing but the time.
    command += ["--pad", "longest"]
    run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if run.returncode:
        fail(f"hf_train.py did not finish with seed {seed}; its message is above")
    report = json.loads(run.stdout.strip().splitlines()[-1])
    found = [{name: measured[name] for name in metrics(case)} for measured in report["eval"]]
    return found, [measured[case["metric"]] for measured in report["before"]]


def main():
    parser = argparse.ArgumentParser(
        prog="benchmarks/accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--model", help="another one than the case's")
    parser.add_argument("--seeds", default="42,43,44")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--models", type=pathlib.Path, default=WORK / "models")
    parser.add_argument("--epochs", type=float, help="others than the case's")
    parser.add_argument("--lr", type=float, help="another learning rate than the case's")
    parser.add_argument("--rows", type=int, help="less data, for a quick look; use --output, too")
    parser.add_argument("--output", type=pathlib.Path, help="default: benchmarks/results/accuracy-CASE-MODEL.json")
    args = parser.parse_args()

    case = CASES[args.case]
    changed = {"num_train_epochs": args.epochs, "learning_rate": args.lr, "bf16": args.precision == "bf16"}
    case["arguments"].update({key: value for key, value in changed.items() if value is not None})
    name = args.model or case["model"]
    WORK.mkdir(exist_ok=True)
    python = peer_python()
    data = Data(args.data, WORK, fail)
    model = model_folder(args.models.resolve(), name, python, data)
    files = case["data"](data, args)
    output = args.output or BENCHMARKS / "results" / f"accuracy-{args.case}-{name}.json"
    result = {
        "case": args.case,
        "model": name,
        "evaluations": case["evaluations"],
        "metric": case["metric"],
        "arguments": {**case["arguments"], "lr_scheduler_type": "linear"},
    }
    before = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
    same = all(before.get(key) == value for key, value in result.items())
    result["runs"] = before["runs"] if same else []
    output.parent.mkdir(parents=True, exist_ok=True)
    for seed in map(int, args.seeds.split(",")):
        run = next((run for run in result["runs"] if run["seed"] == seed), None)
        if run is None:
            run = {"seed": seed}
            result["runs"].append(run)
        sides = {
            "attune": lambda: train_attune(case, args.case, model, files, seed),
            "huggingface": lambda: train_huggingface(python, case, model, files, seed),
        }
        for side, train in sides.items():
            if side in run:
                continue
            run[side], before_training = train()
            note(f"{side}, seed {seed}: {run[side]}")
            if before_training:
                run.setdefault("before", {})[side] = before_training[0]
            # Machine and versions with each run: the next one may be made on another day. The version of Attune is the one
            # that trained.
            run["machine"] = machine()
            trained = run.get("versions", versions(python))["attune"]
            run["versions"] = {**versions(python), "attune": trained}
            check_before(run.get("before", {}))
            output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
            note(f"wrote {output}")


def check_before(losses):
    if len(losses) < 2:
        return
    note(f"before the training: {losses}")
    if abs(losses["attune"] / losses["huggingface"] - 1) > 1e-3:
        fail("the two sides differ before the training: they did not evaluate the same")


if __name__ == "__main__":
    main()
