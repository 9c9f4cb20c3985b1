"""Trains the recipes and writes what came out into their line "# expected:", which `attune recipes` shows.

    python3 benchmarks/recipes.py [--check] [NAME…]

The line names the metrics of all_results.json that count; the script puts numbers beside them, with the seed, the seconds of
the training and the processors of the machine. A recipe whose model the reader supplies says "expected: depends on the model";
it is passed over, or refused where it is named. With --check nothing is written; the exit code is 1 if a metric is further
than 0.02 (0.5 for percents, 5 % for a perplexity) from what the line says. Seconds are never compared: machines differ.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINE = re.compile(r"^# expected: (.*)$", re.MULTILINE)
SUPPLIED = "depends on the model"
METRIC = re.compile(r"(eval_\w+)(?: ([0-9.]+))?")


def fail(message):
    raise SystemExit(f"recipes: {message}")


def train(recipe, folder):
    command = [ROOT / "attune", "train", recipe, "--output", folder, "--overwrite", "true"]
    if subprocess.run([str(word) for word in command], stdout=sys.stderr).returncode:
        fail(f"{recipe.name} did not finish; the message is above")
    return json.loads((folder / "all_results.json").read_text(encoding="utf-8"))


def tolerance(metric, value):
    if metric.endswith("perplexity"):
        return 0.05 * value
    return 0.5 if value > 1 else 0.02


def number(value):
    return f"{value:.1f}" if value > 1 else f"{value:.3f}"


def expectation(recipe):
    line = LINE.search(recipe.read_text(encoding="utf-8"))
    if not line:
        fail(f'{recipe.name} has no line "# expected: eval_…" that names its metrics')
    return line


def promises_numbers(recipe):
    return not expectation(recipe)[1].startswith(SUPPLIED)


def measure(recipe, check):
    text = recipe.read_text(encoding="utf-8")
    line = expectation(recipe)
    before = {name: float(value) if value else None for name, value in METRIC.findall(line[1])}
    with tempfile.TemporaryDirectory() as folder:
        results = train(recipe, pathlib.Path(folder) / "run")
    missing = [name for name in before if name not in results]
    if missing or not before:
        fail(f"{recipe.name}: all_results.json has no {', '.join(missing) or 'metric of the line'}, only {sorted(results)}")
    if check:
        wrong = [
            f"{recipe.name}: {name} is {results[name]:.4f}, expected {value}"
            for name, value in before.items()
            if value is None or abs(results[name] - value) > tolerance(name, value)
        ]
        return wrong
    seed = re.search(r"^seed: (\d+)", text, re.MULTILINE)
    metrics = ", ".join(f"{name} {number(results[name])}" for name in before)
    seconds = round(results["train_runtime"], -1) or 10
    expected = f"# expected: {metrics} (seed {seed[1] if seed else 42}), "
    expected += f"{seconds:.0f} s of training on {os.cpu_count()} shared cores"
    recipe.write_text(text.replace(line[0], expected), encoding="utf-8")
    print(f"{recipe.name}: {expected[2:]}")
    return []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    recipes = [ROOT / "recipes" / f"{name}.yaml" for name in args.names] or sorted((ROOT / "recipes").glob("*.yaml"))
    supplied = [recipe for recipe in recipes if not promises_numbers(recipe)]
    for recipe in supplied:
        sentence = f"{recipe.name} promises no numbers: its model is to be supplied"
        if args.names:
            fail(sentence)
        print(f"{sentence}; passed over", file=sys.stderr)
    wrong = [sentence for recipe in recipes if recipe not in supplied for sentence in measure(recipe, args.check)]
    if wrong:
        fail("\n".join(wrong))


if __name__ == "__main__":
    main()
