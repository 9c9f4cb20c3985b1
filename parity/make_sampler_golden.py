"""Golden data orders of the Hugging Face Trainer.

    python make_sampler_golden.py ../core/src/test/resources/dev/attune/data/sampler-golden.json

Needs torch, transformers and accelerate. The orders named "trainer" are recorded inside a training run: the model notes
the examples it is given. Long orders are stored as SHA-256 over the numbers joined by commas.
"""

import hashlib
import json
import sys
import tempfile

import accelerate
import torch
import transformers
from transformers import Trainer, TrainingArguments
from transformers.trainer_pt_utils import get_length_grouped_indices

SEED = 42


class Rows(torch.utils.data.Dataset):
    def __init__(self, lengths):
        self.lengths = lengths

    def __len__(self):
        return len(self.lengths)

    def __getitem__(self, i):
        return {"input_ids": [1] * self.lengths[i], "row": i}


class Recorder(torch.nn.Module):
    """A model that draws nothing from the random generator, unless it has dropout."""

    def __init__(self, dropout):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(4))
        self.dropout = dropout
        self.seen = {True: [], False: []}

    def forward(self, row, **ignored):
        self.seen[self.training] += row.tolist()
        hidden = torch.nn.functional.dropout(self.weight, self.dropout, self.training)
        return {"loss": (hidden**2).sum()}


def collate(rows):
    return {"row": torch.tensor([r["row"] for r in rows])}


def trainer_orders(lengths, strategy, epochs=3, batch_size=2, accumulation=1, data_seed=None, dropout=0.0, evaluate=False):
    model = Recorder(dropout)
    with tempfile.TemporaryDirectory() as folder:
        args = TrainingArguments(
            output_dir=folder, num_train_epochs=epochs, per_device_train_batch_size=batch_size,
            per_device_eval_batch_size=batch_size, gradient_accumulation_steps=accumulation,
            train_sampling_strategy=strategy, seed=SEED, data_seed=data_seed, report_to=[], save_strategy="no",
            eval_strategy="epoch" if evaluate else "no", logging_strategy="no", remove_unused_columns=False, use_cpu=True,
            disable_tqdm=True)
        Trainer(model, args, train_dataset=Rows(lengths), eval_dataset=Rows(lengths) if evaluate else None,
                data_collator=collate).train()
    n = len(lengths)
    return [model.seen[not evaluate][e * n:(e + 1) * n] for e in range(epochs)]


def generator(seed):
    return torch.Generator().manual_seed(seed)


def digest(order):
    return hashlib.sha256(",".join(map(str, order)).encode()).hexdigest()


def permutation(n, seed):
    order = torch.randperm(n, generator=generator(seed)).tolist()
    return {"n": n, "seed": seed, "first": order[:8], "last": order[-4:], "sha256": digest(order)}


def main(path):
    short = [(i * 37) % 23 + 1 for i in range(20)]
    # Truncation makes many lengths equal: which of the longest comes first must agree too.
    long = [min(60, (i * 7919) % 97 + 3) for i in range(500)]
    golden = {
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__,
                     "accelerate": accelerate.__version__},
        "permutations": [permutation(n, s) for n, s in
                         [(1, 0), (2, 1), (1000, 42), (10003, 43), (10003, 2**32 + 5), (10003, -1), (250007, 7)]],
        "trainer_random": trainer_orders([1] * 22, "random"),
        "trainer_random_data_seed_7": trainer_orders([1] * 22, "random", data_seed=7),
        "trainer_sequential": trainer_orders([1] * 5, "sequential"),
        "grouped_short": get_length_grouped_indices(short, 2, generator=generator(SEED)),
        "trainer_grouped_short": trainer_orders(short, "group_by_length"),
        "trainer_grouped_short_data_seed_7": trainer_orders(short, "group_by_length", data_seed=7),
        "trainer_grouped_short_dropout": trainer_orders(short, "group_by_length", dropout=0.1),
        "evaluation_grouped_short": trainer_orders(short, "group_by_length", evaluate=True),
        "long_lengths": "min(60, (i * 7919) % 97 + 3), i < 500",
        "grouped_long": [
            {"batch_size": b, "sha256": digest(get_length_grouped_indices(long, b, generator=generator(SEED)))}
            for b in (1, 2, 8, 32, 200, 1000)],
        "trainer_grouped_long": {"batch_size": 4, "accumulation": 2, "sha256": [
            digest(o) for o in trainer_orders(long, "group_by_length", batch_size=4, accumulation=2)]},
    }
    with open(path, "w", encoding="utf-8") as out:
        lines = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()]
        out.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
