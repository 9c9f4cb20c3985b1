"""Makes a small vocabulary of texts: byte-pair encoding, as a tokenizer.json with a padding token 0, an end 1 and an unknown one 2.

    python3 recipes/vocabulary.py FILE FOLDER [--merges N] [--ends]

FILE has a text a line. --ends puts the end behind each text, as T5's tokenizers do. Whole words are cut into letters, and the pair of
pieces that stands side by side most often becomes a piece, N times; spaces belong to the word behind them; digits stay apart.
"""

import argparse
import collections
import json
import pathlib

SPACE = "\u2581"
SPECIAL = ["<pad>", "</s>", "<unk>"]


def merges(texts, count):
    words = collections.Counter(SPACE + word for text in texts for word in text.split(" "))
    split = {word: list(word) for word in words}
    found = []
    while len(found) < count:
        pairs = collections.Counter()
        for word, often in words.items():
            for left, right in zip(split[word], split[word][1:]):
                # A number has as many tokens as digits.
                if not (left[-1].isdigit() or right[-1].isdigit()):
                    pairs[left, right] += often
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        found.append(best)
        for word, pieces in split.items():
            joined, i = [], 0
            while i < len(pieces):
                both = i + 1 < len(pieces) and (pieces[i], pieces[i + 1]) == best
                joined.append(pieces[i] + pieces[i + 1] if both else pieces[i])
                i += 2 if both else 1
            split[word] = joined
    return found


def write(texts, folder, count, ends):
    """Returns how many tokens there are."""
    letters = sorted({letter for text in texts for letter in text.replace(" ", SPACE)} | {SPACE})
    found = merges(texts, count)
    vocabulary = [*SPECIAL, *letters, *(left + right for left, right in found)]
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    space = dict(type="Metaspace", replacement=SPACE, prepend_scheme="always", split=True)
    one, end = {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}
    two = {"Sequence": {"id": "B", "type_id": 0}}
    template = dict(
        type="TemplateProcessing", single=[one, end], pair=[one, end, two, end],
        special_tokens={"</s>": dict(id="</s>", ids=[1], tokens=["</s>"])},
    )  # fmt: skip
    tree = dict(
        version="1.0", truncation=None, padding=None,
        added_tokens=[dict(id=i, content=word, **flags) for i, word in enumerate(SPECIAL)],
        normalizer=None, pre_tokenizer=space, post_processor=template if ends else None, decoder=space,
        model=dict(
            type="BPE", unk_token="<unk>", fuse_unk=True, vocab={word: i for i, word in enumerate(vocabulary)},
            merges=[list(pair) for pair in found],
        ),
    )  # fmt: skip
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(tree, ensure_ascii=False) + "\n", "utf-8")
    config = dict(tokenizer_class="PreTrainedTokenizerFast", pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    return len(vocabulary)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--merges", type=int, default=1000)
    parser.add_argument("--ends", action="store_true")
    args = parser.parse_args()
    texts = args.file.read_text("utf-8").splitlines()
    print(write(texts, args.folder, args.merges, args.ends), "tokens")


if __name__ == "__main__":
    main()
