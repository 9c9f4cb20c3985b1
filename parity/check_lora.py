"""Loads the adapter of a run with PEFT and compares its answers with those of attune predict.

    pip install peft
    ./attune train --model MODEL --train rows.csv --lora --output runs/lora
    ./attune predict --model runs/lora --input rows.csv --output answers.jsonl
    python parity/check_lora.py runs/lora rows.csv answers.jsonl

For text classification of a column "text". The base model is where adapter_config.json says. It also saves the adapter again
with PEFT and compares the tensors. Writes nothing; the exit code is 1 if a label differs, or a probability by more than 1e-5.
"""

import csv
import json
import pathlib
import sys
import tempfile

import peft
import torch
from peft import PeftConfig, PeftModel
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

run, rows, answers = map(pathlib.Path, sys.argv[1:])
base = PeftConfig.from_pretrained(run).base_model_name_or_path
config = AutoConfig.from_pretrained(run)
model = AutoModelForSequenceClassification.from_pretrained(base, config=config, ignore_mismatched_sizes=True)
model = PeftModel.from_pretrained(model, run).eval()
tokenizer = AutoTokenizer.from_pretrained(run)

worst = 0.0
wrong = []
with rows.open(encoding="utf-8", newline="") as table, answers.open(encoding="utf-8") as lines, torch.no_grad():
    for number, (row, line) in enumerate(zip(csv.DictReader(table), lines, strict=True)):
        answer = json.loads(line)
        inputs = tokenizer(row["text"], truncation=True, max_length=config.max_position_embeddings, return_tensors="pt")
        scores = model(**inputs).logits[0].softmax(-1)
        if config.id2label[scores.argmax().item()] != answer["label"]:
            wrong.append(number)
        worst = max(worst, abs(scores.max().item() - answer["score"]))

with tempfile.TemporaryDirectory() as folder:
    model.save_pretrained(folder)
    theirs = load_file(pathlib.Path(folder) / "adapter_model.safetensors")
ours = load_file(run / "adapter_model.safetensors")
copies = (".original_module.", ".modules_to_save.")
theirs = {name: value for name, value in theirs.items() if not any(copy in name for copy in copies)}
assert ours.keys() == theirs.keys(), ours.keys() ^ theirs.keys()
assert all(torch.equal(value, theirs[name]) for name, value in ours.items())

print(f"peft {peft.__version__}: {number + 1} rows, {len(ours)} tensors, largest difference {worst:.1e}")
sys.exit(1 if wrong or worst > 1e-5 else 0)
