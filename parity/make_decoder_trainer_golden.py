"""Writes twenty training steps of a tiny GPT-2 classifier as Hugging Face Trainer does them.

    python parity/make_decoder_trainer_golden.py [--out DIR]

gpt2/model is the start, without dropout; the rows are those of data.json beside it, and padding is token 0, which they do not have.
gpt2/run.json and gpt2/run.safetensors are as make_trainer_golden.py writes them.

When comparing final parameters leave out attn.c_attn.bias: the middle third is that of the keys, which softmax does not see.
"""

import argparse
import json
import pathlib

import make_trainer_golden as golden
from transformers import GPT2Config, GPT2ForSequenceClassification, set_seed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=golden.OUT)
    out = parser.parse_args().out
    rows = json.loads((out / "data.json").read_text("utf-8"))
    folder = out / "gpt2"
    set_seed(8)
    config = GPT2Config(
        vocab_size=60, n_embd=16, n_layer=2, n_head=2, n_positions=24, num_labels=3, resid_pdrop=0.0, embd_pdrop=0.0,
        attn_pdrop=0.0, initializer_range=0.2, pad_token_id=0, bos_token_id=1, eos_token_id=1,
        problem_type="single_label_classification",
    )  # fmt: skip
    GPT2ForSequenceClassification(config).save_pretrained(folder / "model")
    golden.load = lambda start: GPT2ForSequenceClassification.from_pretrained(start / "model", attn_implementation="eager")
    settings, steps, state = golden.with_trainer(folder, rows, max_steps=20)
    golden.save(folder, "run", settings, steps, state)


if __name__ == "__main__":
    main()
