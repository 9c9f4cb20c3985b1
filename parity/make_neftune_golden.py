"""Writes how large the noise of the reference's NEFTune is: core/src/test/resources/dev/attune/nn/neftune.json.

    python parity/make_neftune_golden.py

For some alphas, lengths and sizes the largest number and the standard deviation of what transformers' hook adds to embeddings.
"""

import json
import pathlib

import torch
import transformers
from transformers import BertConfig, BertModel
from transformers.integrations.neftune import activate_neftune

TARGET = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/nn/neftune.json"


def main():
    torch.manual_seed(0)
    cases = []
    for alpha, length, hidden in [(5.0, 1, 16), (5.0, 4, 16), (0.1, 24, 16), (15.0, 24, 32)]:
        config = BertConfig(vocab_size=60, hidden_size=hidden, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
        model = BertModel(config).train()
        ids = torch.randint(0, 60, (100_000 // length, length))
        table = model.get_input_embeddings()
        with torch.no_grad():
            plain = table(ids)
            activate_neftune(model, alpha)
            noise = table(ids) - plain
        cases.append(
            dict(alpha=alpha, length=length, hidden=hidden, largest=noise.abs().max().item(), deviation=noise.std().item())
        )
    golden = dict(versions=dict(transformers=transformers.__version__, torch=torch.__version__), cases=cases)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    print(*cases, sep="\n")


if __name__ == "__main__":
    main()
