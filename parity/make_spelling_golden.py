"""Writes how a real BART spells 500 words in phonemes, greedily and with four beams, as transformers' generate has it.

    python parity/make_spelling_golden.py --data ../shared/data/bart-g2p-en [--out FILE]

The words are every n-th of those in us_gold.json that have letters and apostrophes only, sorted; letters and phonemes have the numbers
of their places in grapheme_chars and phoneme_chars of the config, with 1 before a word and 2 behind it. Only numbers are kept: for each
word the ids that were written.
"""

import argparse
import json
import pathlib
import re
import shutil
import tempfile

import torch
import transformers
from transformers import BartForConditionalGeneration

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/task/text2text/spelling.json"
COUNT = 500


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    args = parser.parse_args()
    words = json.loads((args.data / "us_gold.json").read_text("utf-8"))
    words = sorted(word for word in words if re.fullmatch(r"[A-Za-z']+", word))
    words = words[:: len(words) // COUNT][:COUNT]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(args.data / "us_bart_config.json", pathlib.Path(folder) / "config.json")
        shutil.copy(args.data / "us_bart.safetensors", pathlib.Path(folder) / "model.safetensors")
        model = BartForConditionalGeneration.from_pretrained(folder, attn_implementation="eager").eval()
    letters = model.config.grapheme_chars
    found = {"greedy": [], "beams": []}
    for word in words:
        ids = torch.tensor([[1, *(letters.index(letter) if letter in letters else 3 for letter in word), 2]])
        for name, beams in (("greedy", 1), ("beams", 4)):
            written = model.generate(ids, max_new_tokens=40, num_beams=beams, do_sample=False)[0].tolist()[1:]
            found[name].append(written[: written.index(2) + 1] if 2 in written else written)
    golden = dict(versions=f"transformers {transformers.__version__}", letters=[len(word) for word in words], **found)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(golden, separators=(",", ":")) + "\n", "utf-8")
    print(len(words), "words,", args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
