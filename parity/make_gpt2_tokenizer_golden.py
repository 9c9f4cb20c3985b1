"""Token ids of 10,000 lines in several scripts, as transformers' GPT-2 tokenizer makes them of vocab.json and merges.txt.

    python parity/make_gpt2_tokenizer_golden.py DATA [--out FILE]

DATA is a folder with gpt2-tokenizer/ (vocab.json, merges.txt), tatoeba-eng-ara/ara.txt and xquad/xquad.{en,ar}.json. The lines are
4,000 of the first file (English and Arabic), 2,000 contexts and questions of the others, and 4,000 made up of characters of
twelve ranges by a generator that the test has too. The file has a SHA-256 for each 500 lines, over the ids in four bytes each, the lowest
first, with -1 behind each line, and the number of tokens.
"""

import argparse
import hashlib
import json
import pathlib

from transformers import GPT2Tokenizer

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/text/gpt2-golden.json"
RANGES = [(0x20, 0x7E), (0xA1, 0x17F), (0x370, 0x3FF), (0x400, 0x45F), (0x5D0, 0x5EA), (0x620, 0x64A), (0x905, 0x939),
          (0xE01, 0xE30), (0x3041, 0x3096), (0x4E00, 0x4FFF), (0xAC00, 0xAD00), (0x1F600, 0x1F64F)]  # fmt: skip


def made_up(count):
    state = 1
    lines = []

    def draw(limit):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return (state >> 33) % limit

    for _ in range(count):
        text = ""
        for _ in range(1 + draw(12)):
            low, high = RANGES[draw(len(RANGES))]
            text += "".join(chr(low + draw(high - low + 1)) for _ in range(1 + draw(6)))
            text += ["", " ", "  ", "'s ", "\t", ", "][draw(6)]
        lines.append(text)
    return lines


def texts(data):
    lines = []
    for line in (data / "tatoeba-eng-ara/ara.txt").read_text("utf-8").split("\n")[:2000]:
        lines += line.split("\t")[:2]
    for language in ("en", "ar"):
        found = []
        for article in json.loads((data / f"xquad/xquad.{language}.json").read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                found += [paragraph["context"], *(qa["question"] for qa in paragraph["qas"])]
        lines += found[:1000]
    return lines + made_up(4000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    args = parser.parse_args()
    folder = args.data / "gpt2-tokenizer"
    tokenizer = GPT2Tokenizer(vocab=str(folder / "vocab.json"), merges=str(folder / "merges.txt"))
    lines = texts(args.data)
    hashes = []
    tokens = 0
    for first in range(0, len(lines), 500):
        digest = hashlib.sha256()
        for line in lines[first : first + 500]:
            ids = tokenizer(line)["input_ids"]
            tokens += len(ids)
            for number in [*ids, -1]:
                digest.update(number.to_bytes(4, "little", signed=True))
        hashes.append(digest.hexdigest())
    args.out.write_text(json.dumps(dict(lines=len(lines), tokens=tokens, sha256=hashes), indent=1) + "\n", "utf-8")
    print(len(lines), "lines,", tokens, "tokens", tokenizer("Hello world")["input_ids"])


if __name__ == "__main__":
    main()
