"""Fine-tunes a text classifier with Hugging Face Trainer, with or without class weights, and prints its answers.

    python hf_imbalance.py --model DIR --train train.csv --eval test.csv --label-column label [--class-weights]

The weights are scikit-learn's "balanced", in a compute_loss of a subclass, as users write it. The output is one JSON line:
the predicted label of each row of the evaluation file.
"""

import argparse
import json
import tempfile

import numpy
import torch
import transformers
from sklearn.utils.class_weight import compute_class_weight
from transformers import AutoTokenizer, Trainer, TrainingArguments, set_seed

import protocol
from hf_tasks import TextClassification, read_csv


class WeightedTrainer(Trainer):
    weight = None

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        loss = torch.nn.functional.cross_entropy(outputs.logits, labels, weight=self.weight)
        return (loss, outputs) if return_outputs else loss


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--eval", required=True)
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--label-column", default="label")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--lr", type=float, default=5e-5)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--class-weights", action="store_true")
    return parser.parse_args()


def main():
    args = arguments()
    stream = protocol.claim_stdout()
    transformers.logging.disable_progress_bar()
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    task = TextClassification(args, tokenizer)
    rows = task.train(args.train)
    model = task.model_class.from_pretrained(args.model, **task.config())
    with tempfile.TemporaryDirectory() as folder:
        trainer_class = WeightedTrainer if args.class_weights else Trainer
        trainer = trainer_class(
            model=model,
            args=TrainingArguments(
                output_dir=folder, per_device_train_batch_size=args.batch_size, num_train_epochs=args.epochs,
                learning_rate=args.lr, bf16=args.bf16, seed=args.seed, use_cpu=True, dataloader_pin_memory=False,
                save_strategy="no", report_to=[], disable_tqdm=True,
            ),
            train_dataset=rows,
            data_collator=task.collator,
            processing_class=tokenizer,
        )  # fmt: skip
        if args.class_weights:
            labels = [row["labels"] for row in rows.rows]
            balanced = compute_class_weight("balanced", classes=numpy.arange(len(task.labels)), y=labels)
            trainer.weight = torch.tensor(balanced, dtype=torch.float32)
        trainer.train()
        logits = trainer.predict(task.examples(read_csv(args.eval))).predictions
    stream.write(json.dumps([task.labels[i] for i in logits.argmax(1)]) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
