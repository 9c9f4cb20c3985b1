"""Fine-tunes a masked language model with Hugging Face Trainer and prints one JSON line: its perplexity before and after.

    python hf_mlm.py --model DIR --train train.csv --eval eval.csv --max-length 128 --batch-size 16 --epochs 1 --lr 5e-5

Each row of the column text is an example (run_mlm.py's --line_by_line). Training masks are those of
DataCollatorForLanguageModeling. Evaluation hides the tokens that Attune's Masking hides, and the loss is the mean over all of
them, so that the numbers of both sides can be compared.
"""

import argparse
import csv
import json
import math
import sys
import tempfile

import torch
import transformers
from transformers import (
    AutoModelForMaskedLM,
    AutoTokenizer,
    DataCollatorForLanguageModeling,
    Trainer,
    TrainingArguments,
    set_seed,
)

SEED = 42  # of Attune's evaluations, whatever the seed of a training
GOLDEN, ALL = 0x9E3779B97F4A7C15, (1 << 64) - 1
NONE = -100


def mix(z):
    """SplitMix64."""
    z = (z + GOLDEN) & ALL
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & ALL
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & ALL
    return z ^ (z >> 31)


def hide(ids, number, tokenizer, probability=0.15, mask=0.8, random=0.1):
    """Input ids and labels of example `number`, as dev.attune.task.fillmask.Masking makes them in an evaluation."""
    key = mix(mix(mix(SEED)) + number & ALL)
    uniform = lambda counter: (mix((key + (counter + 1) * GOLDEN) & ALL) >> 11) * 2.0**-53
    special = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id, tokenizer.mask_token_id}
    hidden, labels = list(ids), [NONE] * len(ids)
    for i, token in enumerate(ids):
        if token in special or uniform(3 * i) >= probability:
            continue
        labels[i] = token
        what = uniform(3 * i + 1)
        if what < mask:
            hidden[i] = tokenizer.mask_token_id
        elif what < mask + random:
            hidden[i] = int(uniform(3 * i + 2) * len(tokenizer))
    return hidden, labels


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


@torch.no_grad()
def evaluate(model, examples, pad, batch_size=16):
    """Perplexity, share of right tokens, and how many were hidden."""
    model.eval()
    loss, right, count = 0.0, 0, 0
    order = sorted(range(len(examples)), key=lambda i: len(examples[i][0]))
    for start in range(0, len(order), batch_size):
        some = [examples[i] for i in order[start : start + batch_size]]
        longest = max(len(ids) for ids, _ in some)
        ids = torch.tensor([ids + [pad] * (longest - len(ids)) for ids, _ in some])
        labels = torch.tensor([labels + [NONE] * (longest - len(labels)) for _, labels in some])
        mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in some])
        chosen = labels != NONE
        logits = model(input_ids=ids, attention_mask=mask).logits[chosen].float()
        loss += torch.nn.functional.cross_entropy(logits, labels[chosen], reduction="sum").item()
        right += int((logits.argmax(-1) == labels[chosen]).sum())
        count += int(chosen.sum())
    return math.exp(loss / count), right / count, count


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--eval", required=True)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--lr", type=float, default=5e-5)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--seed", type=int, default=42)
    return parser.parse_args()


def main():
    args = arguments()
    transformers.logging.disable_progress_bar()
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForMaskedLM.from_pretrained(args.model, dtype=torch.float32)
    encode = lambda texts: tokenizer(texts, truncation=True, max_length=args.max_length, return_special_tokens_mask=True)
    encoded = encode(read(args.train))
    rows = [{k: encoded[k][i] for k in encoded} for i in range(len(encoded["input_ids"]))]
    held_out = [hide(ids, i, tokenizer) for i, ids in enumerate(encode(read(args.eval))["input_ids"])]
    before, _, count = evaluate(model, held_out, tokenizer.pad_token_id)
    print(f"before: perplexity {before:.4f} over {count} tokens", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=folder, per_device_train_batch_size=args.batch_size, num_train_epochs=args.epochs,
                learning_rate=args.lr, bf16=args.bf16, seed=args.seed, use_cpu=True, dataloader_pin_memory=False,
                save_strategy="no", report_to=[], disable_tqdm=True, logging_strategy="no",
            ),
            train_dataset=rows,
            data_collator=DataCollatorForLanguageModeling(tokenizer),
            processing_class=tokenizer,
        )  # fmt: skip
        trainer.train()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bf16):
        after, accuracy, _ = evaluate(model, held_out, tokenizer.pad_token_id)
    print(json.dumps(dict(before=before, after=after, accuracy=accuracy, tokens=count)))


if __name__ == "__main__":
    main()
