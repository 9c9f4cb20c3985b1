"""Makes the folders that no artifact gives: models with random weights, and the BART that spells with its two tables of characters.

    python hf_random.py DIR --shape gpt2|smollm|t5|t5-tatoeba|bart-g2p-en --data ../shared/data --texts FILE

The weights are drawn with a fixed seed. The tokenizer of gpt2 is GPT-2's own, those of the T5s are learned from the texts of --texts,
which are lines or the columns `source` and `target` of a table.
"""

import argparse
import csv
import pathlib
import shutil

import tokenizers
import transformers
from tokenizers import Regex, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, BartConfig, GPT2Config, LlamaConfig, PreTrainedTokenizerFast, T5Config, set_seed

import protocol
from hf_generate import model_class

SHAPES = {
    "gpt2": GPT2Config(),
    "smollm": LlamaConfig(
        vocab_size=49152, hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9, num_key_value_heads=3,
        max_position_embeddings=2048, tie_word_embeddings=True, rms_norm_eps=1e-5,
    ),
    "t5": T5Config(decoder_start_token_id=0),
    "t5-tatoeba": T5Config(
        decoder_start_token_id=0, vocab_size=6000, d_model=256, d_kv=64, num_heads=4, d_ff=1024, num_layers=3, feed_forward_proj="gated-gelu",
    ),
}  # fmt: skip
SPECIAL = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}


def lines(file):
    with open(file, encoding="utf-8", newline="") as text:
        if file.suffix == ".csv":
            return [row[column] for row in csv.DictReader(text) for column in ("source", "target")]
        return [line.rstrip("\n") for line in text]


def learned(texts, size):
    """Pieces of UTF-8; each text ends with </s>."""
    tokenizer = tokenizers.Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<pad>", "</s>", "<unk>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **SPECIAL)


def characters(table, template):
    """Each character a token, with its place in the table as number; the first four places are special."""
    vocabulary = {"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3}
    vocabulary.update({character: i for i, character in enumerate(table) if i > 3})
    tokenizer = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer.decoder = decoders.Fuse()
    tokenizer.post_processor = processors.TemplateProcessing(single=template, special_tokens=[("<s>", 1), ("</s>", 2)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", **SPECIAL)


def make_speller(data, folder):
    """A decoder of this model begins with <s> and writes phonemes at once, so its labels begin with a phoneme."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(data / "us_bart_config.json", folder / "config.json")
    config = BartConfig.from_pretrained(folder)
    targets = folder / "targets"
    characters(config.phoneme_chars, "$A </s>").save_pretrained(targets)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (targets / name).rename(folder / f"target_{name}")
    shutil.rmtree(targets)
    characters(config.grapheme_chars, "<s> $A </s>").save_pretrained(folder)
    shutil.copyfile(data / "us_bart.safetensors", folder / "model.safetensors")


def make_random(shape, args):
    config = SHAPES[shape]
    set_seed(42)
    if shape == "gpt2":
        AutoTokenizer.from_pretrained(args.data / "gpt2-tokenizer").save_pretrained(args.folder)
    elif config.is_encoder_decoder:
        learned(lines(args.texts), min(config.vocab_size, 16000)).save_pretrained(args.folder)
    model_class(config).from_config(config).save_pretrained(args.folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--shape", choices=[*SHAPES, "bart-g2p-en"], required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--texts", type=pathlib.Path)
    args = parser.parse_args()
    protocol.claim_stdout()
    transformers.logging.disable_progress_bar()
    if args.shape == "bart-g2p-en":
        make_speller(args.data / args.shape, args.folder)
    else:
        make_random(args.shape, args)


if __name__ == "__main__":
    main()
