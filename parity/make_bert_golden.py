"""Writes tiny random BERTs of several shapes with the outputs and gradients transformers computes for them.

    python parity/make_bert_golden.py [--out DIR]

Each case is a folder: config.json and model.safetensors as save_pretrained writes them; inputs.json with the unpadded
token ids, type ids and labels; expected.safetensors with, for the padded batch in eval mode, fp32, eager attention:
logits, loss, pooler_output, last_hidden_state (the rows of the real tokens only, one after the other: N x C), and
grad.<parameter name> for every parameter. Attention to padding is masked, so these are also the numbers of a model
that never sees padding. sharded.index.json in the first case is the index for shards of 12,000 bytes; the word
embeddings are larger than that. Weights have a standard deviation of 0.3, so that a wrong term shows in the first digits.
"""

import argparse
import json
import pathlib

import torch
from huggingface_hub import split_torch_state_dict_into_shards
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification, set_seed

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/model"
COMMON = dict(initializer_range=0.3, attn_implementation="eager")
CASES = {
    "bert-base-shape": dict(
        config=dict(vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
                    max_position_embeddings=64, hidden_act="gelu", num_labels=5),
        lengths=[7, 3, 12, 1, 9], problem="single_label_classification",
    ),
    "bert-other-shape": dict(
        config=dict(vocab_size=61, hidden_size=24, num_hidden_layers=3, num_attention_heads=2, intermediate_size=40,
                    max_position_embeddings=40, hidden_act="gelu_new", type_vocab_size=3, layer_norm_eps=1e-5,
                    classifier_dropout=0.25, hidden_dropout_prob=0.05, attention_probs_dropout_prob=0.0, num_labels=3),
        lengths=[40, 2, 11, 5], problem="single_label_classification",
    ),
    "bert-regression": dict(
        config=dict(vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=4, intermediate_size=20,
                    max_position_embeddings=32, hidden_act="relu", num_labels=1),
        lengths=[4, 10, 6], problem="regression",
    ),
    "bert-multi-label": dict(
        config=dict(vocab_size=70, hidden_size=20, num_hidden_layers=2, num_attention_heads=5, intermediate_size=36,
                    max_position_embeddings=32, hidden_act="gelu", num_labels=4),
        lengths=[1, 8, 15, 2, 2, 6], problem="multi_label_classification",
    ),
}  # fmt: skip


def labels_for(problem, rows, classes):
    if problem == "regression":
        return [round(float(v), 3) for v in torch.randn(rows) * 2]
    if problem == "multi_label_classification":
        targets = torch.randint(0, 2, (rows, classes)).float()
        targets[0, 0] = 0.5  # a soft target is legal
        return targets.tolist()
    return torch.randint(0, classes, (rows,)).tolist()


def padded(rows, fill=0):
    longest = max(map(len, rows))
    return torch.tensor([row + [fill] * (longest - len(row)) for row in rows])


def shake(model):
    """Biases start at 0 and LayerNorm at 1, which would hide a missing bias: give every vector its own values."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.3)


def make(name, case, out):
    set_seed(20240607 + len(name))
    config = BertConfig(**COMMON, **case["config"], problem_type=case["problem"])
    model = BertForSequenceClassification(config).eval()
    shake(model)
    folder = out / name
    model.save_pretrained(folder)

    lengths = case["lengths"]
    ids = [torch.randint(1, config.vocab_size, (n,)).tolist() for n in lengths]
    types = [sorted(torch.randint(0, config.type_vocab_size, (n,)).tolist()) for n in lengths]
    labels = labels_for(case["problem"], len(lengths), config.num_labels)
    mask = padded([[1] * n for n in lengths])

    body = model.bert(input_ids=padded(ids), token_type_ids=padded(types), attention_mask=mask)
    output = model(
        input_ids=padded(ids), token_type_ids=padded(types), attention_mask=mask, labels=torch.tensor(labels)
    )
    output.loss.backward()
    expected = dict(
        logits=output.logits,
        loss=output.loss.reshape(1),
        pooler_output=body.pooler_output,
        last_hidden_state=body.last_hidden_state[mask.bool()],
    )
    for parameter_name, parameter in model.named_parameters():
        expected["grad." + parameter_name] = parameter.grad
    expected = {k: v.detach().contiguous() for k, v in expected.items()}
    save_file(expected, folder / "expected.safetensors", metadata={"format": "pt"})
    inputs = dict(problem_type=case["problem"], ids=ids, type_ids=types, labels=labels)
    (folder / "inputs.json").write_text(json.dumps(inputs) + "\n", encoding="utf-8")
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{name}: loss {output.loss.item():.6f}, {len(expected) - 4} gradients, {size} bytes")


def make_index(folder):
    """Which tensor goes into which shard. In the order of the model: save_pretrained of version 5 sorts the names before."""
    model = BertForSequenceClassification.from_pretrained(folder)
    split = split_torch_state_dict_into_shards(model.state_dict(), max_shard_size=12_000)
    metadata = dict(split.metadata, total_parameters=sum(p.numel() for p in model.parameters()))
    index = dict(metadata=metadata, weight_map=split.tensor_to_filename)
    text = json.dumps(index, indent=2, sort_keys=True) + "\n"
    (folder / "sharded.index.json").write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    for name, case in CASES.items():
        make(name, case, out)
    make_index(out / "bert-base-shape")


if __name__ == "__main__":
    main()
