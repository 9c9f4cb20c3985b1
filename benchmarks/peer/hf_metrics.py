"""What the scripts of Hugging Face's examples measure after a training, for each task of hf_tasks.py.

Post-processing of answers follows run_qa.py for data where every question has an answer, the normalisation of texts is
SQuAD's, and entities are counted as seqeval does for BIO tags.
"""

import collections
import math
import re
import string

import numpy
import sacrebleu
import torch

from hf_tasks import read_csv, read_conll, read_squad

N_BEST, MAX_ANSWER_LENGTH = 20, 30
SEED = 42  # of the masks of Attune's evaluations, whatever the seed of a training
GOLDEN, ALL = 0x9E3779B97F4A7C15, (1 << 64) - 1
NONE = -100


def evaluate(task, trainer, file):
    """Metrics of a trained model on a file, by name."""
    return {
        "TextClassification": accuracy,
        "TokenClassification": entities,
        "QuestionAnswering": answers,
        "FillMask": perplexity,
        "TextGeneration": perplexity_of_texts,
        "Text2Text": written,
    }[type(task).__name__](task, trainer, file)


def predict(trainer, examples):
    """In the order of the examples: with group_by_length Trainer sorts what it predicts, too, and returns it in that order."""
    strategy = trainer.args.train_sampling_strategy
    trainer.args.train_sampling_strategy = "random"
    try:
        return trainer.predict(examples)
    finally:
        trainer.args.train_sampling_strategy = strategy


def accuracy(task, trainer, file):
    predicted = predict(trainer, task.examples(read_csv(file)))
    return {"accuracy": float((predicted.predictions.argmax(-1) == predicted.label_ids).mean())}


# ---- token classification


def entities(task, trainer, file):
    sentences = read_conll(file)
    predicted = predict(trainer, task.examples(sentences))
    right = found = there = 0
    for scores, labels in zip(predicted.predictions, predicted.label_ids, strict=True):
        places = labels != NONE
        ours = spans([task.labels[k] for k in scores[places].argmax(-1)])
        true = spans([task.labels[k] for k in labels[places]])
        right, found, there = right + len(ours & true), found + len(ours), there + len(true)
    return {"f1": 2 * right / (found + there)}


def spans(tags):
    """Entities as (type, first, last): a new one begins at B, at another type, and at I after O."""
    found, start, kind = set(), None, None
    for i, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        if kind and (prefix != "I" or name != kind):
            found.add((kind, start, i - 1))
            kind = None
        if prefix in "BI" and not kind and name:
            start, kind = i, name
    return found


# ---- question answering


def answers(task, trainer, file):
    questions = read_squad(file)
    encoded = task.windows(questions)
    starts, ends = predict(trainer, task.examples(questions)).predictions[:2]
    windows = collections.defaultdict(list)
    for i, of in enumerate(encoded["overflow_to_sample_mapping"]):
        offsets = [o if s == 1 else None for o, s in zip(encoded["offset_mapping"][i], encoded.sequence_ids(i))]
        windows[of].append((starts[i], ends[i], offsets))
    exact = f1 = 0.0
    for i, question in enumerate(questions):
        text = best_answer(windows[i], question["context"])
        golds = [normalised(a["text"]) for a in question["answers"]]
        exact += max(float(normalised(text) == gold) for gold in golds)
        f1 += max(overlap(normalised(text).split(), gold.split()) for gold in golds)
    return {"exact_match": exact / len(questions), "f1": f1 / len(questions)}


def best_answer(windows, context):
    best, text = -math.inf, "empty"
    for starts, ends, offsets in windows:
        for first in numpy.argsort(-starts)[:N_BEST]:
            for last in numpy.argsort(-ends)[:N_BEST]:
                if first >= len(offsets) or last >= len(offsets) or not offsets[first] or not offsets[last]:
                    continue
                if not first <= last < first + MAX_ANSWER_LENGTH:
                    continue
                score = starts[first] + ends[last]
                if score > best:
                    best, text = score, context[offsets[first][0] : offsets[last][1]]
    return text


def normalised(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def overlap(found, gold):
    if not found or not gold:
        return float(found == gold)
    same = sum((collections.Counter(found) & collections.Counter(gold)).values())
    return 2 * same / (len(found) + len(gold))


# ---- fill-mask


def mix(z):
    """SplitMix64."""
    z = (z + GOLDEN) & ALL
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & ALL
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & ALL
    return z ^ (z >> 31)


def hide(ids, number, tokenizer, probability=0.15, mask=0.8, random=0.1):
    """Input ids and labels of example `number`, as dev.attune.task.fillmask.Masking makes them in an evaluation."""
    key = mix(mix(mix(SEED)) + number & ALL)
    special = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id, tokenizer.mask_token_id}
    hidden, labels = list(ids), [NONE] * len(ids)

    def uniform(counter):
        return (mix((key + (counter + 1) * GOLDEN) & ALL) >> 11) * 2.0**-53

    for i, token in enumerate(ids):
        if token in special or uniform(3 * i) >= probability:
            continue
        labels[i] = token
        what = uniform(3 * i + 1)
        if what < mask:
            hidden[i] = tokenizer.mask_token_id
        elif what < mask + random:
            hidden[i] = int(uniform(3 * i + 2) * len(tokenizer))
    return hidden, labels


@torch.no_grad()
def perplexity(task, trainer, file, batch_size=16):
    """The loss is the mean over all hidden tokens, which are those that Attune hides."""
    encoded = task.lines(file)["input_ids"]
    examples = [hide(ids, i, task.tokenizer) for i, ids in enumerate(encoded)]
    pad = task.tokenizer.pad_token_id
    model = trainer.model.eval()
    loss, count = 0.0, 0
    order = sorted(range(len(examples)), key=lambda i: len(examples[i][0]))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=trainer.args.bf16):
        for start in range(0, len(order), batch_size):
            some = [examples[i] for i in order[start : start + batch_size]]
            longest = max(len(ids) for ids, _ in some)
            ids = torch.tensor([ids + [pad] * (longest - len(ids)) for ids, _ in some])
            labels = torch.tensor([labels + [NONE] * (longest - len(labels)) for _, labels in some])
            mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in some])
            chosen = labels != NONE
            logits = model(input_ids=ids, attention_mask=mask).logits[chosen].float()
            loss += torch.nn.functional.cross_entropy(logits, labels[chosen], reduction="sum").item()
            count += int(chosen.sum())
    return {"perplexity": math.exp(loss / count)}


# ---- text-generation


def perplexity_of_texts(task, trainer, file):
    """As run_clm.py: of the mean loss that Trainer evaluates."""
    return {"perplexity": math.exp(trainer.evaluate(task.train(file))["eval_loss"])}


# ---- text2text-generation


@torch.no_grad()
def written(task, trainer, file, batch_size=64):
    """What is written greedily, against the targets: chrF (0 to 1) and the share of characters that are wrong."""
    rows = read_csv(file)
    examples = task.examples(rows)
    model = trainer.model.eval()
    texts = []
    for start in range(0, len(rows), batch_size):
        batch = task.collator([dict(examples[i]) for i in range(start, min(start + batch_size, len(rows)))])
        found = model.generate(
            input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], max_length=task.args.max_target_length,
            do_sample=False, num_beams=1,
        )  # fmt: skip
        texts += task.targets.batch_decode(found, skip_special_tokens=True)
    targets = [row["target"] for row in rows]
    wrong = sum(distance(a, b) for a, b in zip(texts, targets, strict=True))
    return {
        "chrf": sacrebleu.corpus_chrf(texts, [targets]).score / 100,
        "cer": wrong / sum(map(len, targets)),
    }


def distance(a, b):
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
