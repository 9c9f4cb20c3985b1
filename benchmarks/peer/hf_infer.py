"""Predicts with the pipeline of a task, or evaluates a text classifier with Trainer.evaluate; timed by the whole pass.

    python hf_infer.py predict|evaluate|single --model DIR --data test.csv --max-length 128 [--bf16] [--choose] [--serve]
    python hf_infer.py head --model DIR --data test.csv --output DIR2

Weights, tokenizer and rows are loaded before anything is timed. `predict` gives the pipeline all texts at once, `single`
one text a call; tokenizing counts in both. `evaluate` gives Trainer rows that are tokenized already; padding counts.

--choose tries the settings of settings() (batch size, autocast or 16-bit weights, rows in the order of the file or by
length) on the same rows, in turns, and prints the seconds of each; --setting NAME then measures that one. With
--serve it runs passes on request, see protocol.py. --answers FILE gets the labels of the first passes, or their metrics, so
that compare.py can tell whether both sides computed the same.

`head` writes DIR2: the model of DIR with an untrained head for the labels of the data, drawn with a fixed seed.
"""

import argparse
import contextlib
import json
import pathlib
import tempfile
import time

import torch
import transformers
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    Trainer,
    TrainingArguments,
    pipeline,
    set_seed,
)

import protocol
from hf_tasks import TASKS, read_csv

SEED = 42
TURNS = 4  # the first is warm-up


def head(args):
    set_seed(SEED)
    names = sorted({row[args.label_column] for row in read_csv(args.data)[: args.rows]})
    model = AutoModelForSequenceClassification.from_pretrained(
        args.model, num_labels=len(names), id2label=dict(enumerate(names)), label2id={n: i for i, n in enumerate(names)}
    )
    model.save_pretrained(args.output)
    AutoTokenizer.from_pretrained(args.model).save_pretrained(args.output)


class Asked:
    """What the pipeline of each task is asked, and which part of an answer both sides have to agree on."""

    def __init__(self, args):
        self.task, self.cut = args.task, {}
        rows = read_csv(args.data)[: args.rows]
        if args.task == "question-answering":
            self.inputs = [dict(question=row["question"], context=row["context"]) for row in rows]
            self.texts = [(row["question"], row["context"]) for row in rows]
        else:
            self.inputs = self.texts = [row[args.text_column] for row in rows]
        if args.task == "text-classification":
            self.cut = dict(truncation=True, max_length=args.max_length)

    def options(self):
        return dict(aggregation_strategy="simple") if self.task == "token-classification" else {}

    def gist(self, answer):
        if self.task == "text-classification":
            return answer["label"]
        if self.task == "fill-mask":
            return answer[0]["token"]
        if self.task == "question-answering":
            return answer["answer"]
        return " ".join(f"{e['entity_group']}:{e['start']}:{e['end']}" for e in answer)


class Predictor:
    """One pipeline; a step is a pass over all texts, or the next text alone."""

    def __init__(self, args, setting):
        tokenizer = AutoTokenizer.from_pretrained(args.model)
        weights = torch.bfloat16 if setting["weights"] else torch.float32
        model = TASKS[args.task].model_class.from_pretrained(args.model, dtype=weights)
        self.asked = Asked(args)
        self.pipeline = pipeline(
            args.task,
            model=model,
            tokenizer=tokenizer,
            device="cpu",
            batch_size=setting["batch_size"],
            **self.asked.options(),
        )
        self.autocast = setting["autocast"]
        self.single = args.work == "single"
        self.grouped = setting["grouped"]
        self.tokens = [len(tokenizer(*pair(text), **self.asked.cut).input_ids) for text in self.asked.texts]
        self.at = 0

    def run(self):
        """Seconds, rows, tokens, and what was answered."""
        chosen = self.asked.inputs
        tokens = self.tokens
        if self.single:
            place = self.at % len(chosen)
            chosen, tokens = chosen[place], self.tokens[place : place + 1]
            self.at += 1
        begin = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16) if self.autocast else contextlib.nullcontext():
            answers = self.by_length(chosen) if self.grouped else self.pipeline(chosen, **self.asked.cut)
        seconds = time.perf_counter() - begin
        return seconds, len(tokens), sum(tokens), [self.asked.gist(answer) for answer in answers]

    def by_length(self, texts):
        """What the pipeline leaves to its caller: long texts first, answers in the order of the texts."""
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        answers = [None] * len(texts)
        for place, answer in zip(order, self.pipeline([texts[i] for i in order], **self.asked.cut), strict=True):
            answers[place] = answer
        return answers


def pair(text):
    return text if isinstance(text, tuple) else (text,)


class Evaluator:
    """One Trainer; a step is a call of evaluate."""

    def __init__(self, args, setting):
        tokenizer = AutoTokenizer.from_pretrained(args.model)
        model = AutoModelForSequenceClassification.from_pretrained(args.model)
        task = TASKS["text-classification"](args, tokenizer)
        task.labels = [model.config.id2label[i] for i in range(model.config.num_labels)]
        rows = task.examples(read_csv(args.data)[: args.rows])
        self.folder = tempfile.TemporaryDirectory()
        self.trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=self.folder.name,
                per_device_eval_batch_size=setting["batch_size"],
                bf16=setting["autocast"],
                bf16_full_eval=setting["weights"],
                train_sampling_strategy="group_by_length" if setting["grouped"] else "random",
                seed=SEED,
                use_cpu=True,
                dataloader_pin_memory=False,
                report_to=[],
                disable_tqdm=True,
            ),
            eval_dataset=rows,
            data_collator=task.collator,
            processing_class=tokenizer,
            compute_metrics=self.metrics,
        )
        self.samples = len(rows)
        self.tokens = sum(len(row["input_ids"]) for row in rows)

    def metrics(self, prediction):
        self.classes = prediction.predictions.argmax(-1)
        return {"accuracy": float((self.classes == prediction.label_ids).mean())}

    def run(self):
        begin = time.perf_counter()
        metrics = self.trainer.evaluate()
        seconds = time.perf_counter() - begin
        answers = {name: metrics[f"eval_{name}"] for name in ("loss", "accuracy")}
        return seconds, self.samples, self.tokens, answers

    def answers(self):
        """The metrics of a pass, and the classes in the order of the file, which group_by_length does not keep."""
        answers = self.run()[3]
        sampling, self.trainer.args.train_sampling_strategy = self.trainer.args.train_sampling_strategy, "random"
        self.trainer.evaluate()
        self.trainer.args.train_sampling_strategy = sampling
        return dict(answers, classes=self.classes.tolist())


def settings(args):
    """Those tried for this work and precision, by name."""
    sizes = {"predict": [1, 8, 32, 128], "single": [1], "evaluate": [8, 32, 128]}[args.work]
    casts = [("autocast", True, False), ("weights", False, True)] if args.bf16 else [("fp32", False, False)]
    orders = [("", False), (", grouped", True)] if args.work != "single" else [("", False)]
    return {
        f"batch {size}, {name}{order}": dict(batch_size=size, autocast=autocast, weights=weights, grouped=grouped)
        for size in sizes
        for name, autocast, weights in casts
        for order, grouped in orders
    }


def choose(args, stream):
    """Seconds for 1,000 rows by setting, the fastest of some turns; every second turn goes backwards."""
    make = Evaluator if args.work == "evaluate" else Predictor
    found = {name: make(args, setting) for name, setting in settings(args).items()}
    best = {}
    for turn in range(TURNS):
        for name, side in list(found.items())[:: 1 if turn % 2 else -1]:
            passes = [side.run() for _ in range(100 if args.work == "single" else 1)]
            seconds = 1000 * sum(p[0] for p in passes) / sum(p[1] for p in passes)
            best[name] = min(best.get(name, seconds), seconds) if turn else float("inf")
    stream.write(json.dumps({name: round(seconds, 3) for name, seconds in best.items()}) + "\n")
    stream.flush()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=["predict", "evaluate", "single", "head"])
    parser.add_argument("--task", choices=TASKS, default="text-classification")
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--rows", type=int, help="only so many")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--label-column", default="category")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--output")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--setting")
    parser.add_argument("--answers", type=pathlib.Path)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--serve", action="store_true")
    return parser.parse_args()


def main():
    args = arguments()
    stream = protocol.claim_stdout()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if args.work == "head":
        return head(args)
    if args.choose:
        return choose(args, stream)
    setting = settings(args)[args.setting] if args.setting else next(iter(settings(args).values()))
    side = (Evaluator if args.work == "evaluate" else Predictor)(args, setting)
    if not args.serve:
        stream.write(json.dumps([side.run()[0] for _ in range(args.passes)]) + "\n")
        return
    while (count := protocol.next_chunk()) is not None:
        passes = [side.run() for _ in range(count)]
        if args.answers:
            answers = [side.answers()] if args.work == "evaluate" else [p[3] for p in passes]
            args.answers.write_text(json.dumps(answers), encoding="utf-8")
            args.answers = None
        protocol.answer(stream, *([p[i] for p in passes] for i in range(3)))


if __name__ == "__main__":
    main()
