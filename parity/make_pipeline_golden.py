"""Writes what Hugging Face's text-classification pipeline answers, for AnswersParityTest.

    python parity/make_pipeline_golden.py

Three tiny BERTs with random weights and one vocabulary: one label (softmax), several labels (sigmoid), one number. For each:
single texts and pairs, with and without top_k, with each function_to_apply; and a model with one label whose config names no
problem_type, which the pipeline takes for a probability.
"""

import json
import pathlib

import torch
import transformers
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification, pipeline

OUT = pathlib.Path(__file__).resolve().parents[1] / "core/src/test/resources/dev/attune/task/pipeline"
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the a film food was is good bad great very not and but , . ! ##s".split()
SINGLES = ["the film was good", "very very bad food !", "a GREAT film , but not the food", "films", "unheard words"]
PAIRS = [("the film was good", "the food was bad"), ("good", "a very long and very good film was the film")]
CASES = {
    "single": dict(problem_type="single_label_classification", id2label={0: "bad", 1: "fair", 2: "good"}),
    "multi": dict(problem_type="multi_label_classification", id2label={0: "film", 1: "food", 2: "mood", 3: "rest"}),
    "number": dict(problem_type="regression", id2label={0: "LABEL_0"}),
    "unnamed": dict(id2label={0: "LABEL_0"}),
}
OPTIONS = [
    {},
    {"top_k": 1},
    {"top_k": 2},
    {"top_k": None},
    {"function_to_apply": "sigmoid"},
    {"function_to_apply": "softmax", "top_k": None},
    {"function_to_apply": "none", "top_k": None},
]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    golden = dict(versions=dict(transformers=transformers.__version__, torch=torch.__version__), cases={})
    golden["singles"], golden["pairs"] = SINGLES, PAIRS
    for name, labels in CASES.items():
        torch.manual_seed(sum(map(ord, name)))
        folder = OUT / name
        folder.mkdir(exist_ok=True)
        label2id = {label: i for i, label in labels["id2label"].items()}
        config = BertConfig(
            vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
            max_position_embeddings=32, initializer_range=0.5, label2id=label2id, **labels,
        )  # fmt: skip
        model = BertForSequenceClassification(config).eval()
        model.save_pretrained(folder)
        (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
        if name == "unnamed":  # as old checkpoints are
            config = json.loads((folder / "config.json").read_text())
            config.pop("problem_type", None)
            (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        tokenizer = AutoTokenizer.from_pretrained(folder)
        assert len(tokenizer) == len(WORDS)
        classify = pipeline("text-classification", model=str(folder), tokenizer=tokenizer)
        answers = []
        for options in OPTIONS:
            # A dict is one input with one answer; lists would be answered in another shape.
            singles = [classify({"text": text}, **options) for text in SINGLES]
            pairs = [classify({"text": a, "text_pair": b}, **options) for a, b in PAIRS]
            answers.append(dict(options=options, singles=singles, pairs=pairs))
        golden["cases"][name] = answers
        print(name, answers[0]["singles"][0])
    (OUT / "golden.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
