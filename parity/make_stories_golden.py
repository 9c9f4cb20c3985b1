"""Continuations and token ids of the story model of llama2.c, for the test of attune convert.

    python parity/make_stories_golden.py DATA [--out FILE] [--check FOLDER]

DATA is a folder with stories260K.bin and tok512.bin. Both are read here by code of this script's own: the checkpoint becomes a
LlamaForCausalLM, whose greedy continuations are written, and texts become ids as encode() of llama2.c's run.c finds them: the
characters first (bytes where a character is no token), then the best-scored pair of neighbours again and again. --check also loads
a folder that attune convert wrote, with AutoModelForCausalLM and AutoTokenizer, and compares.
"""

import argparse
import json
import pathlib
import struct

import numpy
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/job/stories.json"
PROMPTS = ["Once upon a time", "Lily and Ben went to the park", "The little dog was sad because"]
NEW_TOKENS = 64

PIECES = ["Once", "upon", "a", "time", "there", "was", "a", "little", "girl", "named", "Lily", "She", "loved", "to", "play",
          "outside", "in", "the", "park", "The", "dog", "said", "\u201cHello!\u201d", "and", "ran", "away", "zebra", "Quickly",
          "don't", "it's", "wow!!!", "1234567890", "3.14", "(maybe)", "x", "caf\u00e9", "na\u00efve", "\u00fcber", "\u4f60\u597d",
          "\u0645\u0631\u062d\u0628\u0627", "\u0420\u0443\u0441\u0441\u043a\u0438\u0439", "\u3053\u3093", "\U0001F600",
          "\U0001F468\u200d\U0001F469\u200d\U0001F467", "\U0001F1EB\U0001F1F7", "\u2764\ufe0f", "e\u0301", "aaaaaaa", "thethethe",
          "<0x41>", "\u2026", "--", "\u2014", "=>", "{}", "@home", "#1", "50%", "\\n", "/a/b", "~", "|", "\u00a0"]  # fmt: skip
BETWEEN = [" ", " ", " ", " ", " ", " ", "  ", "   ", "     ", "", ", ", ". ", "\n", "\t", " \n ", "\n\n"]


def lines(count):
    state = 7
    texts = ["a", " a", "a ", "  ", "   a   b    c", "\n", "     Once", "\U0001F600\U0001F600 \U0001F600"]

    def draw(limit):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return (state >> 33) % limit

    while len(texts) < count:
        text = " " * draw(3) if draw(5) == 0 else ""
        for _ in range(1 + draw(14)):
            text += PIECES[draw(len(PIECES))] + BETWEEN[draw(len(BETWEEN))]
        texts.append(text)
    return texts


class Vocabulary:
    """tok512.bin, and what run.c does with it."""

    def __init__(self, path):
        data = path.read_bytes()
        at = 4
        self.tokens = []
        self.scores = []
        while at < len(data):
            score, length = struct.unpack_from("<fi", data, at)
            self.tokens.append(data[at + 8 : at + 8 + length])
            self.scores.append(score)
            at += 8 + length
        self.ids = {token: i for i, token in enumerate(self.tokens)}

    def encode(self, text):
        found = [1]
        if text:
            found.append(self.ids[b" "])
        for character in text:
            data = character.encode()
            found += [self.ids[data]] if data in self.ids else [byte + 3 for byte in data]
        while True:
            best = (-1e10, None, None)
            for i in range(len(found) - 1):
                joined = self.ids.get(self.tokens[found[i]] + self.tokens[found[i + 1]])
                if joined is not None and self.scores[joined] > best[0]:
                    best = (self.scores[joined], joined, i)
            if best[1] is None:
                return found
            found[best[2] : best[2] + 2] = [best[1]]

    def decode(self, ids):
        data = b""
        before = None
        for i in ids:
            token = self.tokens[i]
            if before == 1 and token.startswith(b" "):
                token = token[1:]
            if 3 <= i < 259:
                token = bytes([i - 3])
            if i > 2:
                data += token
            before = i
        return data.decode("utf-8", "replace")


def model(path):
    data = path.read_bytes()
    dim, hidden, layers, heads, kv_heads, vocab, length = struct.unpack_from("<7i", data)
    size = dim // heads
    numbers = numpy.frombuffer(data, "<f4", offset=28)
    at = 0

    def take(*shape):
        nonlocal at
        count = int(numpy.prod(shape))
        at += count
        return torch.from_numpy(numbers[at - count : at].reshape(shape).copy())

    def turned(table, count):
        return table.view(count, size // 2, 2, dim).transpose(1, 2).reshape(count * size, dim)

    words = abs(vocab)
    state = {"model.embed_tokens.weight": take(words, dim)}
    tables = [("input_layernorm", (dim,)), ("self_attn.q_proj", (dim, dim)), ("self_attn.k_proj", (kv_heads * size, dim)),
              ("self_attn.v_proj", (kv_heads * size, dim)), ("self_attn.o_proj", (dim, dim)), ("post_attention_layernorm", (dim,)),
              ("mlp.gate_proj", (hidden, dim)), ("mlp.down_proj", (dim, hidden)), ("mlp.up_proj", (hidden, dim))]  # fmt: skip
    for name, shape in tables:
        for layer, table in enumerate(take(layers, *shape)):
            if name.endswith("q_proj"):
                table = turned(table, heads)
            if name.endswith("k_proj"):
                table = turned(table, kv_heads)
            state[f"model.layers.{layer}.{name}.weight"] = table
    state["model.norm.weight"] = take(dim)
    take(2, length, size // 2)
    state["lm_head.weight"] = state["model.embed_tokens.weight"] if vocab > 0 else take(words, dim)
    assert at == len(numbers)
    config = LlamaConfig(vocab_size=words, hidden_size=dim, intermediate_size=hidden, num_hidden_layers=layers,
                         num_attention_heads=heads, num_key_value_heads=kv_heads, max_position_embeddings=length,
                         rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=vocab > 0, bos_token_id=1,
                         eos_token_id=2)  # fmt: skip
    made = LlamaForCausalLM(config)
    made.load_state_dict(state)
    return made.eval()


def continued(made, ids):
    with torch.no_grad():
        found = made.generate(torch.tensor([ids]), do_sample=False, max_new_tokens=NEW_TOKENS)
    return found[0, len(ids) :].tolist()


def check(folder, golden, texts, vocabulary):
    loaded, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    print(type(loaded).__name__, type(tokenizer).__name__, {name: list(keys) for name, keys in info.items()})
    different = [text for text in texts if tokenizer(text)["input_ids"] != vocabulary.encode(text)]
    print(len(texts) - len(different), "of", len(texts), "lines have the same ids; others:", different[:3])
    for case in golden:
        ids = tokenizer(case["prompt"])["input_ids"]
        same = ids == case["ids"] and continued(loaded, ids) == case["continuation"]
        text = tokenizer.decode(ids + case["continuation"], skip_special_tokens=True)
        print(repr(case["prompt"]), "same tokens:", same, "same text:", text == case["text"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    parser.add_argument("--check", type=pathlib.Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    vocabulary = Vocabulary(args.data / "tok512.bin")
    made = model(args.data / "stories260K.bin")
    cases = []
    for prompt in PROMPTS:
        ids = vocabulary.encode(prompt)
        new = continued(made, ids)
        cases.append(dict(prompt=prompt, ids=ids, continuation=new, text=vocabulary.decode(ids + new)))
        print(repr(cases[-1]["text"]))
    texts = lines(200)
    if args.check:
        check(args.check, cases, texts, vocabulary)
        return
    encoded = [json.dumps(dict(text=text, ids=vocabulary.encode(text)), separators=(",", ":")) for text in texts]
    stories = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    args.out.write_text('{"stories":[\n' + stories + '\n],"lines":[\n' + ",\n".join(encoded) + "\n]}\n", "utf-8")
    print(len(texts), "lines,", sum(len(vocabulary.encode(text)) for text in texts), "tokens")


if __name__ == "__main__":
    main()
