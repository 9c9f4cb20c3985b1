"""Writes the golden numbers of confident learning and calibration: made-up probabilities, what cleanlab suspects of them, and
the expected calibration error by its definition.

    pip install cleanlab
    python parity/make_confident_golden.py

The labels of some rows are turned on purpose. Where several classes reach their threshold, cleanlab takes the most probable class
of all, the paper the most probable of those: the sets may differ in a row or two, and the file has data on which they do not.
"""

import json
import pathlib

import cleanlab
import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/metric/confident.json"
RANGES = 10


def paper(labels, p):
    """Rows off the diagonal of the confident joint that the model would answer otherwise, by the formulas of the paper."""
    t = np.array([p[labels == k, k].mean() if (labels == k).any() else np.inf for k in range(p.shape[1])])
    found = []
    for i, row in enumerate(p):
        reached = [k for k in range(p.shape[1]) if row[k] >= t[k] - 1e-6]
        if reached and max(reached, key=lambda k: row[k]) != labels[i] and row.argmax() != labels[i]:
            found.append(i)
    return found


def calibration(labels, p):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    total, ranges = 0.0, []
    for m in range(RANGES):
        inside = (confidence > m / RANGES) & (confidence <= (m + 1) / RANGES)
        ranges.append(dict(count=int(inside.sum()),
                           confidence=float(confidence[inside].mean()) if inside.any() else None,
                           accuracy=float(right[inside].mean()) if inside.any() else None))
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(total), ranges


def case(name, classes, rows, turned, sharpness, seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, rows)
    logits = rng.normal(0, 1, (rows, classes))
    logits[np.arange(rows), truth] += rng.gamma(2, sharpness, rows)
    p = np.round(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), 6)
    p /= p.sum(axis=1, keepdims=True)
    labels = truth.copy()
    for row in rng.choice(rows, turned, replace=False):
        labels[row] = (labels[row] + rng.integers(1, classes)) % classes
    ranked = find_label_issues(labels, p, filter_by="confident_learning", min_examples_per_class=0, n_jobs=1,
                               return_indices_ranked_by="normalized_margin")
    joint, off = compute_confident_joint(labels, p, calibrate=False, return_indices_of_off_diagonals=True)
    if sorted(ranked) != paper(labels, p) or not 0 < len(ranked) < len(off):
        return None
    error, ranges = calibration(labels, p)
    return dict(name=name, classes=classes, labels=labels.tolist(), probabilities=p.tolist(),
                thresholds=get_confident_thresholds(labels, p).tolist(), suspects=[int(i) for i in ranked],
                mistakes=int((p.argmax(axis=1) != labels).sum()), calibration_error=error, ranges=ranges)


def first(*arguments):
    """The first seed on which both agree, and on which an answer that is the label clears a row."""
    return next(found for found in (case(*arguments, seed) for seed in range(1000)) if found)


cases = [
    first("two classes", 2, 80, 9, 0.4),
    first("five classes", 5, 150, 15, 0.8),
    first("many classes, unsure", 12, 120, 10, 0.5),
]
OUT.write_text(json.dumps(dict(cleanlab=cleanlab.__version__, cases=cases)) + "\n")
for c in cases:
    print(c["name"], len(c["suspects"]), "suspects of", c["mistakes"], "mistakes, ECE", c["calibration_error"])
