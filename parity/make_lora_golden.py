"""Writes what PEFT's LoRA computes on the tiny BERT of make_trainer_golden.py.

    python parity/make_lora_golden.py [--out DIR]

Needs peft, and the files of make_trainer_golden.py in place. Each folder is one LoraConfig, its fields in case.json:

start/              the adapter before training, in PEFT's layout (B is zero)
random/             the same with random numbers in B: an adapter that does something
golden.safetensors  with random/: logits of the first eight rows (logits), gradients of their mean loss (grad.NAME, by
                    the names of the adapter's file) and weights after merge_and_unload (merged.NAME)
case.json           besides the config the 20 steps of transformers.Trainer from start/ on, dropout 0

adapter/ is what a user of PEFT gets: trained for 20 steps with save_pretrained, no tokenizer and no config.json;
expected.json beside it has the logits of the first eight rows.
"""

import argparse
import copy
import json
import pathlib
import shutil
import tempfile

import torch
import transformers
from make_trainer_golden import Recorder, collate, grouped
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file
from transformers import BertForSequenceClassification, TrainingArguments, set_seed

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune"
MODEL = RESOURCES / "train/model"
transformers.logging.disable_progress_bar()
SETTINGS = dict(
    per_device_train_batch_size=4, learning_rate=5e-3, weight_decay=0.01, warmup_steps=3, lr_scheduler_type="linear",
    max_grad_norm=0.5, seed=42, max_steps=20,
)  # fmt: skip
CASES = {
    "plain": dict(r=4, lora_alpha=8),
    "rslora": dict(r=4, lora_alpha=6, use_rslora=True, target_modules=["query", "key", "dense"], bias="lora_only"),
    "everything": dict(r=2, lora_alpha=3, target_modules="all-linear", bias="all"),
    "last-layer": dict(r=3, lora_alpha=5, layers_to_transform=[1], modules_to_save=["pooler"], init_lora_weights="gaussian"),
}


def base():
    return BertForSequenceClassification.from_pretrained(MODEL, attn_implementation="eager")


def adapted(config):
    set_seed(11)
    model = get_peft_model(base(), LoraConfig(task_type="SEQ_CLS", **copy.deepcopy(config)))
    model.peft_config["default"].base_model_name_or_path = "tiny-bert"
    return model


def save(model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink()


def randomize(model):
    generator = torch.Generator().manual_seed(3)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            with torch.no_grad():
                parameter.add_(0.2 * torch.randn(parameter.shape, generator=generator))


def stored_gradients(model):
    """Gradients by the names that the file gives to their parameters."""
    gradients = {name: p.grad if p.grad is not None else torch.zeros_like(p) for name, p in model.named_parameters()}
    state = get_peft_model_state_dict(model, state_dict=gradients, save_embedding_layers=False)
    # With bias="all" PEFT writes the head's bias three times.
    copies = (".original_module.", ".modules_to_save.")
    return {f"grad.{n}": v.contiguous() for n, v in state.items() if not any(copy in n for copy in copies)}


def train(model, rows):
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
            remove_unused_columns=False, **SETTINGS,
        )  # fmt: skip
        trainer = Recorder(rows, model=model, args=arguments)
        trainer.train()
    logs = [row for row in trainer.state.log_history if "loss" in row]
    groups = grouped(trainer.fetched, len(rows), SETTINGS["per_device_train_batch_size"], 1)
    return [
        dict(loss=log["loss"], grad_norm=log["grad_norm"], learning_rate=log["learning_rate"], rows=group)
        for log, group in zip(logs, groups)
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, default=RESOURCES / "adapt")
    out = parser.parse_args().out
    torch.set_num_threads(1)
    rows = json.loads((RESOURCES / "train/data.json").read_text())
    batch = collate(rows[:8])
    inputs = dict(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    for name, config in CASES.items():
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        model = adapted(config)
        save(model, folder / "start")
        randomize(model)
        save(model, folder / "random")
        model.eval()
        tensors = {"logits": model(**inputs).logits.detach()}
        model(**batch).loss.backward()
        tensors |= stored_gradients(model)
        merged = model.merge_and_unload()
        with torch.no_grad():
            unmerged = (tensors["logits"] - merged(**inputs).logits).abs().max().item()
        assert unmerged < 1e-5, unmerged
        tensors |= {f"merged.{n}": v.contiguous() for n, v in merged.state_dict().items() if "position_ids" not in n}
        save_file(tensors, folder / "golden.safetensors")
        steps = train(adapted(config), rows)
        case = dict(config=config, arguments=SETTINGS, steps=steps)
        (folder / "case.json").write_text(json.dumps(case, indent=1) + "\n")
    model = adapted(CASES["plain"])
    train(model, rows)
    save(model, out / "adapter")
    model.eval()
    again = PeftModel.from_pretrained(base(), out / "adapter").eval()
    with torch.no_grad():
        logits = again(**inputs).logits
        assert torch.equal(logits, model(**inputs).logits)
    (out / "expected.json").write_text(json.dumps(dict(logits=logits.tolist()), indent=1) + "\n")


if __name__ == "__main__":
    main()
