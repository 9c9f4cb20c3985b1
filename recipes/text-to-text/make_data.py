"""Writes the data and the tokenizer of the recipe text-to-text: messages, and the tickets that are to be written about them.

    python3 recipes/text-to-text/make_data.py

A message asks for something by a day, in English or in Arabic, with numbers in words or in digits; its ticket is one line of a fixed
form. Everything is drawn with a fixed seed. train.csv, validation.csv and test.csv have the forms of sentences below; new-form.csv has
forms that no training row has. tokenizer.json is the vocabulary of train.csv (vocabulary.py).
"""

import csv
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import vocabulary  # noqa: E402

ROWS = dict(train=8000, validation=400, test=400)
MERGES = 700

EN_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
EN_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
EN_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth"
).split()
EN_MONTHS = "January February March April May June July August September October November December".split()

AR_UNITS = "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة".split()
AR_TENS = "_ _ عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split()
AR_HUNDREDS = "_ مئة مئتان ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة".split()
AR_ORDINALS = "_ الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر".split()
AR_MONTHS = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()

ITEMS = {
    "rent": ("the rent", "الإيجار"),
    "power": ("the electricity bill", "فاتورة الكهرباء"),
    "water": ("the water bill", "فاتورة المياه"),
    "phone": ("the phone bill", "فاتورة الهاتف"),
    "tax": ("the tax", "الضريبة"),
    "repair": ("the repair of the boiler", "إصلاح السخان"),
    "books": ("the school books", "الكتب المدرسية"),
    "tickets": ("the train tickets", "تذاكر القطار"),
    "hall": ("the hall", "القاعة"),
    "garden": ("the garden work", "عمل الحديقة"),
    "flowers": ("the flowers", "الزهور"),
    "chairs": ("the new chairs", "الكراسي الجديدة"),
}
MONEY = {"EUR": ("euros", "يورو"), "USD": ("dollars", "دولار"), "GBP": ("pounds", "جنيه"), "SAR": ("riyals", "ريال")}

# Forms of sentences: what is asked, and how it is said in each language. {i} is the thing, {a} the amount, {d} the day.
FORMS = {
    "pay": (
        ["please pay {a} for {i} by {d}", "I have to pay {a} for {i} before {d}", "remind me to pay {i} , {a} , on {d}",
         "{i} costs {a} and is due on {d}", "on {d} we owe {a} for {i}"],
        ["من فضلك ادفع {a} مقابل {i} قبل {d}", "يجب أن أدفع {a} مقابل {i} في {d}", "ذكرني بدفع {i} وهي {a} يوم {d}"],
    ),
    "refund": (
        ["please refund {a} for {i} until {d}", "I want my {a} for {i} back by {d}", "we were charged {a} for {i} on {d} by mistake"],
        ["أرجو إعادة {a} مقابل {i} قبل {d}", "أريد استرداد {a} دفعتها مقابل {i} يوم {d}"],
    ),
    "order": (
        ["order {i} for {d} , at most {a}", "we need {i} on {d} and can spend {a}", "could you get {i} by {d} for {a} ?"],
        ["اطلب {i} ليوم {d} بحد أقصى {a}", "نحتاج إلى {i} في {d} ولدينا {a}"],
    ),
}  # fmt: skip
# No training row has one of these.
NEW_FORMS = {
    "pay": (["{a} must be paid for {i} no later than {d}"], ["لا بد من دفع {a} مقابل {i} في موعد أقصاه {d}"]),
    "refund": (["by {d} please give back the {a} that {i} cost"], ["قبل {d} أعيدوا إلينا {a} ثمن {i}"]),
    "order": (["for {d} get us {i} and spend no more than {a}"], ["ليوم {d} أحضروا {i} ولا تنفقوا أكثر من {a}"]),
}


def english(n):
    if n >= 100:
        rest = n % 100
        return EN_UNITS[n // 100] + " hundred" + (" and " + english(rest) if rest else "")
    if n < 20:
        return EN_UNITS[n]
    return EN_TENS[n // 10] + (" " + EN_UNITS[n % 10] if n % 10 else "")


def english_day(day, month, draw):
    name = EN_MONTHS[month - 1]
    if day <= 20:
        ordinal = EN_ORDINALS[day - 1]
    elif day == 30:
        ordinal = "thirtieth"
    else:
        ordinal = EN_TENS[day // 10] + " " + EN_ORDINALS[day % 10 - 1]
    return draw.choice([f"the {ordinal} of {name}", f"{name} {day}", f"{day} {name}"])


def arabic(n):
    parts = []
    if n >= 100:
        parts.append(AR_HUNDREDS[n // 100])
        n %= 100
    if n > 10 and n < 20:
        parts.append({11: "أحد", 12: "اثنا"}.get(n, AR_UNITS[n % 10]) + " عشر")
    elif n and n <= 10:
        parts.append(AR_UNITS[n])
    elif n:
        parts += [AR_UNITS[n % 10]] * bool(n % 10) + [AR_TENS[n // 10]]
    return " و".join(parts)


def arabic_day(day, month, draw):
    if day <= 10:
        ordinal = AR_ORDINALS[day]
    elif day < 20:
        ordinal = ("الحادي" if day == 11 else AR_ORDINALS[day % 10]) + " عشر"
    else:
        tens = "ال" + AR_TENS[day // 10]
        ordinal = (("الحادي" if day % 10 == 1 else AR_ORDINALS[day % 10]) + " و" if day % 10 else "") + tens
    return draw.choice([f"{ordinal} من {AR_MONTHS[month - 1]}", f"{day} {AR_MONTHS[month - 1]}"])


def pair(forms, draw):
    kind = draw.choice(list(forms))
    language = draw.randrange(2)
    item = draw.choice(list(ITEMS))
    currency = draw.choice(list(MONEY))
    amount = draw.randint(1, 999)
    day, month = draw.randint(1, 28), draw.randint(1, 12)
    words = str(amount) if draw.random() < 0.3 else (arabic if language else english)(amount)
    text = draw.choice(forms[kind][language]).format(
        i=ITEMS[item][language],
        a=f"{words} {MONEY[currency][language]}",
        d=(arabic_day if language else english_day)(day, month, draw),
    )
    return text, f"{kind} {item} {amount} {currency} {month:02d}-{day:02d}"


def pairs(count, forms, draw, taken):
    rows = []
    while len(rows) < count:
        row = pair(forms, draw)
        if row[0] not in taken:
            taken.add(row[0])
            rows.append(row)
    return rows


def write(name, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["message", "ticket"])
        writer.writerows(rows)


def main():
    draw = random.Random(42)
    taken = set()
    made = {name: pairs(count, FORMS, draw, taken) for name, count in ROWS.items()}
    for name, rows in made.items():
        write(f"{name}.csv", rows)
    write("new-form.csv", pairs(300, NEW_FORMS, draw, taken))
    texts = [text for row in made["train"] for text in row]
    print(vocabulary.write(texts, HERE, MERGES, ends=True), "tokens")


if __name__ == "__main__":
    main()
