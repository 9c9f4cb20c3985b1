"""Writes tiny random decoders with the heads of four tasks, and the outputs and gradients transformers computes for them.

    python parity/make_decoder_golden.py [--out DIR]

A case is a folder as make_head_golden.py writes it, without type ids. Sequence classification reads the last real token; its
logits are (B, K) and its labels one a sequence. A causal model's logits are those of all real tokens, and each guesses the label
of the token behind it. Padding stands behind the text, as transformers' tokenizers put it when they
train.
"""

import argparse
import pathlib

import torch
import transformers
from make_bert_golden import OUT, padded, shake
from make_head_golden import spans, token_labels, write
from transformers import set_seed

GPT2_A = (
    "GPT2",
    dict(vocab_size=59, n_embd=24, n_layer=2, n_head=3, n_positions=33, initializer_range=0.3, pad_token_id=58),
)
GPT2_B = (
    "GPT2",
    dict(vocab_size=41, n_embd=20, n_layer=3, n_head=5, n_inner=28, n_positions=24, activation_function="relu",
         layer_norm_epsilon=1e-4, scale_attn_by_inverse_layer_idx=True, initializer_range=0.3, pad_token_id=0),
)  # fmt: skip
SMALL = dict(vocab_size=59, hidden_size=24, intermediate_size=28, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=33, initializer_range=0.3, pad_token_id=58)  # fmt: skip
OTHER = dict(vocab_size=41, hidden_size=20, intermediate_size=36, num_hidden_layers=3, num_attention_heads=5,
             num_key_value_heads=1, max_position_embeddings=64, initializer_range=0.3, pad_token_id=0, rms_norm_eps=1e-5)  # fmt: skip
LLAMA3 = dict(rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)  # fmt: skip
LINEAR = dict(rope_type="linear", rope_theta=100.0, factor=2.0)
LLAMA_A = ("Llama", dict(SMALL, head_dim=10, attention_bias=True, mlp_bias=True, rope_parameters=LLAMA3))
LLAMA_B = ("Llama", dict(OTHER, rope_parameters=LINEAR))
MISTRAL = ("Mistral", dict(SMALL, sliding_window=4))
QWEN2_A = ("Qwen2", dict(SMALL, use_sliding_window=True, sliding_window=3, max_window_layers=1))
QWEN2_B = ("Qwen2", OTHER)
QWEN3_A = ("Qwen3", dict(SMALL, head_dim=8))
QWEN3_B = ("Qwen3", dict(OTHER, head_dim=4, attention_bias=True))
CASES = {
    "gpt2-sequence-a": (GPT2_A, dict(num_labels=4), [9, 33, 1, 14]),
    "gpt2-sequence-b": (GPT2_B, dict(num_labels=3), [24, 3, 7]),
    "gpt2-tokens-a": (GPT2_A, dict(num_labels=7, classifier_dropout=0.2), [12, 1, 30, 6]),
    "gpt2-tokens-b": (GPT2_B, dict(num_labels=3), [4, 24, 10]),
    "gpt2-question-a": (GPT2_A, {}, [5, 17, 2, 33]),
    "gpt2-question-b": (GPT2_B, {}, [24, 8]),
    "llama-sequence-a": (LLAMA_A, dict(num_labels=4), [9, 33, 1, 14]),
    "llama-tokens-b": (LLAMA_B, dict(num_labels=3), [4, 60, 10]),
    "llama-question-b": (LLAMA_B, {}, [24, 8]),
    "mistral-sequence-a": (MISTRAL, dict(num_labels=3), [24, 3, 7]),
    "mistral-question-a": (MISTRAL, {}, [5, 17, 2, 33]),
    "qwen2-tokens-a": (QWEN2_A, dict(num_labels=5), [12, 1, 30, 6]),
    "qwen2-question-b": (QWEN2_B, {}, [24, 8]),
    "qwen3-sequence-a": (QWEN3_A, dict(num_labels=3), [24, 3, 7]),
    "qwen3-tokens-b": (QWEN3_B, dict(num_labels=4), [4, 60, 10]),
    "gpt2-causal-a": (GPT2_A, {}, [9, 33, 1, 14]),
    "gpt2-causal-b": (GPT2_B, dict(tie_word_embeddings=False), [24, 3, 7]),
    "llama-causal-a": (LLAMA_A, dict(tie_word_embeddings=True), [9, 33, 2, 14]),
    "llama-causal-b": (LLAMA_B, dict(initializer_range=0.2), [4, 60, 10]),
    "mistral-causal-a": (MISTRAL, {}, [24, 3, 7]),
    "qwen2-causal-a": (QWEN2_A, dict(tie_word_embeddings=True), [12, 2, 30, 6]),
    "qwen3-causal-b": (QWEN3_B, dict(tie_word_embeddings=True), [4, 60, 10]),
}
CLASSES = {"sequence": "ForSequenceClassification", "tokens": "ForTokenClassification", "question": "ForQuestionAnswering", "causal": "ForCausalLM"}


def kind_of(name):
    return name.split("-")[1]


def labels_for(kind, classes, ids):
    if kind == "sequence":
        return [[int(label)] for label in torch.randint(0, classes, (len(ids),))]
    if kind == "causal":
        return [[-100 if torch.rand(()) < 0.2 else word for word in row] for row in ids]
    return spans(ids) if kind == "question" else token_labels(classes, ids)


def answer(model, kind, ids, labels, pad):
    mask = padded([[1] * len(row) for row in ids])
    batch = dict(input_ids=padded(ids, pad), attention_mask=mask)
    if kind == "sequence":
        output = model(**batch, labels=torch.tensor(labels)[:, 0])
        return output.logits, output.loss
    if kind in ("tokens", "causal"):
        output = model(**batch, labels=padded(labels, -100))
        return output.logits[mask.bool()], output.loss
    output = model(**batch)
    logits = torch.stack([output.start_logits, output.end_logits], -1)[mask.bool()]
    # In a padded batch the softmax of the reference goes over the padding too.
    losses = [
        model(input_ids=torch.tensor([row]), start_positions=torch.tensor([span[0]]), end_positions=torch.tensor([span[1]])).loss
        for row, span in zip(ids, labels, strict=True)
    ]
    return logits, torch.stack(losses).mean()


def make(name, out):
    (family, shape), head, lengths = CASES[name]
    config_class = getattr(transformers, family + "Config")
    class_name = "GPT2LMHeadModel" if name.startswith("gpt2-causal") else family + CLASSES[kind_of(name)]
    model_class = getattr(transformers, class_name)
    set_seed(20261130 + sum(name.encode()))
    config = config_class(**{**shape, **head}, attn_implementation="eager")
    model = model_class(config).eval()
    shake(model)
    folder = out / name
    model.save_pretrained(folder)
    pad = config.pad_token_id
    words = [word for word in range(config.vocab_size) if word != pad]
    ids = [[words[i] for i in torch.randint(0, len(words), (n,))] for n in lengths]
    labels = labels_for(kind_of(name), config.num_labels, ids)
    logits, loss = answer(model, kind_of(name), ids, labels, pad)
    write(folder, model, logits, loss, ids=ids, type_ids=[[0] * n for n in lengths], labels=labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT / "decoders")
    out = parser.parse_args().out
    for name in CASES:
        make(name, out)


if __name__ == "__main__":
    main()
