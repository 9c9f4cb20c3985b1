"""Writes what Hugging Face's feature-extraction pipeline answers, and vectors of texts, for FeatureExtractionParityTest.

    python parity/make_feature_golden.py

One tiny BERT with random weights, saved without a pooler. For each text the vectors of its tokens from the pipeline; and from
one padded batch with its attention mask the mean (the formula of sentence-transformers), the first token, and both divided by
their length.
"""

import json
import pathlib

import torch
import transformers
from transformers import AutoTokenizer, BertConfig, BertModel, pipeline

OUT = pathlib.Path(__file__).resolve().parents[1] / "core/src/test/resources/dev/attune/task/features"
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the a film food was is good bad great very not and but , . ! ##s".split()
TEXTS = [
    "the film was good",
    "very very very very bad food , not good and not great but very very bad !",
    "good",
    "a GREAT film , but not the food",
    "films",
    "unheard words",
]  # fmt: skip


def rounded(tensor):
    return [rounded(part) for part in tensor] if tensor.dim() else round(float(tensor), 7)


def main():
    folder = OUT / "model"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(20261124)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=32, initializer_range=0.5,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert len(tokenizer) == len(WORDS)
    extract = pipeline("feature-extraction", model=model, tokenizer=tokenizer)
    tokens = [torch.tensor(extract(text)[0]) for text in TEXTS]
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).expand(hidden.size()).float()
    mean = torch.sum(hidden * mask, 1) / torch.clamp(mask.sum(1), min=1e-9)
    cls = hidden[:, 0]
    golden = dict(versions=dict(transformers=transformers.__version__, torch=torch.__version__), texts=TEXTS)
    golden["none"] = [rounded(t) for t in tokens]
    golden["mean"], golden["cls"] = rounded(mean), rounded(cls)
    golden["mean_normalized"] = rounded(torch.nn.functional.normalize(mean, p=2, dim=1))
    golden["cls_normalized"] = rounded(torch.nn.functional.normalize(cls, p=2, dim=1))
    golden["none_normalized"] = [rounded(torch.nn.functional.normalize(t, p=2, dim=1)) for t in tokens]
    (OUT / "golden.json").write_text(json.dumps(golden) + "\n", encoding="utf-8")
    print([len(t) for t in tokens], golden["mean"][0][:3])


if __name__ == "__main__":
    main()
