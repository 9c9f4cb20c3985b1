"""Writes tiny random T5s, mT5s, BARTs and mBARTs with the heads that they have, and the outputs and gradients transformers
computes for them.

    python parity/make_encoder_decoder_golden.py [--out DIR] [--g2p DIR]

A case is a folder as make_head_golden.py writes it, without type ids. Where a text is written, inputs.json has the ids that the
decoder was given (written) beside the labels, and the logits are those of all real tokens of what is written. Sequence
classification reads the last </s>, of which some texts have two. Features are the last hidden states of the real tokens; their
loss is the mean of their numbers, each times the cosine of its place. Every model is saved, and loaded again before it is asked: what the files say is what counts. A case that transformers
itself computes with less than six digits in 32 bits, compared with 64, is refused. buckets.json: T5's numbers of distances. With --g2p,
a folder that holds us_bart.safetensors and us_bart_config.json of a trained BART from words to phonemes (github:mlalma/MisakiSwift,
Resources), g2p.json: what it writes greedily for some words, and the highest logit at each place.
"""

import argparse
import json
import pathlib

import torch
import transformers
from make_bert_golden import OUT, padded, shake
from make_head_golden import spans, token_labels, write
from safetensors.torch import load_file
from transformers import set_seed
from transformers.models.t5.modeling_t5 import T5Attention

T5_A = ("T5", dict(vocab_size=43, d_model=18, d_kv=5, d_ff=26, num_layers=2, num_heads=3, num_decoder_layers=3,
                   relative_attention_num_buckets=8, relative_attention_max_distance=13, pad_token_id=0, eos_token_id=1,
                   decoder_start_token_id=0))  # fmt: skip
T5_B = ("T5", dict(vocab_size=37, d_model=20, d_kv=7, d_ff=22, num_layers=2, num_heads=4, num_decoder_layers=1,
                   relative_attention_num_buckets=12, relative_attention_max_distance=20, feed_forward_proj="gated-gelu",
                   layer_norm_epsilon=1e-5, pad_token_id=3, eos_token_id=2, decoder_start_token_id=5,
                   tie_word_embeddings=False))  # fmt: skip
T5_C = ("T5", dict(T5_B[1], feed_forward_proj="gated-silu", d_kv=5))
MT5 = ("MT5", dict(T5_A[1], feed_forward_proj="gated-gelu", d_ff=20))
BART_A = ("Bart", dict(vocab_size=43, d_model=18, encoder_layers=1, decoder_layers=2, encoder_attention_heads=3,
                       decoder_attention_heads=2, encoder_ffn_dim=26, decoder_ffn_dim=22, max_position_embeddings=35,
                       init_std=0.2, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, bos_token_id=0))  # fmt: skip
BART_B = ("Bart", dict(vocab_size=37, d_model=20, encoder_layers=2, decoder_layers=1, encoder_attention_heads=5,
                       decoder_attention_heads=2, encoder_ffn_dim=18, decoder_ffn_dim=34, max_position_embeddings=40,
                       init_std=0.2, pad_token_id=0, eos_token_id=4, decoder_start_token_id=5, bos_token_id=6,
                       forced_eos_token_id=4, activation_function="relu", scale_embedding=True))  # fmt: skip
MBART_A = ("MBart", dict(BART_A[1], scale_embedding=True, decoder_start_token_id=7))
MBART_B = ("MBart", dict(BART_B[1], activation_function="gelu_new", scale_embedding=False))
LONG = [9, 33, 2, 14]
SHORT = [24, 3, 7]
CASES = {
    "t5-write-a": (T5_A, {}, LONG),
    "t5-write-b": (T5_B, {}, SHORT),
    "t5-write-c": (T5_C, {}, SHORT),
    "mt5-write-a": (MT5, {}, SHORT),
    "bart-write-a": (BART_A, {}, LONG),
    "bart-write-b": (BART_B, {}, SHORT),
    "mbart-write-a": (MBART_A, {}, LONG),
    "mbart-write-b": (MBART_B, {}, SHORT),
    "t5-sequence-a": (T5_A, dict(num_labels=4), LONG),
    "t5-sequence-b": (T5_B, dict(num_labels=3), SHORT),
    "mt5-sequence-a": (MT5, dict(num_labels=3), SHORT),
    "bart-sequence-a": (BART_A, dict(num_labels=4), LONG),
    "bart-sequence-b": (BART_B, dict(num_labels=3), SHORT),
    "mbart-sequence-a": (MBART_A, dict(num_labels=5), SHORT),
    "t5-tokens-a": (T5_A, dict(num_labels=7), LONG),
    "t5-tokens-b": (T5_B, dict(num_labels=3), SHORT),
    "t5-question-a": (T5_A, {}, LONG),
    "t5-question-b": (T5_B, {}, SHORT),
    "bart-question-a": (BART_A, {}, LONG),
    "bart-question-b": (BART_B, {}, SHORT),
    "mbart-question-b": (MBART_B, {}, SHORT),
    "t5-features-a": (T5_A, {}, LONG),
    "mt5-features-a": (MT5, {}, SHORT),
    "bart-features-b": (BART_B, {}, SHORT),
    "mbart-features-a": (MBART_A, {}, LONG),
}
CLASSES = {
    "write": "ForConditionalGeneration",
    "sequence": "ForSequenceClassification",
    "tokens": "ForTokenClassification",
    "question": "ForQuestionAnswering",
    "features": "Model",
}
OWN_TABLES = ("t5-write-b", "mt5-write-a")


def class_of(name):
    family, kind, _ = name.split("-")
    ending = "EncoderModel" if kind == "features" and "t5" in family else CLASSES[kind]
    return getattr(transformers, CASES[name][0][0] + ending)


def inputs_for(name, config, lengths):
    kind = name.split("-")[1]
    words = [word for word in range(config.vocab_size) if word not in (config.pad_token_id, config.eos_token_id)]

    def draw(n):
        return [words[i] for i in torch.randint(0, len(words), (n,))]

    ids = [draw(n - 1) + [config.eos_token_id] for n in lengths]
    if kind == "sequence":
        if name.endswith("b"):
            for row in ids:
                row[len(row) // 3] = config.eos_token_id
        return ids, [[int(label)] for label in torch.randint(0, config.num_labels, (len(ids),))]
    if kind == "tokens":
        return ids, token_labels(config.num_labels, ids)
    if kind == "question":
        return ids, spans(ids)
    if kind == "features":
        return ids, [[0]] * len(ids)
    targets = [draw(n - 1) + [config.eos_token_id] for n in [*lengths[1:], 5]]
    return ids, [[-100 if torch.rand(()) < 0.2 else word for word in row[:-1]] + row[-1:] for row in targets]


def answer(model, kind, ids, labels):
    """What the model says, its loss, and what the decoder was given."""
    mask = padded([[1] * len(row) for row in ids])
    batch = dict(input_ids=padded(ids, model.config.pad_token_id), attention_mask=mask)
    if kind == "write":
        target = padded(labels, -100)
        there = padded([[1] * len(row) for row in labels]).bool()
        given = model.prepare_decoder_input_ids_from_labels(target)
        output = model(**batch, labels=target)
        return output.logits[there], output.loss, [row[t].tolist() for row, t in zip(given, there, strict=True)]
    if kind == "sequence":
        output = model(**batch, labels=torch.tensor(labels)[:, 0])
        return output.logits, output.loss, None
    if kind == "tokens":
        output = model(**batch, labels=padded(labels, -100))
        return output.logits[mask.bool()], output.loss, None
    if kind == "features":
        hidden = model(**batch).last_hidden_state[mask.bool()]
        return hidden, (hidden.flatten() * torch.arange(hidden.numel()).cos()).mean(), None
    output = model(**batch)
    logits = torch.stack([output.start_logits, output.end_logits], -1)[mask.bool()]
    # In a padded batch the softmax of the reference goes over the padding too.
    losses = [
        model(input_ids=torch.tensor([row]), start_positions=torch.tensor([span[0]]), end_positions=torch.tensor([span[1]])).loss
        for row, span in zip(ids, labels, strict=True)
    ]
    return logits, torch.stack(losses).mean(), None


def require_conditioned(model, kind, ids, labels):
    """The reference has to agree with itself in 64 bits, else nobody could agree with it."""
    numbers = []
    for kept in (torch.float32, torch.float64):
        model.to(kept).zero_grad()
        logits, loss, _ = answer(model, kind, ids, labels)
        loss.backward()
        grads = [p.grad.double() for p in model.parameters()]
        numbers.append([logits.detach().double(), loss.detach().double(), *grads])
    pairs = zip(*numbers, strict=True)
    worst = max(((single - double).abs() / double.abs().clamp(min=1)).max().item() for single, double in pairs)
    model.to(torch.float32).zero_grad()
    if worst > 4e-6:
        raise SystemExit(f"{kind}: 32 and 64 bits differ by {worst:.1e}; take other weights")
    return worst


def make(name, out):
    (family, shape), head, lengths = CASES[name]
    kind = name.split("-")[1]
    set_seed(20261130 + sum(name.encode()))
    config = getattr(transformers, family + "Config")(**{**shape, **head})
    model = class_of(name)(config)
    shake(model)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "relative_attention_bias" in parameter_name:
                parameter.normal_()
        if name in OWN_TABLES:
            model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.lm_head.weight) * 0.4)
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.normal_()
    folder = out / name
    model.save_pretrained(folder)
    model = class_of(name).from_pretrained(folder, attn_implementation="eager").eval()
    ids, labels = inputs_for(name, config, lengths)
    worst = require_conditioned(model, kind, ids, labels)
    logits, loss, written = answer(model, kind, ids, labels)
    more = {} if written is None else dict(written=written)
    print(f"{worst:.1e} ", end="")
    write(folder, model, logits, loss, ids=ids, type_ids=[[0] * n for n in lengths], labels=labels, **more)


def make_buckets(out):
    distances = [*range(-300, 301), -5000, -1000, 1000, 5000]
    cases = []
    for count, most in ((32, 128), (8, 13), (12, 20), (16, 64), (32, 256), (64, 1000), (6, 500)):
        for both in (True, False):
            numbers = T5Attention._relative_position_bucket(torch.tensor(distances), both, count, most)
            cases.append(dict(count=count, max_distance=most, both_ways=both, buckets=numbers.tolist()))
    (out / "buckets.json").write_text(json.dumps(dict(distances=distances, cases=cases)) + "\n", "utf-8")


def make_g2p(source, out):
    config = transformers.BartConfig.from_json_file(source / "us_bart_config.json")
    model = transformers.BartForConditionalGeneration(config).eval()
    weights = load_file(source / "us_bart.safetensors")
    weights["lm_head.weight"] = weights["model.shared.weight"]
    for stack in ("encoder", "decoder"):
        weights[f"model.{stack}.embed_tokens.weight"] = weights["model.shared.weight"]
    model.load_state_dict(weights)
    rows = []
    for word in ("attune", "transformer", "a", "misunderstanding", "Worcestershire", "queueing", "o'clock"):
        ids = [config.bos_token_id, *map(config.grapheme_chars.index, word), config.eos_token_id]
        written = [config.decoder_start_token_id]
        while written[-1] != config.eos_token_id and len(written) < 40:
            logits = model(input_ids=torch.tensor([ids]), decoder_input_ids=torch.tensor([written])).logits[0]
            written.append(int(logits[-1].argmax()))
        text = "".join(config.phoneme_chars[i] for i in written[1:-1])
        rows.append(dict(word=word, ids=ids, written=written, phonemes=text, highest=logits.max(-1).values.tolist()))
        print(word, text)
    (out / "g2p.json").write_text(json.dumps(rows, ensure_ascii=False) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT / "seq2seq")
    parser.add_argument("--g2p", type=pathlib.Path)
    args = parser.parse_args()
    for name in CASES:
        make(name, args.out)
    make_buckets(args.out)
    if args.g2p:
        with torch.no_grad():
            make_g2p(args.g2p, args.out)


if __name__ == "__main__":
    main()
