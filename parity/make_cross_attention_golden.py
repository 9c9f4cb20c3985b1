"""Writes where encoder-decoders look: transformers' cross_attentions of models of make_encoder_decoder_golden.py.

    python parity/make_cross_attention_golden.py [--models DIR]

For each model, the first text of its inputs.json is read and the first of its written ones is given to the decoder. The golden numbers
are the mean over the heads of each layer.
"""

import argparse
import json
import pathlib

import torch
import transformers
from transformers import AutoModelForSeq2SeqLM

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parent / "core/src/test/resources/dev/attune/model/seq2seq"
NAMES = ("t5-write-a", "t5-write-b", "bart-write-a", "mbart-write-b")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=pathlib.Path, default=MODELS)
    args = parser.parse_args()
    golden = dict(versions=f"transformers {transformers.__version__}")
    for name in NAMES:
        model = AutoModelForSeq2SeqLM.from_pretrained(args.models / name, attn_implementation="eager").eval()
        inputs = json.loads((args.models / name / "inputs.json").read_text("utf-8"))
        with torch.no_grad():
            output = model(
                input_ids=torch.tensor(inputs["ids"][:1]),
                decoder_input_ids=torch.tensor(inputs["written"][:1]),
                output_attentions=True,
            )
        golden[name] = [layer[0].mean(0).tolist() for layer in output.cross_attentions]
    (args.models / "cross-attention.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
