"""Writes twenty training steps of a tiny BERT token classifier as Hugging Face Trainer does them, for
TokenClassificationTrainingTest.

    python parity/make_token_trainer_golden.py

Without dropout; some tokens of each row have no label (-100), as those after the first of a word.
"""

import json
import pathlib
import tempfile

import torch
from make_trainer_golden import SETTINGS
from safetensors.torch import save_file
from transformers import BertConfig, BertForTokenClassification, Trainer, TrainingArguments, set_seed

OUT = pathlib.Path(__file__).resolve().parents[1] / "core/src/test/resources/dev/attune/task/tokenclassification/training"


def collate(rows):
    longest = max(len(row["ids"]) for row in rows)
    pad = lambda row, key, value: row[key] + [value] * (longest - len(row[key]))  # noqa: E731
    return dict(
        input_ids=torch.tensor([pad(row, "ids", 0) for row in rows]),
        attention_mask=torch.tensor([[1] * len(row["ids"]) + [0] * (longest - len(row["ids"])) for row in rows]),
        labels=torch.tensor([pad(row, "labels", -100) for row in rows]),
    )


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    set_seed(11)
    config = BertConfig(
        vocab_size=60, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=24, num_labels=5, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        initializer_range=0.2,
    )  # fmt: skip
    model = BertForTokenClassification(config)
    model.save_pretrained(OUT / "model")
    rows = []
    for _ in range(37):
        ids = [int(torch.randint(5, 60, ())) for _ in range(int(torch.randint(2, 20, ())))]
        labels = [token % 5 if torch.rand(()) < 0.7 else -100 for token in ids]
        rows.append(dict(ids=[2, *ids, 3], labels=[-100, *labels, -100]))
    settings = {**SETTINGS, "max_steps": 20}
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
            remove_unused_columns=False, **settings,
        )  # fmt: skip
        trainer = Trainer(model=model, args=arguments, train_dataset=rows, data_collator=collate)
        trainer.train()
    steps = [dict(loss=log["loss"], grad_norm=log["grad_norm"]) for log in trainer.state.log_history if "loss" in log]
    golden = dict(arguments=settings, rows=rows, steps=steps)
    (OUT / "golden.json").write_text(json.dumps(golden) + "\n", encoding="utf-8")
    state = {key: value.detach().clone().contiguous() for key, value in model.state_dict().items()}
    save_file(state, OUT / "final.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
