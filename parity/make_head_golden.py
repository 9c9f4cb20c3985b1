"""Writes tiny random BERTs with the heads of three tasks, and the outputs and gradients transformers computes for them.

    python parity/make_head_golden.py [--out DIR]

The heads are those of question answering, masked language modelling and token classification, in two shapes each. A
case is a folder as make_bert_golden.py writes it. inputs.json: unpadded token ids and type ids; labels, for question
answering a pair (start, end) a sequence, otherwise a list as long as the sequence, -100 where there is no label.
expected.safetensors, for the padded batch in eval mode, fp32, eager attention: loss (1); logits (N, K) of the real
tokens, one after the other, for question answering (N, 2) with start before end, for masked language modelling (M, V)
of the tokens that have a label; grad.<parameter name> for every parameter.

The loss of question answering is the mean of the losses of each sequence alone: in a padded batch the reference's softmax
goes over the padding too, so that the loss depends on how much of it there is.
"""

import argparse
import json
import pathlib

import torch
from make_bert_golden import COMMON, OUT, padded, shake
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertForTokenClassification, set_seed

FIRST = dict(vocab_size=53, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=44,
             max_position_embeddings=33, hidden_act="gelu")  # fmt: skip
SECOND = dict(vocab_size=38, hidden_size=20, num_hidden_layers=1, num_attention_heads=5, intermediate_size=28,
              max_position_embeddings=24, hidden_act="gelu_new", type_vocab_size=3, layer_norm_eps=1e-5)  # fmt: skip
CASES = {
    "question-a": (BertForQuestionAnswering, FIRST, [9, 33, 1, 14]),
    "question-b": (BertForQuestionAnswering, SECOND, [24, 3]),
    "masked-a": (BertForMaskedLM, FIRST, [5, 17, 2, 33, 11]),
    "masked-b": (BertForMaskedLM, SECOND, [24, 8, 1]),
    "tokens-a": (BertForTokenClassification, dict(FIRST, num_labels=7, classifier_dropout=0.2), [12, 1, 30, 6]),
    "tokens-b": (BertForTokenClassification, dict(SECOND, num_labels=3), [4, 24, 10]),
}


def spans(ids):
    return [sorted(torch.randint(0, len(row), (2,)).tolist()) for row in ids]


def token_labels(classes, ids):
    rows = []
    for row in ids:
        labels = torch.randint(0, classes, (len(row),))
        labels[torch.rand(len(row)) < 0.5] = -100
        rows.append(labels.tolist())
    rows[0][1] = 2  # at least one
    return rows


def write(folder, model, logits, loss, **inputs):
    """The gradients of the loss, and all that a test compares or reads."""
    loss.backward()
    expected = dict(logits=logits, loss=loss.reshape(1))
    for name, parameter in model.named_parameters():
        expected["grad." + name] = parameter.grad
    save_file({k: v.detach().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    (folder / "inputs.json").write_text(json.dumps(inputs) + "\n", "utf-8")
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{folder.name}: loss {loss.item():.6f}, {len(expected) - 2} gradients, {size} bytes")


def alone(model, ids, types, span):
    start, end = (torch.tensor([place]) for place in span)
    batch = dict(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types]))
    return model(**batch, start_positions=start, end_positions=end).loss


def make(name, out):
    kind, shape, lengths = CASES[name]
    set_seed(20261124 + sum(name.encode()))
    config = BertConfig(**COMMON, **shape)
    model = kind(config).eval()
    shake(model)
    folder = out / name
    model.save_pretrained(folder)
    ids = [torch.randint(1, config.vocab_size, (n,)).tolist() for n in lengths]
    types = [sorted(torch.randint(0, config.type_vocab_size, (n,)).tolist()) for n in lengths]
    if kind is BertForQuestionAnswering:
        labels = spans(ids)
    else:
        labels = token_labels(config.vocab_size if kind is BertForMaskedLM else config.num_labels, ids)
    mask = padded([[1] * n for n in lengths])
    batch = dict(input_ids=padded(ids), token_type_ids=padded(types), attention_mask=mask)
    if kind is BertForQuestionAnswering:
        output = model(**batch)
        logits = torch.stack([output.start_logits, output.end_logits], -1)[mask.bool()]
        loss = torch.stack([alone(model, *row) for row in zip(ids, types, labels, strict=True)]).mean()
    else:
        target = padded(labels, -100)
        output = model(**batch, labels=target)
        loss = output.loss
        logits = output.logits[target != -100 if kind is BertForMaskedLM else mask.bool()]
    write(folder, model, logits, loss, ids=ids, type_ids=types, labels=labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT / "heads")
    out = parser.parse_args().out
    for name in CASES:
        make(name, out)


if __name__ == "__main__":
    main()
