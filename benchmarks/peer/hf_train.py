"""Fine-tunes a model with Hugging Face Trainer and prints one JSON line with its speed and memory.

    python hf_train.py --model DIR --train train.csv --text-column text --label-column category \
        --batch-size 32 --epochs 1 --lr 5e-5 --bf16 --sampling random --max-steps 60

Everything not named by an argument is Trainer's default: fused AdamW, dropout, linear schedule, sdpa. How rows are encoded
and padded is the task's (--task, hf_tasks.py).
Each --eval names a file whose metrics (hf_metrics.py) are part of the line, --before also those of the untrained model.
With --serve it trains on request instead, see protocol.py.
"""

import argparse
import json
import tempfile
import time

import accelerate
import torch
import transformers
from transformers import AutoTokenizer, Trainer, TrainerCallback, TrainingArguments, set_seed

import protocol
from hf_metrics import evaluate
from hf_tasks import TASKS

WARM_UP_STEPS = 5


class CountingCollator:
    """The task's own collator; notes how many rows and real tokens each batch holds."""

    def __init__(self, collator):
        self.collator = collator
        self.counts = []

    def __call__(self, features):
        batch = self.collator(features)
        self.counts.append((len(features), int(batch["attention_mask"].sum())))
        return batch


class Stopwatch(TrainerCallback):
    """Times each step from the end of the last one, so fetching and padding the batch count too."""

    def __init__(self, counts, stream=None):
        self.counts, self.stream = counts, stream
        self.seconds, self.left, self.done = [], 0, 0

    def on_train_begin(self, args, state, control, **rest):
        self.wait(control)
        self.last = time.perf_counter()

    def on_step_end(self, args, state, control, **rest):
        now = time.perf_counter()
        self.seconds.append(now - self.last)
        self.last = now
        self.left -= 1
        if self.stream and self.left == 0:
            chunk = self.counts[self.done : len(self.seconds)]
            samples, tokens = zip(*chunk)
            protocol.answer(self.stream, self.seconds[self.done :], samples, tokens)
            self.done = len(self.seconds)
            self.wait(control)
            self.last = time.perf_counter()

    def wait(self, control):
        if self.stream:
            self.left = protocol.next_chunk()
            if self.left is None:
                control.should_training_stop = True


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=TASKS, default="text-classification")
    parser.add_argument("--model", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--eval", action="append", default=[])
    parser.add_argument("--before", action="store_true")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--label-column", default="category")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--max-target-length", type=int, default=128)
    parser.add_argument("--group", action="store_true", help="texts to write are joined and cut, as run_clm.py does")
    parser.add_argument("--doc-stride", type=int, default=128)
    parser.add_argument("--pad", choices=["max_length", "longest"], default="max_length", help="of windows of questions")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--lr", type=float, default=5e-5)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--sampling", choices=["random", "group_by_length"], default="random")
    parser.add_argument("--lora", action="store_true", help="PEFT's adapters for text classification, with their defaults")
    parser.add_argument("--max-steps", type=int, default=-1)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--attn", default="default", help="default, sdpa, eager, …")
    parser.add_argument("--freeze-layers", type=int, default=0, help="the embeddings and so many layers, the lowest")
    parser.add_argument("--serve", action="store_true")
    return parser.parse_args()


def freeze(base, layers):
    """What users of the reference do before they make a Trainer."""
    for part in (base.embeddings, *base.encoder.layer[:layers]):
        for parameter in part.parameters():
            parameter.requires_grad = False


def main():
    args = arguments()
    started = time.perf_counter()
    stream = protocol.claim_stdout()
    transformers.logging.disable_progress_bar()
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    task = TASKS[args.task](args, tokenizer)
    rows = task.train(args.train)
    attention = {} if args.attn == "default" else {"attn_implementation": args.attn}
    model = task.model_class.from_pretrained(args.model, **task.config(), **attention)
    if args.freeze_layers:
        freeze(model.base_model, args.freeze_layers)
    if args.lora:
        from peft import LoraConfig, get_peft_model

        model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS"))
    collator = CountingCollator(task.collator)
    watch = Stopwatch(collator.counts, stream if args.serve else None)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=folder,
                per_device_train_batch_size=args.batch_size,
                per_device_eval_batch_size=args.batch_size,
                num_train_epochs=args.epochs,
                max_steps=10**6 if args.serve else args.max_steps,
                learning_rate=args.lr,
                bf16=args.bf16,
                train_sampling_strategy=args.sampling,
                seed=args.seed,
                use_cpu=True,
                dataloader_pin_memory=False,
                save_strategy="no",
                report_to=[],
                disable_tqdm=True,
            ),
            train_dataset=rows,
            data_collator=collator,
            processing_class=tokenizer,
            callbacks=[watch],
        )
        before = [evaluate(task, trainer, file) for file in args.eval] if args.before else []
        trainer.train()
        if args.serve:
            return
        total = time.perf_counter() - started
        peak = protocol.peak_rss_bytes()
        after = [evaluate(task, trainer, file) for file in args.eval]
    steady = watch.seconds[WARM_UP_STEPS:]
    samples = sum(rows for rows, _ in collator.counts[WARM_UP_STEPS : len(watch.seconds)])
    report = dict(
        samples_per_second=samples / sum(steady) if steady else None,
        step_seconds=[round(s, 4) for s in watch.seconds],
        total_seconds=total,
        peak_rss_bytes=peak,
        before=before,
        eval=after,
        versions=dict(
            transformers=transformers.__version__, torch=torch.__version__, accelerate=accelerate.__version__
        ),
    )
    stream.write(json.dumps(report) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
