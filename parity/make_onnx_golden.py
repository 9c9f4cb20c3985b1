"""Exports a tiny random BERT classifier to ONNX and writes its logits, for a folder that has no config.json.

    python parity/make_onnx_golden.py [--out DIR]

The model is not like BERT's defaults in what only the graph tells: 2 heads of 4, layer_norm_eps 1e-5, gelu_new. The
logits are those of transformers, and the exported graph run by onnxruntime has to agree within 1e-5.
"""

import argparse
import json
import pathlib

import numpy as np
import onnxruntime
import torch
import transformers
from transformers import BertConfig, BertForSequenceClassification

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/model/onnx"
IDS = [[2, 7, 5, 9, 3], [2, 11, 4, 4, 3]]
TYPES = [[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(11)
    config = BertConfig(
        vocab_size=12, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12,
        max_position_embeddings=10, hidden_act="gelu_new", layer_norm_eps=1e-5, num_labels=3,
    )  # fmt: skip
    model = BertForSequenceClassification(config).eval()
    for parameter in model.parameters():  # equal parameters, such as new biases, would be stored as one
        torch.nn.init.normal_(parameter, std=0.5)
    ids, types = torch.tensor(IDS), torch.tensor(TYPES)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        model, (ids, torch.ones_like(ids), types), out / "model.onnx", input_names=names, output_names=["logits"],
        dynamic_axes={n: {0: "batch_size", 1: "sequence_length"} for n in names}, opset_version=14, dynamo=False,
    )  # fmt: skip
    with torch.no_grad():
        logits = model(ids, torch.ones_like(ids), types).logits.numpy()
    session = onnxruntime.InferenceSession(out / "model.onnx", providers=["CPUExecutionProvider"])
    feed = dict(zip(names, [np.array(IDS), np.ones_like(IDS), np.array(TYPES)]))
    worst = float(np.abs(session.run(None, feed)[0] - logits).max())
    if worst > 1e-5:
        raise SystemExit(f"onnxruntime and transformers differ by {worst}")
    golden = dict(
        versions=dict(transformers=transformers.__version__, torch=torch.__version__,
                      onnxruntime=onnxruntime.__version__),
        ids=IDS, type_ids=TYPES, logits=[[round(float(v), 6) for v in row] for row in logits],
    )  # fmt: skip
    (out / "golden.json").write_text(json.dumps(golden) + "\n", encoding="utf-8")
    print(f"wrote {out}, onnxruntime and transformers differ by {worst:.1e}")


if __name__ == "__main__":
    main()
