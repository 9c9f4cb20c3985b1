"""Writes the data of the recipe summarization: notices to the people of a small town, and what each says in one sentence.

    python3 recipes/summarization/make_data.py

A notice tells what happens when and where, why, and what to do about it, in changing order; its summary leaves the reasons and the
advice out. Everything is drawn with a fixed seed, and no notice is in both files.
"""

import csv
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
ROWS = dict(train=160, validation=40)

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
HOURS = ["eight", "nine", "ten", "noon", "two", "four", "six"]

# What happens, its summary, reasons, and advice. {p} is the place, {d} the day, {h} the hour.
EVENTS = [
    (["{P} stays closed on {d} from {h} on.", "On {d} {p} closes at {h}."], "{P} closes at {h} on {d}.",
     ["A pipe broke in the cellar last week.", "The floor is being painted.", "Half of the staff are at a training."],
     ["Whatever is due that day may be brought back later.", "In urgent cases ring at the side door.", "The cafe opposite is open."]),
    (["The water will be turned off near {p} on {d}, beginning at {h}.", "From {h} on {d} there will be no water in the streets around {p}."],
     "There is no water near {p} from {h} on {d}.",
     ["The old main has to be replaced before the frost.", "A leak must be found.", "A new hydrant is put in."],
     ["Fill a few bottles in the morning.", "The water may be brown at first; let it run.", "A tank will stand at the corner."]),
    (["A concert takes place at {p} on {d} at {h}.", "On {d} at {h} the town band plays at {p}."], "There is a concert at {p} on {d} at {h}.",
     ["The band is fifty years old this spring.", "The money goes to the new roof of the school.", "Eleven young players are heard for the first time."],
     ["Bring something to sit on.", "Children need no ticket.", "If it rains, it is put off by a week."]),
    (["The bus will not stop at {p} on {d} before {h}.", "On {d} the stop at {p} is left out until {h}."], "No bus stops at {p} before {h} on {d}.",
     ["A crane blocks the road.", "The marathon comes through the main street.", "The tar is still soft there."],
     ["The next stop is two hundred metres further.", "Drivers sell tickets to both stops at one price.", "Allow ten minutes more for the way."]),
    (["The council asks for helpers at {p} on {d} at {h}.", "Who has time on {d}? From {h} on hands are needed at {p}."],
     "Helpers are wanted at {p} on {d} at {h}.",
     ["The storm left branches and glass everywhere.", "Eighty young trees came earlier than planned.", "The benches are to be painted before the holidays."],
     ["Gloves and soup are there for everybody.", "Wear something that may get dirty.", "Nobody has to put his name down."]),
    (["A wallet was found at {p} on {d} at {h}.", "On {d}, towards {h}, somebody found a wallet at {p}."], "A wallet was found at {p} on {d}.",
     ["There is no name in it, but a photograph of a grey dog.", "It lay under the snow, and the notes are still damp.", "A schoolgirl brought it to the police at once."],
     ["The owner may ask for it at the town hall.", "Please say what was in it.", "After a month it goes to the finder."]),
    (["On {d} at {h} a doctor talks about sleep at {p}.", "A talk about sleep is given at {p} on {d} at {h}."],
     "A doctor talks about sleep at {p} on {d} at {h}.",
     ["Every third person in town sleeps badly, says a survey.", "It is the last of four talks this winter.", "The clinic has had many questions about it."],
     ["Questions may be handed in before.", "The door at the back has no steps.", "Seats cannot be kept."]),
    (["The market moves to {p} on {d} and begins at {h}.", "This {d} the stalls stand at {p}, from {h} on."],
     "The market is at {p} on {d}, from {h} on.",
     ["The square is taken up by the film people.", "New stones are laid on the old place.", "The dealers had asked for more shade."],
     ["Cars can be left behind the mill.", "Fish is sold only until it is gone.", "Bring your own bags."]),
]
PLACES = ["the library", "the north pier", "the old mill", "the town hall", "the swimming pool", "the museum", "the station",
          "the school", "the fish hall", "the lighthouse", "the chapel", "the sports ground"]
OPENINGS = ["", "Please note. ", "To all who live here: ", "A word from the town. "]


def notice(rng):
    events, summary, reasons, advice = rng.choice(EVENTS)
    place, day, hour = rng.choice(PLACES), rng.choice(DAYS), rng.choice(HOURS)

    def filled(text):
        return text.replace("{p}", place).replace("{P}", place.capitalize()).replace("{d}", day).replace("{h}", hour)

    sentences = [filled(rng.choice(events)), rng.choice(reasons)]
    if rng.random() < 0.4:
        sentences.reverse()
    return rng.choice(OPENINGS) + " ".join(sentences + rng.sample(advice, rng.randint(1, 2))), filled(summary)


def main():
    rng = random.Random(12)
    notices = {}
    while len(notices) < sum(ROWS.values()):
        text, summary = notice(rng)
        notices[text] = summary
    rows = iter(notices.items())
    for name, count in ROWS.items():
        with open(HERE / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["document", "summary"])
            writer.writerows(next(rows) for _ in range(count))


if __name__ == "__main__":
    main()
