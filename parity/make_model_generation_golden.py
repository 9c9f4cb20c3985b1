"""Writes what tiny models of several families write, as transformers' generate has it.

    python parity/make_model_generation_golden.py [--out FILE]

The models are those of make_decoder_golden.py and make_language_training_golden.py. A case has the folder of the model, prompts of
different lengths (of an encoder-decoder what it reads), the arguments, and for each prompt the new tokens of each text, best first, with
the sum of the logarithms of their probabilities for beams. Each prompt is asked alone: nothing is padded.
"""

import argparse
import json
import pathlib

import torch
import transformers

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune"
DECODERS = [
    "gpt2-causal-a", "gpt2-causal-b", "llama-causal-a", "llama-causal-b", "mistral-causal-a", "qwen2-causal-a", "qwen3-causal-b",
]  # fmt: skip
WRITERS = ["t5", "bart"]
SEARCHES = [
    dict(max_new_tokens=9),
    dict(max_new_tokens=9, num_beams=3, num_return_sequences=2),
    dict(max_new_tokens=7, num_beams=5, length_penalty=0.0, early_stopping=True),
    dict(max_new_tokens=9, repetition_penalty=1.7, no_repeat_ngram_size=2),
]


def written(model, ids, arguments, new):
    """The tokens behind the prompt, without what fills short rows, and the scores of beams."""
    config = transformers.GenerationConfig(
        eos_token_id=model.config.eos_token_id if model.config.is_encoder_decoder else 7, pad_token_id=0,
        decoder_start_token_id=getattr(model.config, "decoder_start_token_id", None),
        return_dict_in_generate=True, output_scores=True, **arguments,
    )  # fmt: skip
    found = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), generation_config=config)
    end = config.eos_token_id
    texts = []
    for row in found.sequences.tolist():
        row = row[new:]
        texts.append(row[: row.index(end) + 1] if end in row else row)
    scores = getattr(found, "sequences_scores", None)
    return dict(texts=texts, scores=None if scores is None else scores.tolist())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=RESOURCES / "generate/models.json")
    out = parser.parse_args().out
    cases = []
    for folder in [f"model/decoders/{name}" for name in DECODERS] + [f"task/language/{name}/model" for name in WRITERS]:
        config = transformers.AutoConfig.from_pretrained(RESOURCES / folder)
        auto = transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
        model = auto.from_pretrained(RESOURCES / folder, attn_implementation="eager").eval()
        torch.manual_seed(5)
        prompts = [torch.randint(3, config.vocab_size, (n,)).tolist() for n in (4, 1, 11)]
        for arguments in SEARCHES:
            answers = [written(model, ids, arguments, 1 if config.is_encoder_decoder else len(ids)) for ids in prompts]
            cases.append(dict(model=folder, prompts=prompts, arguments=arguments, answers=answers))
    text = ",\n".join(json.dumps(case) for case in cases)
    out.write_text(f'{{"versions": "transformers {transformers.__version__}", "cases": [\n{text}\n]}}\n', encoding="utf-8")
    print(len(cases), "cases,", out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
