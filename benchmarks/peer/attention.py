"""Runs AttentionBenchmark (JMH) and prints one JSON object: the scores, the machine and the commit.

    benchmarks/attention [JMH OPTIONS] > benchmarks/results/MACHINE/attention.json

Options go to JMH, for instance `-p type=FLOAT32`. JMH's own file has paths of the machine in it; this has not. Java and
class path are those of benchmarks/compare.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from compare import attune_version, java_command, machine

BENCHMARK = "dev.attune.benchmarks.AttentionBenchmark"


def main():
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__)
        return
    with tempfile.TemporaryDirectory() as folder:
        scores = pathlib.Path(folder) / "scores.json"
        command = [*java_command(BENCHMARK), *sys.argv[1:], "-rf", "json", "-rff", str(scores)]
        if subprocess.run(command, stdout=sys.stderr).returncode:
            raise SystemExit("attention: AttentionBenchmark did not finish; its message is above")
        runs = json.loads(scores.read_text(encoding="utf-8"))
    results = [
        {
            "benchmark": run["benchmark"].rpartition(".")[2],
            "params": run["params"],
            "score": run["primaryMetric"]["score"],
            "scoreError": run["primaryMetric"]["scoreError"],
            "scoreUnit": run["primaryMetric"]["scoreUnit"],
        }
        for run in runs
    ]
    result = {"case": "attention", "machine": machine(), "versions": {"attune": attune_version()}, "results": results}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
