"""Writes the tables of README.md, that of attention in peer/README.md, that of saving in docs/performance.md and that of imbalance in
docs/imbalanced-data.md, from benchmarks/results and faults/.

    python3 benchmarks/readme.py [--check]

Reads MACHINE/CASE.json, the output of `benchmarks/compare CASE --json`, one table for each folder MACHINE, and
accuracy-CASE-MODEL.json, the output of `benchmarks/accuracy`; MACHINE/attention.json is the output of `benchmarks/attention`;
faults/results.json is the output of `faults/run`, faults/faults.json names the faults and what the reference does.
Numbers in the README come from here only. With --check nothing is written; the exit code is 1 if the
README is not what the measurements say.
"""

import argparse
import json
import pathlib
import re
import statistics

from imbalance_table import imbalance_table

BENCHMARKS = pathlib.Path(__file__).resolve().parent
FAULTS = BENCHMARKS.parent / "faults"
EMPTY = "Not measured yet."
KILLS = ("kills", "while_saving", "while_removing", "unresumable")
# The ratio each case has to reach, in the order of the table.
TARGETS = {
    "step-base-bf16": 1.10,
    "step-base-fp32": 1.0,
    "banking77-base": 2.2,
    "banking77-minilm": 1.8,
    "banking77-minilm-grouped": 1.1,
    "banking77-minilm-fp32": None,  # the quickstart's precision; no target was set
    "qa-minilm": 2.0,
    "mlm-minilm": 2.5,
    "ner-minilm": 2.0,
    "frozen": 2.5,
    "frozen-cache": 4.0,
    "frozen-fp32": 2.5,
    "frozen-cache-fp32": 4.0,
    "lora": 2.2,
    "lora-fp32": 2.2,
    "lora-step-bf16": 1.2,
    "lora-step-fp32": 1.2,
    **{f"{case}{bits}": goal for case, goal in {"gpt2-train": 2.0, "gpt2-train-grouped": 1.2, "t5-train": 2.0}.items() for bits in ("", "-fp32")},
    **{
        f"generate-{model}{how}{bits}": 2.5
        for model in ("gpt2", "llama", "t5")
        for how in ("", "-batch", "-beams")
        for bits in ("", "-fp32")
    },
    **{
        f"optimizer-{name}": None  # of its step alone; what it may cost is a share of the whole step
        for name in (
            "adamw_torch_fused", "adam", "rmsprop", "rmsprop-momentum", "adagrad", "adafactor", "lion_32bit", "sgd", "sgd-momentum",
        )
    },
    "memory": 1.0,
    "predict-minilm": 2.5,
    "predict-minilm-grouped": None,  # the other side's caller sorts
    "predict-minilm-fp32": None,
    "predict-minilm-single": None,
    "predict-minilm-single-fp32": None,
    "evaluate-minilm": 2.5,
    "evaluate-minilm-grouped": None,  # against a lower precision than Attune's, so no target
    "evaluate-minilm-fp32": None,
    "predict-qa": 2.0,
    "predict-fill-mask": 2.0,
    "predict-ner": 2.0,
}


def fail(message):
    raise SystemExit(f"readme: {message}")


def measurements(folder):
    """Speed by machine and case, accuracy by case and model, attention and saving by machine."""
    speed, accuracy, attention, saving = {}, {}, {}, {}
    for file in sorted(folder.rglob("*.json")):
        try:
            result = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as e:
            fail(f"{file} is not JSON: {e}")
        if result.get("case") == "imbalance":
            continue  # a table of its own
        if file.stem.startswith("accuracy-"):
            accuracy[file.stem.removeprefix("accuracy-")] = result
        elif result.get("case") == "attention":
            attention[file.parent.name] = result["results"]
        elif result.get("case") == "saving":
            saving[file.parent.name] = result
        elif result.get("case") in TARGETS:
            cases = speed.setdefault(file.parent.name, {})
            if result["case"] in cases:
                fail(f"{file}: there is another file of case {result['case']}")
            cases[result["case"]] = result
        else:
            fail(f"{file}: the case is {result.get('case')!r}, expected one of {', '.join(TARGETS)}")
    return speed, accuracy, attention, saving


def speed_tables(speed):
    if not speed:
        return EMPTY
    return "\n\n".join(
        f"`{name}`: {provenance(cases.values())}\n\n{speed_table(cases)}" for name, cases in sorted(speed.items())
    )


def provenance(results):
    """What was measured on: CPU and versions of all results, each named once."""
    cpus = {f"{result['machine']['cpu']}, {result['machine']['cpus']} CPUs" for result in results}
    tools = ("transformers", "torch", "attune")
    versions = [f"{tool} " + "/".join(sorted({result["versions"][tool] for result in results})) for tool in tools]
    return "; ".join([*sorted(cpus), ", ".join(versions)])


def speed_table(cases):
    lines = [
        "| case | Hugging Face | Attune | ratio | chunks | large pages on both sides | steps | memory | target |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for case, goal in TARGETS.items():
        if case not in cases:
            continue
        result = cases[case]
        target = "" if goal is None else f"{goal:.2f}"
        if case == "memory":
            theirs, ours = (f"{result[side]['peak_rss_bytes'] / 1e6:,.0f} MB" for side in ("huggingface", "attune"))
            chunks = ""
        else:
            theirs, ours = (cost(result[side]) for side in ("huggingface", "attune"))
            low, high = result["time_ratio_range"]
            chunks = f"{low:.2f} to {high:.2f}"
        memory = f"{result['memory_ratio']:.2f}"
        pages = f"{result['ratio_large_pages']:.2f}" if "ratio_large_pages" in result else ""
        steps = len(result["attune"]["seconds"])
        lines.append(f"| `{case}` | {theirs} | {ours} | {result['ratio']:.2f} | {chunks} | {pages} | {steps} | {memory} | {target} |")
    return "\n".join(lines)


def cost(side):
    """A step of some cases is a pass over all rows, of others one text."""
    seconds = side["median_seconds_per_step"]
    step = f"{seconds:.3f} s/step" if seconds >= 0.02 else f"{seconds * 1000:.2f} ms/step"
    return f"{step}, {side['samples_per_second']:,.1f} samples/s"


def accuracy_table(accuracy):
    if not accuracy:
        return EMPTY
    lines = [
        "| model and data | arguments | metric | Hugging Face | Attune | difference | two standard errors | measured on |",
        "|---|---|---|---:|---:|---:|---:|---|",
    ]
    for _, result in sorted(accuracy.items()):
        # A comparison under way has seeds of which one side only is trained.
        result["runs"] = [run for run in result["runs"] if "attune" in run and "huggingface" in run]
        if not result["runs"]:
            continue
        for i, held_out in enumerate(result["evaluations"]):
            for metric in result["runs"][0]["attune"][i]:
                lines.append(accuracy_line(result, i, held_out, metric))
    return "\n".join(lines)


def accuracy_line(result, i, held_out, metric):
    ours, theirs = ([run[side][i][metric] for run in result["runs"]] for side in ("attune", "huggingface"))
    if metric == "perplexity":
        change = statistics.mean(ours) / statistics.mean(theirs) - 1
        show, difference = perplexities, f"{change * 100:+.2f} %"
    else:
        show, difference = runs, f"{(statistics.mean(ours) - statistics.mean(theirs)) * 100:+.2f} points"
    return (
        f"| {result['model']}, {result['case']}: {held_out} | {words(result['arguments'])} | {metric} | {show(theirs)} "
        f"| {show(ours)} | {difference} | {errors(metric, ours, theirs)} | {provenance(result['runs'])} |"
    )


def errors(metric, ours, theirs):
    """Two standard errors of the difference of the means, from the scatter of the seeds; one seed has none."""
    if len(ours) < 2 or metric == "perplexity":
        return ""
    variance = statistics.variance(ours) / len(ours) + statistics.variance(theirs) / len(theirs)
    return f"{200 * variance**0.5:.2f} points"


def perplexities(values):
    if len(values) == 1:
        return f"{values[0]:.3f}"
    return f"{statistics.mean(values):.3f} ({', '.join(f'{value:.3f}' for value in values)})"


def attention_tables(attention):
    if not attention:
        return EMPTY
    tables = []
    for machine, results in sorted(attention.items()):
        cells = {}
        for row in results:
            key = (row["params"]["type"], row["params"]["lengths"])
            cells.setdefault(key, {})[row["benchmark"]] = row
        lines = [f"`{machine}`:", "", "| type | sequences x length | products | fused | products / fused |"]
        lines.append("|---|---|---:|---:|---:|")
        for (kind, lengths), both in cells.items():
            products, fused = both["products"], both["fused"]
            ratio = products["score"] / fused["score"]
            lines.append(f"| {kind} | {lengths} | {spread(products)} | {spread(fused)} | {ratio:.2f} |")
        tables.append("\n".join(lines))
    return "\n\n".join(tables)


def saving_table(saving):
    if not saving:
        return EMPTY
    lines = ["| measured on | checkpoint | order | training waits | plain file | ratio |", "|---|---:|---|---:|---:|---:|"]
    for result in saving.values():
        size = f"{result['saves'][0]['bytes'] / 1e6:,.0f} MB of {result['model']}"
        for order, ratio in result["ratios"].items():
            saves = [save for save in result["saves"] if save["disk_first"] == (order == "disk first")]
            ours, plain = (f"{statistics.median(save[key] for save in saves):.2f} s" for key in ("saving", "disk"))
            words = "plain file first" if order == "disk first" else "checkpoint first"
            lines.append(f"| {provenance_of(result)} | {size} | {words} | {ours} | {plain} | {ratio:.2f} |")
    return "\n".join(lines)


def provenance_of(result):
    return f"{result['machine']['cpu']}, {result['machine']['cpus']} CPUs, attune {result['versions']['attune']}"


def spread(row):
    return f"{row['score']:.1f} ± {row['scoreError']:.1f} {row['scoreUnit'].removesuffix('/op')}"


def fault_table(faults, results):
    """Fault, the reference, Attune, and what came of the tests of each row; rows that do not apply stand below."""
    if "tests" not in results or "kills" not in results:
        return EMPTY
    lines = [
        faults_provenance(results),
        "",
        f"| | fault | {faults['reference']} | Attune | tests |",
        "|---|---|---|---|---|",
    ]
    counted = {key: f"{sum(part[key] for part in results['kills']):,}" for key in KILLS}
    for row in faults["rows"]:
        if "not_applicable" in row:
            continue
        parts = [row["attune"].format(**counted)] if "attune" in row else []
        if "open" in row:
            parts.append(f"**not yet:** {row['open']}")
        tests = outcome(row, results["tests"]["rows"].get(row["id"], {}))
        lines.append(f"| {row['id']} | {row['fault']} | {row['reference']} | {'; '.join(parts)} | {tests} |")
    reasons = [f"{row['id']}, {row['fault']}: {row['not_applicable']}" for row in faults["rows"] if "not_applicable" in row]
    return "\n".join([*lines, "", f"Do not apply: {'; '.join(reasons)}."])


def faults_provenance(results):
    tests = results["tests"]
    commits = "/".join(sorted({part["attune"] for part in results["kills"]}))
    cpus = sorted({f"{part['cpu']}, {part['cpus']} CPUs" for part in [tests, *results["kills"]]})
    return f"{'; '.join(cpus)}; tests of attune {tests['attune']}, {tests['when'][:10]}; kills of attune {commits}"


def outcome(row, found):
    """Of the tests that the row has now: a result that lacks one is of another table."""
    names = row.get("tests", [])
    if set(names) != set(found):
        fail(f"the results have other tests of {row['id']} than faults/faults.json; run faults/run")
    counts = {}
    for result in found.values():
        counts[result] = counts.get(result, 0) + 1
    return ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))


def words(arguments):
    if isinstance(arguments, dict):
        return ", ".join(f"{key} {value}" for key, value in arguments.items())
    return str(arguments)


def runs(values):
    """Mean, and the single runs: three numbers say more than a standard deviation of three."""
    if len(values) == 1:
        return f"{values[0] * 100:.2f} %"
    single = ", ".join(f"{value * 100:.2f}" for value in values)
    return f"{statistics.mean(values) * 100:.2f} % ({single})"


def replaced(text, name, table, file):
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if len(block.findall(text)) != 1:
        fail(f"{file} needs the markers <!-- {name} --> and <!-- /{name} --> exactly once")
    return block.sub(lambda match: f"{match[1]}{table}\n{match[2]}", text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if README.md would change")
    parser.add_argument("--results", type=pathlib.Path, default=BENCHMARKS / "results")
    parser.add_argument("--faults", type=pathlib.Path, default=FAULTS)
    parser.add_argument("--readme", type=pathlib.Path, default=BENCHMARKS.parent / "README.md")
    args = parser.parse_args()

    speed, accuracy, attention, saving = measurements(args.results)
    faults, outcomes = (read(args.faults / name) for name in ("faults.json", "results.json"))
    tables = {
        "speed-table": speed_tables(speed),
        "accuracy-table": accuracy_table(accuracy),
        "fault-table": fault_table(faults, outcomes),
    }
    write(args.readme, tables, args.check)
    write(BENCHMARKS / "peer" / "README.md", {"attention-table": attention_tables(attention)}, args.check)
    write(BENCHMARKS.parent / "docs" / "performance.md", {"saving-table": saving_table(saving)}, args.check)
    imbalance = [read(file) for file in sorted(args.results.rglob("imbalance-*.json"))]
    page = BENCHMARKS.parent / "docs" / "imbalanced-data.md"
    write(page, {"imbalance-table": imbalance_table(imbalance, EMPTY)}, args.check)


def read(file):
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        fail(f"{file} cannot be read: {e}")


def write(file, tables, check):
    before = after = file.read_text(encoding="utf-8")
    for name, table in tables.items():
        after = replaced(after, name, table, file)
    if before == after:
        return
    if check:
        fail(f"{file} is not what the results say; run python3 benchmarks/readme.py")
    file.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
