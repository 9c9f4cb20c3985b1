"""Writes what the reference makes of questions, answers and logits, for the tests of question-answering.

    python parity/make_qa_golden.py --reference DIR [--out DIR]

Needs transformers 4.57.6: version 5 has no question-answering pipeline. DIR holds three public files: utils_qa.py of
transformers' examples/pytorch/question-answering, and compute_score.py of the metrics squad and squad_v2 of huggingface
evaluate as squad_score.py and squad_v2_score.py. They are run, and only numbers are kept.

postprocess.json  240 questions with random logits in one to three windows, half of them with "no answer": the options,
                  per window the logits and the offsets of its tokens in the context (-1 for tokens that are not of it);
                  the answer, the texts, logits and probabilities of the best ones, and what speaks for no answer.
metrics.json      answers and truths that differ in case, punctuation, articles and words: normalised texts, exact match and
                  F1 by both scripts, and the results over all of them with the best thresholds.
windows.json      questions and contexts with an answer, cut into windows by the tokenizer of model/: token ids, and first and
                  last token of the answer by the rule of run_qa.py. One difference: where an answer begins with the last
                  token of a window, run_qa.py runs on into the padding; here the label is that token.
model/            a tiny random BertForQuestionAnswering with its vocabulary.
pipeline.json     what the question-answering pipeline answers on it, with each option.
train/            the start of twenty training steps, the rows, and run.json and run.safetensors with losses, gradient norms
                  and final weights of transformers.Trainer. All rows are of one length: in a padded batch the softmax of the
                  reference goes over the padding too.
"""

import argparse
import importlib.util
import json
import pathlib
import random
import tempfile

import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    AutoTokenizer, BertConfig, BertForQuestionAnswering, Trainer, TrainingArguments, pipeline, set_seed,
)  # fmt: skip

OUT = pathlib.Path(__file__).resolve().parents[1] / "core/src/test/resources/dev/attune/task/questionanswering"
WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] the a an who what when where wrote opened shop book house river old new red green "
    "in on at of and was is by nine ten monday anna ben 1905 town city north bridge long very it . , ? ! ' - s "
    "##s ##ly ##er ##town ##bridge éa münchen über"
).split()
transformers.logging.set_verbosity_error()


def module(folder, name):
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(path.name, path.stat().st_size, "bytes")


def sentence(rng, count):
    plain = [w for w in WORDS[5:] if not w.startswith("##")]
    return " ".join(rng.choice(plain) for _ in range(count))


# ---- what evaluation makes of logits


def postprocess(out, utils):
    rng = random.Random(20261125)
    cases = []
    for number in range(240):
        negative = number % 2 == 1
        options = dict(n_best_size=rng.choice([2, 5, 20]), max_answer_length=rng.choice([1, 3, 30]),
                       null_score_diff_threshold=rng.choice([0.0, -1.5, 2.0]))  # fmt: skip
        words = sentence(rng, rng.randint(1, 14)).split(" ")
        context = " ".join(words)
        places, at = [], 0
        for word in words:
            places.append((at, at + len(word)))
            at += len(word) + 1
        windows = []
        for _ in range(rng.randint(1, 3)):
            first = rng.randrange(len(words))
            last = rng.randrange(first, len(words))
            asked = rng.randint(1, 3)
            offsets = [None] * (asked + 2) + places[first : last + 1] + [None]
            # Distinct numbers: numpy's order of equal ones is nobody's business.
            start, end = (
                [round(x / 1000, 3) for x in rng.sample(range(-6000, 6000), len(offsets))] for _ in range(2)
            )
            if rng.random() < 0.5:
                start[0], end[0] = start[0] + 5, end[0] + 5
            windows.append((offsets, start, end))
        longest = max(len(w[0]) for w in windows)
        # Equal lengths for numpy; what is added never gets among the best, since nothing is worse.
        logits = [np.array([w[k] + [-1e4 - i for i in range(longest - len(w[0]))] for w in windows], np.float32) for k in (1, 2)]
        features = [dict(example_id="q", offset_mapping=w[0]) for w in windows]
        examples = Rows([dict(id="q", context=context)])
        with tempfile.TemporaryDirectory() as folder:
            try:
                answer = utils.postprocess_qa_predictions(
                    examples, features, tuple(logits), version_2_with_negative=negative, output_dir=folder, **options
                )["q"]
            except IndexError:  # two empty texts and nothing else: the reference fails
                continue
            read = lambda name: json.loads((pathlib.Path(folder) / name).read_text())["q"]  # noqa: E731
            best = [[x["text"], round(x["start_logit"], 3), round(x["end_logit"], 3), round(x["probability"], 7)]
                    for x in read("nbest_predictions.json")]  # fmt: skip
            odds = read("null_odds.json") if negative else None
        given = [dict(start=s, end=e, offsets=[x for o in offs for x in (o or (-1, -1))]) for offs, s, e in windows]
        cases.append(dict(negative=negative, **options, context=context, windows=given, answer=answer, best=best, odds=odds))
    assert len(cases) >= 200
    write(out / "postprocess.json", cases)


class Rows(list):
    """As much of a dataset as utils_qa.py asks for."""

    def __getitem__(self, key):
        return [row[key] for row in self] if isinstance(key, str) else super().__getitem__(key)


# ---- how answers are compared

TEXTS = [
    "The U.S.", "us", "a the an", "", "An apple", "apple an the", "the  old\tbridge", "Old Bridge!", "1905", "in 1905, on Monday",
    "Monday", "anna-ben", "annaben", "Anna Ben Anna", "anna", "über the münchen", "ÜBER MÜNCHEN", "thé", "the", "a.", "theatre",
    "the_house", "A house", "house\u00a0red", "house red", "«the» town", "«town»", "İstanbul", "ΟΔΟΣ the", "$5", "5 $",
    "a\u0301 b", "٣ the ٣", "the the cat", "cat", "cat cat", "1,905", "don't", "dont",
]  # fmt: skip


def metrics(out, one, two):
    rng = random.Random(7)
    pairs = []
    for _ in range(260):
        a, b = rng.choice(TEXTS), rng.choice(TEXTS)
        v1 = [int(one.exact_match_score(a, b)), one.f1_score(a, b)]
        v2 = [two.compute_exact(b, a), two.compute_f1(b, a)]
        pairs.append(dict(answer=a, truth=b, v1=v1, v2=v2))
    normal = {text: one.normalize_answer(text) for text in TEXTS}
    sets = []
    for number in range(40):
        negative = number % 4 != 0
        rows = []
        for q in range(rng.randint(1, 25)):
            empty = negative and rng.random() < (0.0 if number == 1 else 1.0 if number == 2 else 0.4)
            truths = [] if empty else [rng.choice(TEXTS[:30]) for _ in range(rng.randint(1, 3))]
            truths = [t for t in truths if t] if not empty else []
            if not truths and not empty:
                truths = ["anna"]
            odds = round(rng.uniform(-9, 9), 3)
            sure = rng.choice(truths or ["anna"]) if rng.random() < 0.5 else rng.choice([t for t in TEXTS if t])
            answer = "" if negative and odds > 0 else sure
            rows.append(dict(id=str(q), truths=truths, answer=answer, certain=sure, odds=odds))
        sets.append(dict(negative=negative, rows=rows, results=results(rows, negative, one, two)))
    write(out / "metrics.json", dict(normal=normal, pairs=pairs, sets=sets))


def results(rows, negative, one, two):
    if not negative:
        qas = [dict(id=r["id"], answers=[dict(text=t) for t in r["truths"]]) for r in rows]
        return one.compute_score([dict(paragraphs=[dict(qas=qas)])], {r["id"]: r["answer"] for r in rows})
    data = [dict(paragraphs=[dict(qas=[dict(id=r["id"], answers=dict(text=r["truths"])) for r in rows])])]
    answerable = two.make_qid_to_has_ans(data)
    exact, f1 = two.get_raw_scores(data, {r["id"]: r["answer"] for r in rows})
    found = dict(two.make_eval_dict(exact, f1))
    for prefix, ids in (("HasAns", [k for k, v in answerable.items() if v]), ("NoAns", [k for k, v in answerable.items() if not v])):
        if ids:
            two.merge_eval(found, two.make_eval_dict(exact, f1, qid_list=ids), prefix)
    # The threshold chooses between no answer and the best one that is not empty.
    certain = {r["id"]: r["certain"] for r in rows}
    exact, f1 = two.get_raw_scores(data, certain)
    two.find_all_best_thresh(found, certain, exact, f1, {r["id"]: r["odds"] for r in rows}, answerable)
    return found


# ---- the model, windows and the pipeline


def model(out):
    set_seed(20261125)
    folder = out / "model"
    folder.mkdir(parents=True, exist_ok=True)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=48, initializer_range=0.5,
    )  # fmt: skip
    BertForQuestionAnswering(config).eval().save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    settings = dict(tokenizer_class="BertTokenizer", do_lower_case=True, strip_accents=False, model_max_length=48)
    (folder / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert len(tokenizer) == len(WORDS) and tokenizer.is_fast
    return folder, tokenizer


def windows(out, tokenizer):
    rng = random.Random(11)
    cases = []
    for _ in range(60):
        words = sentence(rng, rng.randint(3, 60)).split(" ")
        for _ in range(2):
            words.insert(rng.randrange(len(words)), rng.choice(["😀", "newtowns", "Oldbridge,", "riverly"]))
        context = rng.choice(["", " ", "😀 "]) + " ".join(words)
        question = rng.choice(["", "  "]) + sentence(rng, rng.randint(1, 6)) + " ?"
        first = rng.randrange(len(words))
        last = min(len(words) - 1, first + rng.randint(0, 4))
        answer = " ".join(words[first : last + 1])
        at = context.index(answer)
        none = rng.random() < 0.15
        length, stride = rng.choice([(24, 5), (32, 8), (48, 12), (20, 0)])
        encoded = tokenizer(
            question.lstrip(), context, truncation="only_second", max_length=length, stride=stride,
            return_overflowing_tokens=True, return_offsets_mapping=True,
        )  # fmt: skip
        found = []
        for i, ids in enumerate(encoded["input_ids"]):
            found.append(dict(ids=ids, label=label(encoded, i, ids, tokenizer, None if none else (at, at + len(answer)))))
        cases.append(dict(question=question, context=context, answer=None if none else answer, answer_start=at,
                          max_length=length, doc_stride=stride, windows=found))  # fmt: skip
    write(out / "windows.json", cases)


def label(encoded, i, ids, tokenizer, span):
    offsets, sequence = encoded["offset_mapping"][i], encoded.sequence_ids(i)
    none = ids.index(tokenizer.cls_token_id)
    if span is None:
        return [none, none]
    context = [k for k, s in enumerate(sequence) if s == 1]
    if offsets[context[0]][0] > span[0] or offsets[context[-1]][1] < span[1]:
        return [none, none]
    return [max(k for k in context if offsets[k][0] <= span[0]), min(k for k in context if offsets[k][1] >= span[1])]


CONTEXTS = [
    "Anna wrote the old book in 1905, and Ben opened the new shop on Monday.",
    "😀 The Newtowns bridge, riverly 😀 in München: Oldbridge was very long!",
    "the shop. The shop! a shop - THE SHOP, the shop of the house, the shop of the town, the old shop",
    "ten",
]


def answers(out, folder, tokenizer):
    rng = random.Random(3)
    contexts = CONTEXTS + [sentence(rng, n) for n in (40, 70, 90)]
    asked = [(q, c) for c in contexts for q in ("who wrote the book ?", " when was  the Shop opened by anna ?")]
    answer = pipeline("question-answering", model=str(folder), tokenizer=tokenizer)
    runs = []
    for options in (
        {}, {"top_k": 3}, {"handle_impossible_answer": True, "top_k": 2}, {"align_to_words": False, "top_k": 2},
        {"max_answer_len": 2}, {"max_seq_len": 24, "doc_stride": 6, "top_k": 4}, {"doc_stride": 3},
        {"max_seq_len": 32, "handle_impossible_answer": True},
    ):  # fmt: skip
        got = [answer(question=q, context=c, **options) for q, c in asked]
        runs.append(dict(options=options, answers=[[a] if isinstance(a, dict) else a for a in got]))
    write(out / "pipeline.json", dict(asked=asked, runs=runs, versions=dict(transformers=transformers.__version__)))


# ---- training


def train(out):
    folder = out / "train"
    folder.mkdir(exist_ok=True)
    set_seed(5)
    config = BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=20, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.2,
    )  # fmt: skip
    BertForQuestionAnswering(config).save_pretrained(folder / "model")
    rows = []
    for _ in range(30):
        ids = [2, *torch.randint(5, 40, (4,)).tolist(), 3, *torch.randint(5, 40, (9,)).tolist(), 3]
        first, last = sorted(torch.randint(6, 15, (2,)).tolist()) if torch.rand(()) < 0.8 else (0, 0)
        rows.append(dict(ids=ids, type_ids=[0] * 6 + [1] * 10, start=first, end=last))
    write(folder / "data.json", rows)
    settings = dict(per_device_train_batch_size=4, learning_rate=1e-3, weight_decay=0.01, warmup_steps=3,
                    max_grad_norm=0.5, seed=42, max_steps=20)  # fmt: skip

    def collate(batch):
        names = dict(input_ids="ids", token_type_ids="type_ids", start_positions="start", end_positions="end")
        tensors = {name: torch.tensor([row[key] for row in batch]) for name, key in names.items()}
        return dict(tensors, attention_mask=torch.ones_like(tensors["input_ids"]))

    with tempfile.TemporaryDirectory() as temp:
        arguments = TrainingArguments(
            output_dir=temp, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
            remove_unused_columns=False, **settings,
        )  # fmt: skip
        start = BertForQuestionAnswering.from_pretrained(folder / "model", attn_implementation="eager")
        trainer = Trainer(model=start, args=arguments, train_dataset=rows, data_collator=collate)
        trainer.train()
    # The log has four digits; LOSSES has what the model gave.
    logs = [row for row in trainer.state.log_history if "loss" in row]
    write(folder / "run.json", dict(arguments=settings, losses=LOSSES, norms=[float(r["grad_norm"]) for r in logs]))
    state = {k: v.detach().clone().contiguous() for k, v in trainer.model.state_dict().items()}
    save_file(state, folder / "run.safetensors", metadata={"format": "pt"})
    for a, r in zip(LOSSES, logs, strict=True):
        assert abs(a - r["loss"]) < 1e-4, (a, r)
    print("losses", [round(x, 4) for x in LOSSES])


LOSSES = []


def record(forward):
    def recorded(self, *args, **kwargs):
        output = forward(self, *args, **kwargs)
        if output.loss is not None:
            LOSSES.append(float(output.loss.detach()))
        return output

    return recorded


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    postprocess(args.out, module(args.reference, "utils_qa"))
    metrics(args.out, module(args.reference, "squad_score"), module(args.reference, "squad_v2_score"))
    folder, tokenizer = model(args.out)
    windows(args.out, tokenizer)
    answers(args.out, folder, tokenizer)
    BertForQuestionAnswering.forward = record(BertForQuestionAnswering.forward)
    train(args.out)


if __name__ == "__main__":
    main()
