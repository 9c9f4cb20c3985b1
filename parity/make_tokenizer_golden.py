"""Golden token ids for dev.attune.text, made with the Python `tokenizers` library, version 0.22.2.

Not with a newer one: 0.23 stops reading a text once it has `max_length` tokens (huggingface/tokenizers#1990), so the windows
of a long document (`only_second` with overflow) end early, and in `longest_first` the odd token may go to the other text.

    python parity/make_tokenizer_golden.py core/src/test/resources/dev/attune/text/tokenizer-golden.json

Three small tokenizers stand for the families: WordPiece (BERT), byte-level BPE with RoBERTa's template, and Unigram with
T5's template. The last two are trained here (ties make training differ from run to run) and stored whole in the file.
Offsets are in UTF-16 code units, as Java counts.
"""

import json
import sys

from tokenizers import BertWordPieceTokenizer, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXTS = [
    "Hello world, the quick brown fox jumps over the lazy dogs!",
    "hello",
    "",
    "The na\u00efve caf\u00e9 in Z\u00fcrich isn't open.",
    "Smile \U0001F600 and go \U0001F44D\U0001F3FD on, the \U0001F600\U0001F600 end",
    "\u65e5\u672c quick \u6771 fox",
    "[CLS] the [MASK] fox [SEP] </s> <mask> dog",
    "tabs\tand\n\nnew lines   the  end ",
    "e\u0301t\u00e9 \ufb01ne \u212b \u0130stanbul",
    "a" * 120 + " fox",
    "the quick brown fox jumps over the lazy dog and the world is open and the dogs jump over the quick fox again",
]
PAIRS = [(0, 1), (1, 0), (4, 5), (2, 0), (0, 2), (10, 0), (0, 10), (10, 10), (6, 4)]
LENGTHS = [5, 8, 20, 512]
WINDOWS = [(1, 10, 8, 3), (3, 10, 5, 0), (4, 0, 7, 5), (2, 10, 6, 5), (0, 4, 3, 1), (1, 1, 64, 8)]  # room, stride
VOCAB = """[PAD] [UNK] [CLS] [SEP] [MASK] ! , . ' the quick brown fox jump ##s over lazy dog hello world na ##ive cafe in zur
##ich is ##n t isn open smile and go on end tabs new lines ete fi ##ne fine a istanbul again \u65e5 \u672c \u6771 ##a ##t s
##e < > / mask ] [ cls sep \U0001F600 ##\U0001F600 \ufb01 ##an""".split()


def utf16(text, point):
    return len(text[:point].encode("utf-16-le")) // 2


def record(encoding, first, second, full):
    texts = {0: first, 1: second}
    offsets = []
    sequence_ids = [-1 if s is None else s for s in encoding.sequence_ids]
    for sequence, (start, end) in zip(sequence_ids, encoding.offsets):
        offsets += [0, 0] if sequence < 0 else [utf16(texts[sequence], start), utf16(texts[sequence], end)]
    return {
        "ids": encoding.ids,
        "typeIds": encoding.type_ids,
        "specialTokensMask": encoding.special_tokens_mask,
        "offsets": offsets,
        "sequenceIds": sequence_ids,
        "untruncatedLength": full,
    }


def short(row, side):
    return row if side == "right" else {"ids": row["ids"]}


def cases(tokenizer):
    tokenizer.no_truncation()
    singles = [(i, None) for i in range(len(TEXTS))]
    full = {}
    for first, second in singles + PAIRS:
        encoding = tokenizer.encode(TEXTS[first], None if second is None else TEXTS[second])
        full[first, second] = len(encoding.ids)
    out = []
    for side in ("right", "left"):
        for length in LENGTHS if side == "right" else (13,):
            tokenizer.enable_truncation(length, strategy="longest_first", direction=side)
            for first, second in singles + PAIRS:
                pair = None if second is None else TEXTS[second]
                encoding = tokenizer.encode(TEXTS[first], pair)
                row = {"side": side, "first": first, "second": second, "maxLength": length}
                rest = record(encoding, TEXTS[first], pair, full[first, second])
                out.append(row | (rest if length == 512 else {"ids": rest["ids"]}))
    windows = []
    for side in ("right", "left"):
        for first, second, room, stride in WINDOWS:
            tokenizer.no_truncation()
            uncut = tokenizer.encode(TEXTS[first], TEXTS[second])
            whole = len(uncut.ids)
            length = room + sum(s != 1 for s in uncut.sequence_ids)
            tokenizer.enable_truncation(length, stride=stride, strategy="only_second", direction=side)
            encoding = tokenizer.encode(TEXTS[first], TEXTS[second])
            parts = [encoding] + encoding.overflowing
            windows.append(
                {"side": side, "first": first, "second": second, "maxLength": length, "stride": stride}
                | {"windows": [short(record(part, TEXTS[first], TEXTS[second], whole), side) for part in parts]}
            )
    tokenizer.no_truncation()
    decoded = []
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        decoded.append({"ids": ids, "text": tokenizer.decode(ids), "all": tokenizer.decode(ids, skip_special_tokens=False)})
    return {"cases": out, "windows": windows, "decoded": decoded}


def bert(lower):
    return BertWordPieceTokenizer(vocab={token: i for i, token in enumerate(VOCAB)}, lowercase=lower)._tokenizer


def bpe():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.BpeTrainer(
        vocab_size=330, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS[:1] + TEXTS[3:5] + TEXTS[10:], trainer)
    ids = tokenizer.token_to_id
    ends = ("</s>", ids("</s>")), ("<s>", ids("<s>"))
    # As in roberta-base. With a prefix space the library would not trim the offsets of the first token of a window.
    tokenizer.post_processor = processors.RobertaProcessing(*ends, add_prefix_space=False)
    return tokenizer


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=90, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS[:1] + TEXTS[3:4] + TEXTS[10:], trainer)
    # T5 itself has type 0 everywhere, but there the library forgets the template's types in all windows but the first.
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B:1 </s>:1", special_tokens=[("</s>", tokenizer.token_to_id("</s>"))]
    )
    return tokenizer


def main(path):
    golden = {"texts": TEXTS, "vocab": VOCAB, "tokenizers": {}}
    for name, tokenizer in (("bert-uncased", bert(True)), ("bert-cased", bert(False)), ("bpe", bpe()), ("unigram", unigram())):
        entry = cases(tokenizer)
        if not name.startswith("bert"):
            entry["tokenizer"] = json.loads(tokenizer.to_str())
        entry["vocabularySize"] = tokenizer.get_vocab_size()
        golden["tokenizers"][name] = entry
    with open(path, "w", encoding="utf-8") as file:
        json.dump(golden, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
