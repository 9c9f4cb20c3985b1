"""Writes the golden numbers of the metrics of text: sets of predictions and references in several scripts with what rouge_score,
sacrebleu and rapidfuzz (the distance that word and character error rates are made of) say of them, and words with their stems.

    pip install nltk sacrebleu rapidfuzz six numpy
    python parity/make_text_metric_golden.py FOLDER

FOLDER holds the package rouge_score, 0.1.2: a copy of the folder rouge of google-research under that name will do. ROUGE is the
mean of the F1 of all rows. Sentences are written or drawn here; the inputs are in the file.
"""

import json
import pathlib
import random
import sys

import nltk
import sacrebleu
from nltk.stem.porter import PorterStemmer
from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics import BLEU, CHRF

sys.path.insert(0, sys.argv[1])
from rouge_score.rouge_scorer import RougeScorer  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/metric"
ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
rng = random.Random(20241130)


def rouge(pairs, stemmer):
    scores = [RougeScorer(ROUGE, use_stemmer=stemmer).score(r, p) for p, r in pairs]
    return {name: 100 * sum(s[name].fmeasure for s in scores) / len(scores) for name in ROUGE}


def corpus(metric, pairs):
    """Every reference is a list; where rows have different numbers of them, sacrebleu wants None for those that lack."""
    refs = [r if isinstance(r, list) else [r] for _, r in pairs]
    columns = [[r[i] if i < len(r) else None for r in refs] for i in range(max(map(len, refs)))]
    return metric.corpus_score([p for p, _ in pairs], columns).score


def error_rate(pairs, units):
    edits = sum(Levenshtein.distance(units(p), units(r)) for p, r in pairs)
    total = sum(len(units(r)) for _, r in pairs)
    return edits / total if total else None


TRANSLATION = {
    "bleu": BLEU(tokenize="13a"), "bleu char": BLEU(tokenize="char"), "bleu none": BLEU(tokenize="none"),
    "chrf": CHRF(), "chrf++": CHRF(word_order=2)}


def case(name, pairs):
    return dict(
        name=name, predictions=[p for p, _ in pairs], references=[r for _, r in pairs],
        translation={key: corpus(metric, pairs) for key, metric in TRANSLATION.items()},
        rows={key: [round(corpus(TRANSLATION[key], [pair]), 9) for pair in pairs] for key in ("bleu", "chrf++")},
        rouge=rouge(pairs, False), stemmed=rouge(pairs, True),
        exact_match=100 * sum(p.strip() == r.strip() for p, r in pairs) / len(pairs),
        cer=error_rate(pairs, str.strip), wer=error_rate(pairs, str.split))


def several(name, pairs):
    return dict(name=name, predictions=[p for p, _ in pairs], references=[r for _, r in pairs],
                translation={key: corpus(metric, pairs) for key, metric in TRANSLATION.items()})


SUBJECTS = "The old minister|A group of engineers|Our neighbours' dogs|Two striking nurses|Nobody in the city".split("|")
VERBS = "happily announced|has been denying|studies|tried to organise|will replace|enjoys|was planning".split("|")
OBJECTS = "the new railway lines|several easily broken promises|a traditional festival|skiing in the mountains".split("|")
ENDS = "yesterday, against all expectations.|in 2024!|for about 1,000.50 dollars.|\"without a doubt\".|(again).".split("|")


def sentence():
    return " ".join(rng.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, ENDS))


def summary():
    return "\n".join(sentence() for _ in range(rng.randint(1, 4)))


def worse(text):
    """Words lost, doubled, moved or inflected otherwise; lines stay lines."""
    lines = []
    for line in text.split("\n"):
        words = []
        for word in line.split():
            chance = rng.random()
            if chance < 0.1:
                continue
            if chance < 0.2:
                word = word.rstrip("s.") + rng.choice(["ing", "ed", "s", "ly", "ation"])
            words += [word] * (2 if chance > 0.95 else 1)
        if rng.random() < 0.4 and len(words) > 3:
            at = rng.randrange(len(words))
            words = words[at:] + words[:at]
        lines.append(" ".join(words))
    if rng.random() < 0.3:
        rng.shuffle(lines)
    return "\n".join(lines)


def soup(alphabet, longest):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, longest)))


def noise(text, alphabet):
    """Characters lost, put in and replaced."""
    changed = ["" if rng.random() < 0.1 else rng.choice(alphabet) if rng.random() < 0.1 else c for c in text]
    return "".join(rng.choice(alphabet) + c if rng.random() < 0.1 else c for c in changed)


def noisy(alphabet, longest, rows):
    return [(noise(t, alphabet), t) for t in (soup(alphabet, longest) for _ in range(rows))]


texts = [summary() for _ in range(40)]
PUNCTUATION = [
    ("It costs $1,000.50 today.", "It costs $1,000.50, today."),
    ("It costs 1,000 .50", "It costs 1000.50"),
    ("Ends with 5. and 7,", "Ends with 5 . and 7 ,"),
    ("a.b,c 1.b a.2 .5 5. , .", "a.b, c 1. b a. 2 . 5 5 . ,."),
    ("pages 3-5 and state-of-the-art", "pages 3 - 5 and state-of-the-art"),
    ("a hyphen-\nated word\nand a line", "a hyphenated word and a line"),
    ("Tom &amp; Jerry said &quot;hi&quot; to &lt;all&gt;", "Tom & Jerry said \"hi\" to <all>"),
    ("twice escaped &amp;lt; and &apos;", "twice escaped < and '"),
    ("<skipped>", "<skipped> word"),
    ("(hi) 'quoted' well-known... what?! [1] {x} a/b a\\b ~5 ^2 #tag @me 100% £5 €6",
     "(hi!) quoted well known ... what? [1] {x} a / b a\\ b ~ 5 ^ 2 # tag @ me 100 % £ 5 € 6"),
    ("don't can't it's O'Neill", "do n't can 't it 's O'Neill"),
    ("“smart” quotes – and — dashes… end", "\"smart\" quotes - and - dashes ... end"),
    ("!!!", "!"), ("-", "--"), ("e.g. U.S.A. i.e.", "e.g., USA, i.e."), ("x=1;y=2", "x = 1; y = 2")]
WESTERN = [
    ("Die Straße nach Köln ist gesperrt.", "Die Straße nach Köln war gesperrt."),
    ("Über den Wolken muss die Freiheit grenzenlos sein", "Über den Wolken ist die Freiheit wohl grenzenlos"),
    ("Er kaufte für 1.234,56 € ein Fahrrad.", "Für 1.234,56 € kaufte er sich ein Fahrrad."),
    ("Ça va très bien, merci ; et vous ?", "Ça va bien, merci; et vous?"),
    ("¿Dónde está la biblioteca?", "¿Dónde está el café?"),
    ("İstanbul'da yağmur yağıyor", "ISTANBUL'DA YAĞMUR YAĞIYOR"),
    ("O \u212Aelvin e\u0301 o mesmo", "o kelvin é o mesmo")]
ARABIC = [
    ("ذهب الولد إلى المدرسة صباحًا.", "ذهب الولدُ إلى المدرسةِ في الصباح."),
    ("كتبتُ ثلاث رسائل، ولم أرسلها!", "كتبت ثلاثة رسائل ولم أرسلها."),
    ("السعر ١٬٠٠٠٫٥٠ دينار", "السعر 1,000.50 دينار"),
    ("أين المكتبة؟", "أين المكتبة؟"),
    ("هذا كتاب مفيد جدا عن اللغة العربية", "هذا الكتاب مفيد عن اللغة العربية وتاريخها")]
ASIAN = [
    ("我今天去图书馆看书。", "今天我去图书馆借书。"),
    ("你好，世界！", "你好世界"),
    ("東京は日本の首都です", "日本の首都は東京です"),
    ("오늘 날씨가 좋네요.", "오늘은 날씨가 아주 좋네요."),
    ("मैं घर जा रहा हूँ।", "मैं अभी घर जा रहा हूँ।"),
    ("Это новая книга, правда?", "Это — старая книга; правда?")]
EMOJI = [
    ("I ❤️ this 😀😀 movie 👍🏽", "I ❤ this 😀 movie 👍"),
    ("👨‍👩‍👧‍👦 family 🇩🇪🇸🇦", "family 👨‍👩‍👧 🇸🇦🇩🇪"),
    ("𝒜 𝓫𝓸𝓵𝓭 move", "A 𝓫𝓸𝓵𝓭 move!"),
    ("😀", "😀"), ("😀", "😃"), ("nice😀.", "nice 😀 .")]
BLANKS = [
    ("  leading and trailing \t\n", "leading and trailing"),
    ("no\u00a0break and\u3000wide\u2028line", "no break and wide line"),
    ("tab\tand\r\nreturn\x1cfile\x85next", "tab and return file next"),
    ("\n\nfirst line\n\n\nsecond line\n", "first line\nsecond line"),
    ("zero\u200bwidth \ufeffmark", "zero width mark"),
    ("one line of words here", "one line\nof words\nhere")]
EMPTY = [("", "a reference of five words"), ("a prediction of five words", ""), ("", ""), ("   ", "."), ("...", "!!!"),
         ("the same five words here", "the same five words here")]
LOOSE = " \n.,;:-'\"&!?()[]<>/ab1 2é漢ب😀"

cases = [
    case("summaries", [(worse(t), t) for t in texts]),
    case("lines of few words", [(soup("a b c d \n", 60), soup("a b c d \n", 60)) for _ in range(50)]),
    case("loose characters", noisy(LOOSE, 30, 60)),
    case("loose words", noisy(["the", "cats", "1", "0", "قطة", "猫"] + list("  .,-\n'"), 40, 30)),
    case("entities in pieces", [(soup(["&amp;", "&lt;", "&", "lt;", "-\n", "5", ".", ",", "-", " ", "x"], 14),
                                 soup(["&", "<", "-", "5", ".", ",", "-", " ", "x"], 14)) for _ in range(40)]),
    case("punctuation", PUNCTUATION),
    case("western", WESTERN),
    case("arabic", ARABIC),
    case("asian", ASIAN),
    case("emoji", EMOJI),
    case("blanks", BLANKS),
    case("empty", EMPTY),
    case("only empty predictions", [("", "something to say here"), ("", "more")]),
    case("only empty references", [("something", ""), ("more", " ")]),
    case("identical", [(t, t) for t in texts[:5]]),
    case("three words", [("the cat sat", "the cat sat"), ("on the mat", "on the mat")]),
    case("nothing right", [("abc def ghi jkl", "mno pqr stu vwx"), ("one", "two")]),
    case("no pair right", [("a b c d e", "e d c b a")]),
    case("predictions too long", [(t + " " + worse(t), t) for t in texts[5:10]]),
]
multiple = [
    several("two references", [(worse(t), [t, worse(t)]) for t in texts[10:20]]),
    several("loose characters", [(soup(LOOSE, 20), [soup(LOOSE, 20) for _ in range(3)]) for _ in range(30)]),
    several("one to three", [(worse(t), [worse(t) for _ in range(rng.randint(1, 3))]) for t in texts[20:30]]),
    several("lengths as near", [("a b c d", ["a b c", "a b c d e"]), ("a b c d", ["a b c d e", "a b c"]), ("", ["", "x"])]),
]

BASES = ("happ enjo sk tr pla argu creat organ nation relat valu hop run fall hiss fizz siz trou conflat sens log bio apo "
         "care us age agr fe mov adopt depend contr roll probat ceas ration oper form electr y ye bay th wonder truth "
         "b0 4 win add box sow").split()
ENDINGS = ("y ies ied ying yed s ss sses ed eed ing ings ation ational tional ization izer ize ized ative alize al ally "
           "alli bly ably ibly able ible abli bli er ers ence ance enci anci entli ently eli ely ously ousli ous ousness "
           "fulness ful fully fulli iveness ive ivity iviti ality aliti bility biliti logy logi icate icity iciti ical ic "
           "ness ant ement ment ent ion sion tion ou ism alism ator ate ates iti e ee ll le ble at ize ness li").split()
IRREGULAR = ("sky skies dying lying tying news innings inning outings outing cannings canning howe proceed exceed succeed "
             "by say cry dies lied tied ties died spy fly flies").split()
grid = [base + end for base in BASES for end in ENDINGS]
words = sorted(set(IRREGULAR + ENDINGS + rng.sample(grid, 1500)))
stem = PorterStemmer().stem

(OUT / "text.json").write_text(json.dumps(dict(
    made_with=dict(sacrebleu=sacrebleu.__version__, nltk=nltk.__version__, rouge_score="0.1.2"),
    cases=cases, multiple=multiple), ensure_ascii=False, indent=1).replace("\u2028", "\\u2028") + "\n", encoding="utf-8")
(OUT / "stems.txt").write_text("".join(f"{word} {stem(word)}\n" for word in words), encoding="utf-8")
print("wrote", OUT / "text.json", "and", OUT / "stems.txt")
