"""What the scripts of Hugging Face's examples do for each task: how rows are encoded, padded and asked.

A task has a model class, examples for Trainer, a collator, and for predictions the inputs of a pipeline. The defaults are
those of run_qa.py, run_mlm.py and run_ner.py; run_glue.py's for text classification, with padding by batch.
"""

import csv
import json
import pathlib

import torch
import transformers
from transformers import (
    DataCollatorForLanguageModeling,
    DataCollatorForSeq2Seq,
    DataCollatorForTokenClassification,
    DataCollatorWithPadding,
    default_data_collator,
)


class Rows(torch.utils.data.Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


def read_csv(file):
    with open(file, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_texts(file):
    """The column `text` of a table, or the lines of a text."""
    if str(file).endswith(".csv"):
        return [row["text"] for row in read_csv(file)]
    with open(file, encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines if line.strip()]


def unbatched(encoded):
    return [{k: v[i] for k, v in encoded.items()} for i in range(len(encoded["input_ids"]))]


class TextClassification:
    model_class = transformers.AutoModelForSequenceClassification

    def __init__(self, args, tokenizer):
        self.args, self.tokenizer = args, tokenizer
        self.collator = DataCollatorWithPadding(tokenizer)

    def train(self, file):
        rows = read_csv(file)
        self.labels = sorted({row[self.args.label_column] for row in rows})
        return self.examples(rows)

    def examples(self, rows):
        texts = [row[self.args.text_column] for row in rows]
        encoded = unbatched(self.tokenizer(texts, truncation=True, max_length=self.args.max_length))
        return Rows([{**e, "labels": self.labels.index(r[self.args.label_column])} for e, r in zip(encoded, rows)])

    def config(self):
        return dict(num_labels=len(self.labels))


class TokenClassification:
    """run_ner.py: the label of a word stands at its first piece; padding by batch."""

    model_class = transformers.AutoModelForTokenClassification

    def __init__(self, args, tokenizer):
        self.args, self.tokenizer = args, tokenizer
        self.collator = DataCollatorForTokenClassification(tokenizer)

    def train(self, file):
        sentences = read_conll(file)
        self.labels = sorted({tag for _, tags in sentences for tag in tags})
        return self.examples(sentences)

    def examples(self, sentences):
        encoded = self.tokenizer(
            [words for words, _ in sentences],
            is_split_into_words=True,
            truncation=True,
            max_length=self.args.max_length,
        )
        rows = unbatched(encoded)
        for i, (_, tags) in enumerate(sentences):
            labels, last = [], None
            for word in encoded.word_ids(i):
                labels.append(-100 if word is None or word == last else self.labels.index(tags[word]))
                last = word
            rows[i]["labels"] = labels
        return Rows(rows)

    def config(self):
        names = dict(enumerate(self.labels))
        return dict(num_labels=len(names), id2label=names, label2id={n: i for i, n in names.items()})


def read_conll(file):
    """Sentences as (words, tags): first and last column."""
    sentences, words, tags = [], [], []
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if line.strip():
                words.append(fields[0])
                tags.append(fields[-1])
            elif words:
                sentences.append((words, tags))
                words, tags = [], []
    if words:
        sentences.append((words, tags))
    return sentences


class FillMask:
    """run_mlm.py: texts are joined and cut into chunks of one length, the rest is dropped; masks are drawn by batch.

    A table of texts (.csv) instead of plain ones (.txt) is read as with --line_by_line: each row is an example.
    """

    model_class = transformers.AutoModelForMaskedLM

    def __init__(self, args, tokenizer):
        self.args, self.tokenizer = args, tokenizer
        self.collator = DataCollatorForLanguageModeling(tokenizer=tokenizer, mlm_probability=0.15)

    def train(self, file):
        if str(file).endswith(".csv"):
            return Rows(unbatched(self.lines(file)))
        return self.examples(read_texts(file))

    def lines(self, file):
        return self.tokenizer(read_texts(file), truncation=True, max_length=self.args.max_length)

    def examples(self, texts):
        encoded = self.tokenizer(texts, return_special_tokens_mask=True)
        length = self.args.max_length
        joined = {k: [x for row in v for x in row] for k, v in encoded.items()}
        total = len(joined["input_ids"]) // length * length
        return Rows([{k: v[i : i + length] for k, v in joined.items()} for i in range(0, total, length)])

    def config(self):
        return {}


class QuestionAnswering:
    """run_qa.py: windows that share doc_stride tokens, all padded to max_seq_length (pad_to_max_length is its default).

    With --pad longest they are padded by batch, as run_qa.py does when pad_to_max_length is false.
    """

    model_class = transformers.AutoModelForQuestionAnswering

    def __init__(self, args, tokenizer):
        self.args, self.tokenizer = args, tokenizer
        self.by_batch = args.pad == "longest"
        self.collator = DataCollatorWithPadding(tokenizer) if self.by_batch else default_data_collator

    def train(self, file):
        return self.examples(read_squad(file))

    def windows(self, questions):
        return self.tokenizer(
            [q["question"].lstrip() for q in questions],
            [q["context"] for q in questions],
            truncation="only_second",
            max_length=self.args.max_length,
            stride=self.args.doc_stride,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            padding=False if self.by_batch else "max_length",
        )

    def examples(self, questions):
        encoded = self.windows(questions)
        rows = []
        for i, of in enumerate(encoded["overflow_to_sample_mapping"]):
            start, end = self.span(questions[of]["answers"], encoded, i)
            row = {k: encoded[k][i] for k in ("input_ids", "token_type_ids", "attention_mask")}
            rows.append({**row, "start_positions": start, "end_positions": end})
        return Rows(rows)

    def span(self, answers, encoded, i):
        """First and last token of the first answer; those of [CLS] if the window does not hold it whole."""
        cls = encoded["input_ids"][i].index(self.tokenizer.cls_token_id)
        if not answers:
            return cls, cls
        begin = answers[0]["answer_start"]
        after = begin + len(answers[0]["text"])
        offsets = encoded["offset_mapping"][i]
        context = [t for t, s in enumerate(encoded.sequence_ids(i)) if s == 1]
        if offsets[context[0]][0] > begin or offsets[context[-1]][1] < after:
            return cls, cls
        first = max(t for t in context if offsets[t][0] <= begin)
        last = min(t for t in context if offsets[t][1] >= after)
        return first, last

    def config(self):
        return {}


def read_squad(file):
    """Questions of a SQuAD file with their contexts."""
    with open(file, encoding="utf-8") as text:
        data = json.load(text)["data"]
    return [
        dict(id=q["id"], question=q["question"], context=p["context"], answers=q.get("answers") or [])
        for article in data
        for p in article["paragraphs"]
        for q in p["qas"]
    ]


class TextGeneration:
    """run_clm.py with --group; without it each text is an example, longer ones several, and the end of a text is learned."""

    model_class = transformers.AutoModelForCausalLM

    def __init__(self, args, tokenizer):
        self.args, self.tokenizer = args, tokenizer
        tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
        self.collator = DataCollatorForLanguageModeling(tokenizer=tokenizer, mlm=False)

    def train(self, file):
        ids, length = self.tokenizer(read_texts(file))["input_ids"], self.args.max_length
        if self.args.group:
            joined = [token for row in ids for token in row]
            pieces = [joined[i : i + length] for i in range(0, len(joined) // length * length, length)]
        else:
            ends = [[*row, self.tokenizer.eos_token_id] for row in ids]
            pieces = [row[i : i + length] for row in ends for i in range(0, len(row), length)]
        return Rows([dict(input_ids=piece, attention_mask=[1] * len(piece)) for piece in pieces])

    def config(self):
        return {}


class Text2Text:
    """run_summarization.py on the columns `source` and `target`; a folder with target_tokenizer.json writes in words of its own."""

    model_class = transformers.AutoModelForSeq2SeqLM

    def __init__(self, args, tokenizer):
        self.args, self.tokenizer, self.targets = args, tokenizer, tokenizer
        own = pathlib.Path(args.model) / "target_tokenizer.json"
        if own.exists():
            self.targets = transformers.PreTrainedTokenizerFast(
                tokenizer_file=str(own), pad_token="<pad>", eos_token="</s>", bos_token="<s>", unk_token="<unk>"
            )
        self.collator = DataCollatorForSeq2Seq(tokenizer)

    def train(self, file):
        return self.examples(read_csv(file))

    def examples(self, rows):
        args = self.args
        read = self.tokenizer([row["source"] for row in rows], truncation=True, max_length=args.max_length)
        labels = self.targets([row["target"] for row in rows], truncation=True, max_length=args.max_target_length)["input_ids"]
        keys = ("input_ids", "attention_mask")
        return Rows([{**{k: read[k][i] for k in keys}, "labels": labels[i]} for i in range(len(rows))])

    def config(self):
        return {}


TASKS = {
    "text-classification": TextClassification,
    "token-classification": TokenClassification,
    "fill-mask": FillMask,
    "question-answering": QuestionAnswering,
    "text-generation": TextGeneration,
    "text2text-generation": Text2Text,
}
