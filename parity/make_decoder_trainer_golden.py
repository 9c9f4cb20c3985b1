"""Writes twenty training steps of two tiny classifiers, a GPT-2 and a Llama, as Hugging Face Trainer does them.

    python parity/make_decoder_trainer_golden.py [--out DIR]

NAME/model is the start, without dropout; the rows are those of data.json beside it, and padding is token 0, which they do not have.
NAME/run.json and NAME/run.safetensors are as make_trainer_golden.py writes them.

When comparing final parameters of GPT-2 leave out attn.c_attn.bias: the middle third is that of the keys, which softmax does not see.
"""

import argparse
import json
import pathlib

import make_trainer_golden as golden
from transformers import AutoModelForSequenceClassification, GPT2Config, LlamaConfig, set_seed

COMMON = dict(
    vocab_size=60, num_labels=3, initializer_range=0.2, pad_token_id=0, bos_token_id=1, eos_token_id=1,
    problem_type="single_label_classification",
)  # fmt: skip
CONFIGS = {
    "gpt2": GPT2Config(
        n_embd=16, n_layer=2, n_head=2, n_positions=24, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, **COMMON
    ),
    "llama": LlamaConfig(
        hidden_size=16, intermediate_size=28, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=24, **COMMON,
    ),
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=golden.OUT)
    out = parser.parse_args().out
    rows = json.loads((out / "data.json").read_text("utf-8"))
    golden.load = lambda start: AutoModelForSequenceClassification.from_pretrained(
        start / "model", attn_implementation="eager"
    )
    for name, config in CONFIGS.items():
        set_seed(8)
        AutoModelForSequenceClassification.from_config(config).save_pretrained(out / name / "model")
        settings, steps, state = golden.with_trainer(out / name, rows, max_steps=20)
        golden.save(out / name, "run", settings, steps, state)


if __name__ == "__main__":
    main()
