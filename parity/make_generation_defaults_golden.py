"""Writes what generate does by default where a model has no generation_config.json and its config.json leaves keys out.

    python parity/make_generation_defaults_golden.py [--out FILE]

The models are those of make_model_generation_golden.py and one of make_encoder_decoder_golden.py. A case has the folder of the model,
what is changed in its config.json ("drop" leaves keys out, "set" sets them), the tokens that generation then knows, a prompt (of an encoder-decoder what it
reads), the maximum length, and the tokens that greedy search writes behind the prompt or the start; null where the reference refuses to. Of a model that is
loaded it reads config.json as it stands: the values that its class has for keys left out, forced_eos_token_id 2 of a BART for one, are none
of generation.
"""

import argparse
import json
import pathlib
import shutil
import tempfile

import torch
import transformers

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune"
BART, MBART, T5 = "task/language/bart/model", "model/seq2seq/mbart-write-b", "task/language/t5/model"
GPT2, LLAMA, MISTRAL, QWEN = (f"model/decoders/{name}-causal-{kind}" for name, kind in
                              (("gpt2", "a"), ("llama", "a"), ("mistral", "a"), ("qwen2", "a")))  # fmt: skip
TOKENS = ["bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id", "forced_eos_token_id"]
CASES = [
    (BART, dict(drop=["forced_eos_token_id"], set={})),
    (BART, dict(drop=[], set=dict(forced_eos_token_id=None))),
    (BART, dict(drop=[], set=dict(forced_eos_token_id=1))),
    (BART, dict(drop=TOKENS, set={})),
    (MBART, dict(drop=["forced_eos_token_id"], set={})),
    (MBART, dict(drop=["forced_eos_token_id", "eos_token_id"], set={})),
    (T5, dict(drop=["eos_token_id"], set={})),
    (GPT2, dict(drop=TOKENS, set={})),
    (LLAMA, dict(drop=TOKENS, set={})),
    (MISTRAL, dict(drop=TOKENS, set={})),
    (QWEN, dict(drop=TOKENS, set={})),
]


def case(folder, change):
    with tempfile.TemporaryDirectory() as copy:
        config = json.loads((RESOURCES / folder / "config.json").read_text(encoding="utf-8"))
        config = {key: value for key, value in config.items() if key not in change["drop"]} | change["set"]
        (pathlib.Path(copy) / "config.json").write_text(json.dumps(config), encoding="utf-8")
        shutil.copy(RESOURCES / folder / "model.safetensors", copy)
        reads = config["architectures"][0].endswith("ForConditionalGeneration")
        auto = transformers.AutoModelForSeq2SeqLM if reads else transformers.AutoModelForCausalLM
        model = auto.from_pretrained(copy, attn_implementation="eager").eval()
    torch.manual_seed(6)
    prompt = torch.randint(3, config["vocab_size"], (1, 5))
    length = 7 if reads else 12
    mask = torch.ones_like(prompt)
    written = None
    try:
        found = model.generate(prompt, attention_mask=mask, max_length=length, do_sample=False)[0].tolist()
        written = found[1:] if reads else found[prompt.shape[1] :]
    except ValueError as refusal:
        assert "decoder_start_token_id" in str(refusal), refusal
    tokens = {key: getattr(model.generation_config, key) for key in TOKENS}
    return dict(model=folder, **change, tokens=tokens, prompt=prompt[0].tolist(), length=length, written=written)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=RESOURCES / "generate/defaults.json")
    out = parser.parse_args().out
    cases = [case(folder, change) for folder, change in CASES]
    # Otherwise they would tell nothing: one text ends because it has to, the others do not.
    free, none, forced = (each["written"] for each in cases[:3])
    assert len(free) == 6 and free == none and free[-1] not in (1, 2) and forced == free[:-1] + [1], cases[:3]
    text = ",\n".join(json.dumps(each) for each in cases)
    out.write_text(f'{{"versions": "transformers {transformers.__version__}", "cases": [\n{text}\n]}}\n', encoding="utf-8")
    print(len(cases), "cases,", out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
