"""Writes what Hugging Face's fill-mask pipeline answers, for FillMaskParityTest.

    python parity/make_fill_mask_golden.py

A tiny BERT with random weights. Texts with one mask and with several; with and without top_k; with targets that the vocabulary
has, that it has only in pieces, that come twice, and more of them than top_k.

words.json: which tokens DataCollatorForLanguageModeling(whole_word_mask=True) takes for one word.
"""

import json
import pathlib

import numpy
import torch
import transformers
from transformers import (
    AutoTokenizer, BertConfig, BertForMaskedLM, DataCollatorForLanguageModeling, pipeline,
)  # fmt: skip

OUT = pathlib.Path(__file__).resolve().parents[1] / "core/src/test/resources/dev/attune/task/fillmask"
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the a film food was is good bad great very not and but , . ! ' it s ##s ##ly".split()
TEXTS = [
    "the film was [MASK].",
    "[MASK] food , but not the GREAT film !",
    "it's a [MASK] film and an unheard one",
    "[MASK] [MASK] was very [MASK]",
    "films [MASK] is [MASK] , [MASK]ly",
]
OPTIONS = [
    {},
    {"top_k": 1},
    {"top_k": 26},
    {"targets": ["good"]},
    {"targets": ["good", "bad", "good", "films", "Great", "[UNK]", "##ly"]},
    {"targets": ["good", "bad", "very", "nothing"], "top_k": 2},
]

WORD_TEXTS = [
    "the films was badly bad.",
    "it's good, very good!  Not great",
    "unheard  thefilm 's, , good-bad 😀films",
    "the",
]


def words(tokenizer):
    """The number of the word of each token; -1 for special tokens."""
    rows = []
    for text in WORD_TEXTS:
        encoded = tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True)
        numbers, _ = DataCollatorForLanguageModeling._calc_word_ids_and_prob_mask(
            numpy.array([encoded["offset_mapping"]]), numpy.array([encoded["special_tokens_mask"]])
        )
        rows.append(dict(text=text, ids=encoded["input_ids"], words=numbers[0].tolist()))
    return rows


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    golden = dict(versions=dict(transformers=transformers.__version__, torch=torch.__version__), texts=TEXTS, runs=[])
    torch.manual_seed(20261124)
    folder = OUT / "model"
    folder.mkdir(exist_ok=True)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=32, initializer_range=0.5,
    )  # fmt: skip
    model = BertForMaskedLM(config).eval()
    torch.nn.init.normal_(model.cls.predictions.bias)
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert len(tokenizer) == len(WORDS)
    fill = pipeline("fill-mask", model=str(folder), tokenizer=tokenizer)
    for options in OPTIONS:
        golden["runs"].append(dict(options=options, answers=[fill(text, **options) for text in TEXTS]))
    (OUT / "words.json").write_text("[\n" + ",\n".join(map(json.dumps, words(tokenizer))) + "\n]\n", encoding="utf-8")
    print(golden["runs"][0]["answers"][0])
    (OUT / "golden.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
