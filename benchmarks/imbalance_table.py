"""The table of docs/imbalanced-data.md, from the output of benchmarks/imbalance. readme.py writes it."""

import statistics

METRICS = ("recall", "precision", "f1_macro")
NAMES = {"attune": "Attune", "huggingface": "Hugging Face"}


def imbalance_table(results, empty):
    lines = []
    for result in results:
        train = result["data"]["train"]
        lines.append(
            f"{result['model']}, {train['ham']:,} messages that are no spam and {train['spam']:,} that are; on"
            f" {sum(result['data']['test'].values()):,} held out:"
        )
        lines += ["", "| method | | spam recall | spam precision | macro F1 | seeds |", "|---|---|---:|---:|---:|---:|"]
        for method, side in dict.fromkeys((run["method"], run["side"]) for run in result["runs"]):
            runs = [run for run in result["runs"] if (run["method"], run["side"]) == (method, side)]
            cells = [spread([run[metric] for run in runs]) for metric in METRICS]
            lines.append(f"| {method} | {NAMES[side]} | {' | '.join(cells)} | {len(runs)} |")
        lines.append("")
    return "\n".join(lines).rstrip() or empty


def spread(values):
    """The mean, and two standard errors where there are several."""
    mean = f"{statistics.mean(values):.3f}"
    return mean if len(values) < 2 else f"{mean} ± {2 * statistics.stdev(values) / len(values) ** 0.5:.3f}"
