"""The files that the cases of compare.py read: data sets as they are, or a file in the work folder that is made of one."""

import csv
import json
import re


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

    def articles(self):
        """Those of squad2-dev."""
        return json.loads(self.squad().read_text(encoding="utf-8"))["data"]

    def contexts(self):
        return [context(p) for article in self.articles() for p in article["paragraphs"]]

    def masked(self):
        """Texts of banking77's test set, each with another of its words hidden."""
        return self.made("masked.csv", self.write_masked)

    def write_masked(self, out):
        texts = []
        with open(self.banking77("test"), encoding="utf-8", newline="") as file:
            for i, row in enumerate(csv.DictReader(file)):
                words = row["text"].split()
                words[i % len(words)] = "[MASK]"
                texts.append([" ".join(words)])
        write_table(out, ["text"], texts)

    def questions(self):
        """Every tenth question of squad2-dev with its context."""
        return self.made("questions.csv", self.write_questions)

    def write_questions(self, out):
        pairs = [(q["question"], p["context"]) for a in self.articles() for p in a["paragraphs"] for q in p["qas"]]
        write_table(out, ["question", "context"], pairs[::10])

    def titled(self):
        """Paragraphs of squad2-dev and the first question about each: texts of many lengths, and short ones to write."""
        return self.made("titled.csv", self.write_titled)

    def write_titled(self, out):
        paragraphs = [p for article in self.articles() for p in article["paragraphs"]]
        write_table(out, PAIR, [(context(p), p["qas"][0]["question"].strip()) for p in paragraphs])

    def tatoeba(self, part):
        """English sentences and Arabic ones; of every tenth English sentence all translations are held out."""
        return self.made(f"tatoeba-{part}.csv", lambda out: self.write_tatoeba(out, part))

    def write_tatoeba(self, out, part):
        rows = [line.split("\t")[:2] for line in self.file("tatoeba-eng-ara", "ara.txt").read_text(encoding="utf-8").splitlines()]
        place = {english: i for i, english in enumerate(dict.fromkeys(english for english, _ in rows))}
        wanted = {"train": lambda i: i % 10 != 9, "eval": lambda i: i % 10 == 9}[part]
        write_table(out, PAIR, [(english, arabic) for english, arabic in rows if wanted(place[english])])

    def cmudict(self, part):
        """Words and how they are spoken, in the phonemes of bart-g2p-en; words that its lexicon lacks are held out, every tenth of them."""
        return self.made(f"cmudict-{part}.csv", lambda out: self.write_cmudict(out, part))

    def write_cmudict(self, out, part):
        known = {word.lower() for word in json.loads(self.file("bart-g2p-en", "us_gold.json").read_text(encoding="utf-8"))}
        lines = self.file("cmudict", "cmudict.dict").read_text(encoding="utf-8").splitlines()
        words = [line.split("#")[0].split() for line in lines]
        pairs = [(word, spoken(sounds)) for word, *sounds in words if re.fullmatch(r"[a-z]+(?:'[a-z]+)?", word)]
        held_out = [pair for pair in pairs if pair[0] not in known][::10]
        if part == "eval":
            write_table(out, PAIR, held_out[::3])
        else:
            away = {word for word, _ in held_out}
            write_table(out, PAIR, [pair for pair in pairs if pair[0] not in away][::4])

    def sentences(self):
        """The sentences of wnut17's development set as texts."""
        return self.made("sentences.csv", self.write_sentences)

    def write_sentences(self, out):
        blocks = self.file("wnut17", "emerging.dev.conll").read_text(encoding="utf-8").split("\n\n")
        sentences = [[line.split("\t")[0] for line in block.splitlines() if line.strip()] for block in blocks]
        write_table(out, ["text"], [[" ".join(words)] for words in sentences if words])


# Columns of texts that are read, and of what is to be written about them.
PAIR = ["source", "target"]


def context(paragraph):
    """Of a paragraph of SQuAD, on one line."""
    return " ".join(paragraph["context"].split())


def write_table(out, columns, rows):
    table = csv.writer(out)
    table.writerow(columns)
    table.writerows(rows)


# Each sound of ARPAbet in the phonemes that bart-g2p-en writes: one character each, but for the vowel of "bird".
SOUNDS = {
    "AA": "ɑ", "AE": "æ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "EY": "A", "IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ",
    "UW": "u", "B": "b", "CH": "ʧ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n",
    "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}


def spoken(sounds):
    """A stress stands before its vowel; AH and ER are other vowels where they have none."""
    return "".join(phoneme(sound.rstrip("012"), sound[-1] if sound[-1] in STRESS else "") for sound in sounds)


def phoneme(sound, stress):
    if sound == "AH":
        vowel = "ə" if stress == "0" else "ʌ"
    elif sound == "ER":
        vowel = "əɹ" if stress == "0" else "ɜɹ"
    else:
        vowel = SOUNDS[sound]
    return STRESS.get(stress, "") + vowel
