"""Times texts that a model with random weights writes, as transformers' generate writes them; see protocol.py for --serve.

    python hf_generate.py --model DIR --batch-size 8 --beams 1 --new-tokens 64 [--bf16] --answers FILE --serve

A step is one call of generate: --batch-size prompts of different lengths, of random tokens (padded on the left, as the reference wants
them), and --new-tokens tokens for each; no text ends before. Samples are prompts, tokens are new tokens. --answers gets the tokens of
the first call, which both sides have to agree on. With --bf16 the weights have 16 bits.

    python hf_generate.py --bandwidth
"""

import argparse
import json
import math
import pathlib
import time

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, GenerationConfig

import protocol


def model_class(config):
    return AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM


def prompts(batch, words):
    """The same on both sides: benchmarks/compare makes no file of them."""
    lengths = [32] if batch == 1 else [16 + 32 * i // (batch - 1) for i in range(batch)]
    return [[3 + (7919 * (i + 1) * (t + 1) + 31 * t) % (words - 10) for t in range(n)] for i, n in enumerate(lengths)]


def bandwidth():
    """Bytes that all threads together read from memory in a second: the best of many sums of half a gigabyte."""
    numbers = torch.ones(1 << 27)
    best = math.inf
    for _ in range(20):
        begin = time.perf_counter()
        numbers.sum()
        best = min(best, time.perf_counter() - begin)
    return numbers.nbytes / best


class Writer:
    def __init__(self, args):
        config = transformers.AutoConfig.from_pretrained(args.model)
        dtype = torch.bfloat16 if args.bf16 else torch.float32
        self.model = model_class(config).from_pretrained(args.model, dtype=dtype).eval()
        self.asked = prompts(args.batch_size, config.vocab_size)
        longest = max(map(len, self.asked))
        self.ids = torch.tensor([[0] * (longest - len(row)) + row for row in self.asked])
        self.mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in self.asked])
        self.new = args.new_tokens
        self.config = GenerationConfig(
            max_new_tokens=self.new, min_new_tokens=self.new, do_sample=False, num_beams=args.beams, eos_token_id=1, pad_token_id=0,
            decoder_start_token_id=0,
        )  # fmt: skip

    def run(self):
        begin = time.perf_counter()
        with torch.inference_mode():
            found = self.model.generate(self.ids, attention_mask=self.mask, generation_config=self.config)
        return time.perf_counter() - begin, found[:, -self.new :].tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bandwidth", action="store_true", help="print how many bytes a second are read from memory, and end")
    parser.add_argument("--model", type=pathlib.Path)
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--beams", type=int, default=1)
    parser.add_argument("--new-tokens", type=int, default=64)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--answers", type=pathlib.Path)
    parser.add_argument("--serve", action="store_true")
    args = parser.parse_args()
    stream = protocol.claim_stdout()
    transformers.logging.disable_progress_bar()
    if args.bandwidth:
        stream.write(json.dumps(bandwidth()) + "\n")
        stream.flush()
        return
    writer = Writer(args)
    written = None
    while (count := protocol.next_chunk()) is not None:
        seconds = []
        for _ in range(count):
            took, texts = writer.run()
            seconds.append(took)
            if written is None and args.answers:
                written = texts
                args.answers.write_text(json.dumps([[token for text in texts for token in text]]), "utf-8")
        protocol.answer(stream, seconds, [args.batch_size] * count, [args.batch_size * args.new_tokens] * count)


if __name__ == "__main__":
    main()
