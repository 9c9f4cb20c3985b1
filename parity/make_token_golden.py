"""Writes what Hugging Face's token classification pipeline and tokenizer answer, and what seqeval counts, for
TokenClassificationParityTest.

    python parity/make_token_golden.py FOLDER

FOLDER is a clone of github.com/chakki-works/seqeval. A tiny BERT with random weights; numbers and tags only. Needs
tokenizers 0.22.2 on PYTHONPATH: 0.23.2 loses all but two windows of a long text.
"""

import json
import pathlib
import random
import sys
import types
import warnings

# transformers asks for a newer version of tokenizers than the one whose windows are whole.
checks = types.ModuleType("transformers.dependency_versions_check")
checks.dep_version_check = lambda *names: None
sys.modules[checks.__name__] = checks

import numpy as np
import tokenizers
import torch
import transformers
from transformers import AutoTokenizer, BertConfig, BertForTokenClassification, pipeline

sys.path.insert(0, sys.argv[1])
from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score  # noqa: E402
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parents[1] / "core/src/test/resources/dev/attune/task/tokenclassification"
WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] the a in lives wolf ##gang berlin ##er new york , . ! ' don t it s ##s ##ly is not"
    " أحمد ##ي يعيش في القاهرة 😀 and good # -"
).split()
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC"]
TEXTS = [
    "Wolfgang lives in Berlin.",
    "😀 wolfgangly don't 😀 berliner, new york!",
    "أحمدي يعيش في القاهرة 😀",
    "it's the zebra - wolfs and wolfgang # not new york, and the berliners is in york not in the new berlin and a wolf .",
    "the zebraly 😀😀 Berlinerly, don't it",
]
SPLIT = [
    ["wolfgang", "lives", "in", "new", "york", "."],
    ["don't", "", "😀", "berlin,", "أحمدي", "#", "zebra"],
    ["", "wolf", " ", "berlinerly", "!", "'s", "new york"],
]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def pipelines(golden):
    torch.manual_seed(20261125)
    folder = OUT / "model"
    folder.mkdir(parents=True, exist_ok=True)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, initializer_range=0.6, id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    )  # fmt: skip
    BertForTokenClassification(config).eval().save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    golden["runs"] = []
    for stride, limit in ((None, 64), (4, 14)):
        tokenizer.model_max_length = limit
        for strategy in ("none", "simple", "first", "average", "max"):
            if stride and strategy == "none":
                continue
            for ignore in (["O"], []):
                options = dict(aggregation_strategy=strategy, ignore_labels=ignore)
                find = pipeline(
                    "token-classification", model=str(folder), tokenizer=tokenizer, **options, **({"stride": stride} if stride else {})
                )  # fmt: skip
                answers = [plain(find(text)) for text in TEXTS]
                split = [plain(find([words], is_split_into_words=True)[0]) for words in SPLIT]
                golden["runs"].append(dict(strategy=strategy, ignore=ignore, stride=stride, limit=limit, answers=answers, split=split))
    tokenizer.model_max_length = 64
    golden["words"] = []
    for words in SPLIT:
        for limit in (64, 6):
            got = tokenizer(words, is_split_into_words=True, truncation=True, max_length=limit)
            ids = [-1 if word is None else word for word in got.word_ids()]
            golden["words"].append(dict(words=words, limit=limit, ids=got["input_ids"], word_ids=ids))


def entities(golden):
    warnings.simplefilter("ignore")
    chance = random.Random(9)
    golden["seqeval"] = []
    for case in range(240):
        letters = "BI" if case % 3 == 0 else "BIES" if case % 3 == 1 else "I"
        tags = ["O"] * (1 + case % 4) + [f"{letter}-{kind}" for letter in letters for kind in ("PER", "LOC", "a-b")[: 1 + case % 3]]
        truth, predicted = [], []
        for _ in range(chance.randint(1, 4)):
            true = [chance.choice(tags) for _ in range(chance.randint(1, 9))]
            truth.append(true)
            predicted.append([tag if chance.random() < 0.6 else chance.choice(tags) for tag in true])
        every = precision_recall_fscore_support(truth, predicted, average=None)
        kinds = sorted({kind for kind in ("PER", "LOC", "a-b") if any(kind in tag for s in truth + predicted for tag in s)})
        golden["seqeval"].append(
            dict(
                truth=truth, predicted=predicted, precision=float(precision_score(truth, predicted)),
                recall=float(recall_score(truth, predicted)), f1=float(f1_score(truth, predicted)),
                accuracy=float(accuracy_score(truth, predicted)), types=kinds,
                each=[[float(x) for x in column] for column in every],
            )
        )  # fmt: skip


def main():
    assert tokenizers.__version__.startswith("0.22"), tokenizers.__version__
    OUT.mkdir(parents=True, exist_ok=True)
    golden = dict(versions=dict(transformers=transformers.__version__, torch=torch.__version__), texts=TEXTS, split=SPLIT)
    pipelines(golden)
    entities(golden)
    (OUT / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
