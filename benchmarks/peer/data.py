"""The files that the cases of compare.py read: data sets as they are, or a file in the work folder that is made of one."""

import csv
import json


class Data:
    """
    folder: holds banking77, squad2-dev and wnut17
    work: where files are made; made once
    fail: ends the program with a sentence
    """

    def __init__(self, folder, work, fail):
        self.folder, self.work, self.fail = folder.resolve(), work.resolve(), fail

    def file(self, *path):
        file = self.folder.joinpath(*path)
        if not file.exists():
            self.fail(f"no {file}; --data DIR names the folder that holds {path[0]}")
        return file

    def made(self, name, write):
        file = self.work / name
        if not file.exists():
            self.work.mkdir(exist_ok=True)
            part = file.with_suffix(".part")
            with open(part, "w", encoding="utf-8", newline="") as out:
                write(out)
            part.rename(file)
        return file

    def banking77(self, part):
        return self.file("banking77", f"{part}.csv")

    def squad(self):
        return self.file("squad2-dev", "dev-v2.0.json")

    def conll(self):
        return self.file("wnut17", "wnut17train.conll")

    def paragraphs(self):
        """The contexts of squad2-dev, one a line."""
        return self.made("paragraphs.txt", lambda out: out.writelines(f"{c}\n" for c in self.contexts()))

    def contexts(self):
        articles = json.loads(self.squad().read_text(encoding="utf-8"))["data"]
        return [" ".join(p["context"].split()) for article in articles for p in article["paragraphs"]]

    def masked(self):
        """Texts of banking77's test set, each with another of its words hidden."""
        return self.made("masked.csv", self.write_masked)

    def write_masked(self, out):
        rows = csv.writer(out)
        rows.writerow(["text"])
        with open(self.banking77("test"), encoding="utf-8", newline="") as file:
            for i, row in enumerate(csv.DictReader(file)):
                words = row["text"].split()
                words[i % len(words)] = "[MASK]"
                rows.writerow([" ".join(words)])

    def questions(self):
        """Every tenth question of squad2-dev with its context."""
        return self.made("questions.csv", self.write_questions)

    def write_questions(self, out):
        rows = csv.writer(out)
        rows.writerow(["question", "context"])
        articles = json.loads(self.squad().read_text(encoding="utf-8"))["data"]
        pairs = [(q["question"], p["context"]) for a in articles for p in a["paragraphs"] for q in p["qas"]]
        rows.writerows(pairs[::10])

    def sentences(self):
        """The sentences of wnut17's development set as texts."""
        return self.made("sentences.csv", self.write_sentences)

    def write_sentences(self, out):
        rows = csv.writer(out)
        rows.writerow(["text"])
        for block in self.file("wnut17", "emerging.dev.conll").read_text(encoding="utf-8").split("\n\n"):
            words = [line.split("\t")[0] for line in block.splitlines() if line.strip()]
            if words:
                rows.writerow([" ".join(words)])
