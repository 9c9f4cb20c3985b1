"""Writes what transformers makes of scores, and the texts it generates, for models that are tables.

    python parity/make_generation_golden.py [--out DIR]

processors.json: for generation configs with one key, some keys or all: scores of the next token before and after all logits
processors of the config, and the distribution that sampling would draw from. Numbers that JSON has no word for are texts.

searches.json: whole generations. A decoder's logits are first[last token] + second[the token before it, or the last if there is
none]; an encoder-decoder's are first[last token] + second[(a token of the source, which goes round with the length, + 5 times
the length) % V]: a place counts, or texts with the same pairs of tokens would be equally likely. Each case has its texts for all
prompts, made one prompt at a time, with score and ids without what they began with. A beam's score is sequences_scores; a greedy
text's is the mean of the log probabilities of its tokens after all processors.

stops.json: the same for stop strings, with a tokenizer of pieces whose texts are joined.
"""

import argparse
import json
import math
import pathlib
import random

import torch
from tokenizers import Tokenizer, decoders, models
from transformers import GenerationConfig, GenerationMixin, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import BaseModelOutput, CausalLMOutput, Seq2SeqLMOutput

OUT = pathlib.Path(__file__).parents[1] / "core/src/test/resources/dev/attune/generate"
V = 23
PAD, EOS, START = 0, 1, 3
PROMPTS = [[5, 9, 14], [7], [4, 4, 8, 20, 6, 11, 4], [12, 22]]


class TableConfig(PreTrainedConfig):
    model_type = "table"


class Table(PreTrainedModel, GenerationMixin):
    config_class = TableConfig
    main_input_name = "input_ids"

    def __init__(self, config, first, second):
        super().__init__(config)
        self.first, self.second = first, second
        self.encoder = Tokens()
        self.anchor = torch.nn.Parameter(torch.zeros(1))

    def get_encoder(self, modality=None):
        return self.encoder


class Tokens(torch.nn.Module):
    """An encoder that hands its tokens on."""

    main_input_name = "input_ids"

    def forward(self, input_ids, **ignored):
        return BaseModelOutput(last_hidden_state=input_ids[:, :, None].float())


class DecoderTable(Table):
    def forward(self, input_ids=None, attention_mask=None, **ignored):
        before = input_ids[:, -2] if input_ids.shape[1] > 1 else input_ids[:, -1]
        return CausalLMOutput(logits=(self.first[input_ids[:, -1]] + self.second[before])[:, None])

    def prepare_inputs_for_generation(self, input_ids, **ignored):
        return {"input_ids": input_ids}


class EncoderDecoderTable(Table):
    def forward(self, input_ids=None, decoder_input_ids=None, encoder_outputs=None, **ignored):
        source = encoder_outputs.last_hidden_state[:, :, 0].long()
        length = decoder_input_ids.shape[1]
        at = (source[:, (length - 1) % source.shape[1]] + 5 * length) % V
        return Seq2SeqLMOutput(logits=(self.first[decoder_input_ids[:, -1]] + self.second[at])[:, None])

    def prepare_inputs_for_generation(self, input_ids, encoder_outputs=None, **ignored):
        return {"decoder_input_ids": input_ids, "encoder_outputs": encoder_outputs}


def model_of(encoder_decoder, first, second, vocabulary=V):
    config = TableConfig(vocab_size=vocabulary, is_encoder_decoder=encoder_decoder, num_hidden_layers=1)
    model = (EncoderDecoderTable if encoder_decoder else DecoderTable)(config, first, second)
    model.generation_config = GenerationConfig()
    return model


def rounded(tensor):
    """As JSON keeps it: both sides read the same floats."""
    return torch.tensor([[float(f"{x:.5f}") for x in row] for row in tensor.tolist()])


def digits(tensor):
    return [float(f"{x:.8g}") for x in tensor.tolist()]


def word(number):
    return number if math.isfinite(number) else str(number)


# ---- scores -------------------------------------------------------------------------------------------------------


def processed(model, config, prompt, text, scores):
    """(text) is what the next token follows: prompt and new tokens, or start token and new tokens."""
    config = GenerationConfig(use_cache=False, decoder_start_token_id=START, pad_token_id=PAD, **config)
    given_max, given_min = config.max_length is None, config.min_length is None
    config, _ = model._prepare_generation_config(config)
    config.validate()
    source = torch.tensor([prompt])
    model._prepare_special_tokens(config, device="cpu", batch_size=1)
    start = 1 if model.config.is_encoder_decoder else len(prompt)
    config = model._prepare_generated_length(config, given_max, given_min, "input_ids", start, source)
    processors = model._get_logits_processor(config, start, source, device="cpu", model_kwargs={})
    try:
        return processors(torch.tensor([text]), torch.tensor([scores]))[0]
    except ValueError as e:  # top_h and eta_cutoff refuse what is all banned, or no number
        if "satisfy the constraint" not in str(e):
            raise
        return torch.full((len(scores),), math.nan)


def odd_scores(random, size):
    kind = random.choice(["plain", "ties", "banned", "large", "flat"])
    if kind == "flat":
        return [0.25] * size
    if kind == "ties":
        return [random.choice([-1.5, 0.0, 2.0, 2.5]) for _ in range(size)]
    scores = [round(random.gauss(0, 60 if kind == "large" else 2), 4) for _ in range(size)]
    if kind == "banned":
        for at in random.sample(range(size), size // 3):
            scores[at] = -math.inf
    return scores


PROCESSORS = [
    dict(sequence_bias=[[[3], 1.5], [[5, 2], -4.0], [[5, 2, 1], 2.25], [[2], -math.inf], [[6, 2], 0.5]]),
    dict(encoder_repetition_penalty=1.7),
    dict(encoder_repetition_penalty=0.6),
    dict(repetition_penalty=1.3),
    dict(repetition_penalty=0.5),
    dict(no_repeat_ngram_size=1),
    dict(no_repeat_ngram_size=2),
    dict(no_repeat_ngram_size=3),
    dict(encoder_no_repeat_ngram_size=1),
    dict(encoder_no_repeat_ngram_size=2),
    dict(encoder_no_repeat_ngram_size=3),
    dict(bad_words_ids=[[1], [2], [5, 2], [4, 5, 6], [0, 0]]),
    dict(min_length=6),
    dict(min_new_tokens=2),
    dict(min_length=9, min_new_tokens=1),
    dict(forced_bos_token_id=2),
    dict(forced_eos_token_id=1, max_length=6),
    dict(forced_eos_token_id=[1, 4], max_new_tokens=3),
    dict(remove_invalid_values=True),
    dict(exponential_decay_length_penalty=[1, 1.2]),
    dict(suppress_tokens=[5, 6]),
    dict(begin_suppress_tokens=[2, 5]),
    dict(begin_suppress_tokens=[1, 4], forced_bos_token_id=2),
    dict(renormalize_logits=True),
]
WARPERS = [
    dict(temperature=0.4),
    dict(temperature=2.5),
    dict(top_h=0.3),
    dict(top_h=0.9),
    dict(top_k=1),
    dict(top_k=3),
    dict(top_k=500),
    dict(top_p=0.0),
    dict(top_p=0.3),
    dict(top_p=0.87),
    dict(min_p=0.0),
    dict(min_p=0.21),
    dict(min_p=1.0),
    dict(typical_p=0.2),
    dict(typical_p=0.93),
    dict(epsilon_cutoff=0.07),
    dict(epsilon_cutoff=0.6),
    dict(eta_cutoff=0.09),
    dict(eta_cutoff=0.7),
    dict(renormalize_logits=True),
]


def mixture(random, parts, most):
    config = {}
    for part in random.sample(parts, random.randint(2, most)):
        config |= {key: value for key, value in part.items() if key not in config}
    return config


def processor_cases(random):
    configs = [dict(do_sample=False)]
    configs += [dict(part, do_sample=False) for part in PROCESSORS]
    configs += [dict(part, do_sample=True, top_k=part.get("top_k", 0)) for part in WARPERS]
    configs += [dict(do_sample=True)]
    configs += [dict(part, do_sample=True, top_k=part.get("top_k", 0), num_beams=3) for part in WARPERS]
    configs += [dict(mixture(random, PROCESSORS, 6), do_sample=False) for _ in range(40)]
    configs += [dict(mixture(random, WARPERS, 4), do_sample=True) for _ in range(40)]
    configs += [mixture(random, PROCESSORS, 4) | mixture(random, WARPERS, 3) | dict(do_sample=True) for _ in range(40)]
    everything = {}
    for part in PROCESSORS + WARPERS:
        everything = part | everything
    configs += [dict(everything, do_sample=True, max_length=40), dict(everything, num_beams=2, do_sample=True, max_length=40)]
    cases = []
    for config in configs:
        config = dict(config)
        if config.get("min_length", 0) > config.get("max_length", 99):
            del config["min_length"]  # refused here
        if config["do_sample"] and "forced_eos_token_id" in config:
            config["forced_eos_token_id"] = 1  # several are equal, and sorted as it happens
        config["eos_token_id"] = random.choice([1, 1, [1, 4]])
        # Which of equals stays is nobody's to say: where several must stay in any case, scores differ.
        tie_free = config.get("num_beams", 1) > 1 or "typical_p" in config or "top_p" in config or "top_h" in config
        wanted = 3
        for _ in range(200):
            size = random.choice([7, 8, 11, 24])
            encoder_decoder = random.random() < 0.5
            prompt = [random.randrange(7) for _ in range(random.choice([1, 2, 4, 6]))]
            new = [random.randrange(7) for _ in range(random.choice([0, 0, 1, 2, 5]))]
            text = ([3] if encoder_decoder else prompt) + new
            scores = odd_scores(random, size)
            if tie_free and len(set(scores)) < size - scores.count(-math.inf):
                continue
            if len(text) >= config.get("max_length", 99) or len(new) >= config.get("max_new_tokens", 99):
                continue
            model = model_of(encoder_decoder, torch.zeros(1), torch.zeros(1), size)
            after = processed(model, config, prompt, text, scores)
            if after.isnan().any() or after.isneginf().all():
                continue  # see generate's package-info
            cases.append(
                dict(
                    config=config,
                    encoder_decoder=encoder_decoder,
                    prompt=prompt,
                    new=new,
                    scores=scores,
                    after=digits(after),
                    probabilities=digits(torch.softmax(after, -1)) if config["do_sample"] else None,
                )
            )
            wanted -= 1
            if not wanted:
                break
    return cases


# ---- whole texts --------------------------------------------------------------------------------------------------


def search_configs(random):
    configs = [dict(max_new_tokens=12), dict(), dict(max_length=9), dict(max_new_tokens=1)]
    for beams in range(2, 6):
        configs += [dict(num_beams=beams, max_new_tokens=14)]
        for penalty in (-1.0, 0.0, 0.6, 1.0, 2.0):
            for early in (False, True, "never"):
                configs += [dict(num_beams=beams, length_penalty=penalty, early_stopping=early, max_new_tokens=16)]
    extra = [
        dict(eos_token_id=[1, 2]),
        dict(eos_token_id=[1, 2, 15]),
        dict(min_length=8),
        dict(min_new_tokens=7),
        dict(max_length=11),
        dict(no_repeat_ngram_size=1),
        dict(no_repeat_ngram_size=2),
        dict(no_repeat_ngram_size=3),
        dict(encoder_no_repeat_ngram_size=1),
        dict(encoder_no_repeat_ngram_size=2),
        dict(repetition_penalty=1.8),
        dict(repetition_penalty=0.7),
        dict(forced_bos_token_id=17),
        dict(forced_eos_token_id=1),
        dict(forced_eos_token_id=[1, 6]),
        dict(bad_words_ids=[[4], [9, 9], [1], [20, 6], [13, 2, 5]]),
        dict(exponential_decay_length_penalty=[3, 1.3]),
        dict(suppress_tokens=[6, 7, 8]),
        dict(begin_suppress_tokens=[1, 10, 11]),
        dict(renormalize_logits=True, suppress_tokens=[5, 6]),
        dict(remove_invalid_values=True, no_repeat_ngram_size=2),
        dict(sequence_bias=[[[6], 1.0], [[5, 6], -3.0], [[11, 12], 2.5]]),
    ]
    for part in extra:
        length = {} if "max_length" in part else dict(max_new_tokens=15)
        for beams in (1, 3):
            if beams == 1 or part.get("forced_eos_token_id") != [1, 6]:
                configs += [dict(length | part, num_beams=beams)]
    for sequences in (2, 4):
        configs += [dict(num_beams=4, num_return_sequences=sequences, max_new_tokens=13, early_stopping=sequences == 4)]
    for _ in range(60):
        config = mixture(random, extra, 4)
        config["num_beams"] = random.randint(1, 5)
        if config["num_beams"] > 1:
            config["length_penalty"] = random.choice([-1.0, 0.0, 0.6, 1.0, 2.0])
            config["early_stopping"] = random.choice([False, True, "never"])
            config["num_return_sequences"] = random.randint(1, config["num_beams"])
            if "forced_eos_token_id" in config:
                config["forced_eos_token_id"] = 1  # of several, beams take any: they are equal
        if "max_length" not in config:
            config["max_new_tokens"] = random.randint(config.get("min_new_tokens", 2), 25)
        configs += [config]
    return configs


def texts(model, config, prompt, **more):
    """Ids and scores of all texts of a prompt; None where the reference has a score that is no number."""
    config = dict(dict(eos_token_id=EOS, pad_token_id=PAD, decoder_start_token_id=START, use_cache=False), **config)
    out = model.generate(
        torch.tensor([prompt]),
        generation_config=GenerationConfig(**config, return_dict_in_generate=True, output_scores=True),
        **more,
    )
    start = 1 if model.config.is_encoder_decoder else len(prompt)
    if any(score.isnan().any() for score in out.scores):
        return None
    found = []
    for i, ids in enumerate(out.sequences.tolist()):
        if config.get("num_beams", 1) > 1:
            length = int((out.beam_indices[i] >= 0).sum())
            score = float(out.sequences_scores[i])
        else:
            length = len(out.scores)
            chosen = zip(out.scores, ids[start:])
            score = sum(float(torch.log_softmax(s[0], -1)[token]) for s, token in chosen) / length
        found.append(dict(ids=ids[start : start + length], score=score))
    return found


def table(seed, end):
    torch.manual_seed(seed)
    first, second = torch.randn(V, V) * 1.6, torch.randn(V, V) * 1.2
    first[:, EOS] += end
    return rounded(first), rounded(second)


def search_cases(random):
    tables = {"decoder": table(11, 0.6), "encoder-decoder": table(12, 0.9)}
    cases = []
    for name, (first, second) in tables.items():
        model = model_of(name == "encoder-decoder", first, second)
        for config in search_configs(random):
            room = [p for p in PROMPTS if name != "decoder" or len(p) < config.get("max_length", 99)]
            answers = [texts(model, config, prompt) for prompt in room]
            if None not in answers:
                cases.append(dict(model=name, config=config, prompts=room, texts=answers))
    return dict(
        tables={name: [first.tolist(), second.tolist()] for name, (first, second) in tables.items()}, cases=cases
    )


# ---- stop strings -------------------------------------------------------------------------------------------------

PIECES = ["<pad>", "</s>", "a", "b", "c", "d", "e", "f", "st", "op", "stop", "opera", "sto", "pper", "\n", " ", "é", "p", "s",
          "x", "ss", "<end>", "per"]  # fmt: skip


def stop_cases():
    tokens = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(PIECES)}, merges=[]))
    tokens.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokens, clean_up_tokenization_spaces=False)
    first, second = table(21, -2.0)
    first[:, 8:15] += 1.0
    first, second = rounded(first), rounded(second)
    model = model_of(False, first, second)
    cases = []
    for strings in (["stop"], ["op"], ["pp", "\n"], ["ss"], ["é", "<end>"], ["s\n", "erst"], ["a"], ["ope", "pers"]):
        for beams in (1, 3):
            config = dict(stop_strings=strings, num_beams=beams, max_new_tokens=18)
            answers = [texts(model, config, prompt, tokenizer=tokenizer) for prompt in PROMPTS]
            cases.append(dict(config=config, prompts=PROMPTS, texts=answers))
    return dict(pieces=PIECES, table=[first.tolist(), second.tolist()], cases=cases)


def lines(value):
    """JSON with a case a line."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(case, allow_nan=False) for case in value) + "\n]\n"
    rest = {key: part for key, part in value.items() if key != "cases"}
    return json.dumps(rest, allow_nan=False)[:-1] + ', "cases": ' + lines(value["cases"]).strip() + "}\n"


def finite(value):
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return [finite(part) for part in value]
    return word(value) if isinstance(value, float) else value


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    (out / "processors.json").write_text(lines(finite(processor_cases(random.Random(1)))))
    (out / "searches.json").write_text(lines(finite(search_cases(random.Random(2)))))
    (out / "stops.json").write_text(lines(finite(stop_cases())), encoding="utf-8")
