"""Writes twenty training steps of tiny models that write texts, as Hugging Face Trainer does them.

    python parity/make_language_training_golden.py [--out DIR] [NAME ...]

gpt2 and llama go on with a text (each token guesses the next one, and of some rows the first tokens are a prompt, label -100); t5 and
bart read one text and write another. NAME/model is the start, without dropout; NAME/data.json has 43 rows of token ids and labels;
NAME/run-*.json and *.safetensors are as make_mlm_training_golden.py writes them. Padding is token 0 and has the label -100.

run-plain         transformers.Trainer.
run-accumulation  gradient_accumulation_steps 2; of gpt2 and llama only, whose loss takes the number of all labels of the group.

Not to be compared: the part of GPT-2's attn.c_attn.bias that belongs to keys, and BART's k_proj.bias, which softmax does not see.
"""

import argparse
import json
import pathlib

import make_mlm_training_golden as mlm
import torch
import transformers
from transformers import BartConfig, GPT2Config, LlamaConfig, T5Config, set_seed

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/task/language"
NONE = -100
COMMON = dict(vocab_size=61, pad_token_id=0, eos_token_id=1, bos_token_id=2)
MODELS = {
    "gpt2": ("GPT2LMHeadModel", GPT2Config(
        n_embd=16, n_layer=2, n_head=2, n_positions=24, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        initializer_range=0.2, **COMMON)),
    "llama": ("LlamaForCausalLM", LlamaConfig(
        hidden_size=16, intermediate_size=28, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=24, initializer_range=0.2, **COMMON)),
    "t5": ("T5ForConditionalGeneration", T5Config(
        d_model=16, d_kv=6, d_ff=28, num_layers=2, num_decoder_layers=1, num_heads=3, relative_attention_num_buckets=8,
        relative_attention_max_distance=16, dropout_rate=0.0, decoder_start_token_id=0, initializer_factor=0.5, **COMMON)),
    "bart": ("BartForConditionalGeneration", BartConfig(
        d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=4,
        encoder_ffn_dim=28, decoder_ffn_dim=20, max_position_embeddings=24, dropout=0.0, init_std=0.2,
        decoder_start_token_id=1, forced_eos_token_id=None, **COMMON)),
}  # fmt: skip


def causal_rows():
    rows = []
    for number in range(43):
        length = int(torch.randint(2, 20, ()))
        first = int(torch.randint(3, 61, ()))
        ids = [*(3 + (first - 3 + 3 * i) % 58 for i in range(length)), 1]  # each token tells the next
        labels = list(ids)
        if number % 3 == 0:
            labels[: length // 2] = [NONE] * (length // 2)
        labels[0] = NONE
        rows.append(dict(ids=ids, labels=labels))
    return rows


def pair_rows():
    rows = []
    for _ in range(43):
        length = int(torch.randint(1, 18, ()))
        words = torch.randint(3, 61, (length,)).tolist()
        target = [3 + (word + 4) % 58 for word in words if word % 3]  # some words are left out, the others change
        rows.append(dict(ids=[*words, 1], labels=[*target, 1]))
    return rows


def collate(rows):
    """Labels have a length of their own."""
    pad = lambda values, filler: torch.tensor([v + [filler] * (max(map(len, values)) - len(v)) for v in values])
    ids = [row["ids"] for row in rows]
    return dict(
        input_ids=pad(ids, 0),
        attention_mask=pad([[1] * len(row) for row in ids], 0),
        labels=pad([row["labels"] for row in rows], NONE),
    )


def make(name, out):
    kind, config = MODELS[name]
    model_class = getattr(transformers, kind)
    set_seed(12)
    model = model_class(config)
    model.generation_config = transformers.GenerationConfig.from_model_config(model.config)
    model.save_pretrained(out / "model")
    rows = causal_rows() if name in ("gpt2", "llama") else pair_rows()
    (out / "data.json").write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n", encoding="utf-8")
    mlm.load = lambda start: model_class.from_pretrained(start / "model", attn_implementation="eager")
    mlm.collate = collate
    runs = {"run-plain": {}}
    if name in ("gpt2", "llama"):
        runs["run-accumulation"] = dict(gradient_accumulation_steps=2)
    for run, changes in runs.items():
        settings, steps, state = mlm.with_trainer(out, rows, **changes)
        tied = ("lm_head.weight",) if config.tie_word_embeddings else ()
        tied += ("encoder.embed_tokens.weight", "decoder.embed_tokens.weight")
        state = {k: v for k, v in state.items() if not k.endswith(tied)}
        mlm.save(out, run, settings, steps, state)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    for name in args.names or MODELS:
        make(name, args.out / name)


if __name__ == "__main__":
    main()
