"""Writes the golden numbers of package dev.attune.metric with scikit-learn and SciPy.

    pip install scikit-learn scipy
    python parity/make_metric_golden.py

The inputs are in the file, so the Java test needs nothing but the file.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import scipy.stats as st
import sklearn
import sklearn.metrics as sm

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/metric/golden.json"
warnings.filterwarnings("ignore")
rng = np.random.default_rng(20240607)


def number(x):
    """JSON has no NaN: null stands for it."""
    x = float(x)
    return None if np.isnan(x) else x


def report(y, p, present, names):
    """None where nothing is right: there scikit-learn prints the counts as 1.0, which is no layout worth keeping."""
    if not any(a == b for a, b in zip(y, p)):
        return None
    return sm.classification_report(y, p, labels=present, target_names=[names[i] for i in present], zero_division=0)


def classification(name, classes, y, p, names=None):
    kw = dict(zero_division=0)
    present = sorted(set(y) | set(p))
    names = names or [f"label {i}" for i in range(classes)]
    return dict(
        name=name, classes=classes, labels=[int(v) for v in y], predicted=[int(v) for v in p], names=names,
        expected=dict(
            accuracy=sm.accuracy_score(y, p),
            f1_macro=sm.f1_score(y, p, average="macro", **kw),
            f1_weighted=sm.f1_score(y, p, average="weighted", **kw),
            precision_macro=sm.precision_score(y, p, average="macro", **kw),
            recall_macro=sm.recall_score(y, p, average="macro", **kw),
            balanced_accuracy=sm.balanced_accuracy_score(y, p),
            mcc=sm.matthews_corrcoef(y, p)),
        report=report(y, p, present, names))


def multilabel(name, y, logits):
    y, logits = np.array(y), np.array(logits, dtype=np.float32)
    p = (logits > 0).astype(int)
    return dict(
        name=name, labels=int(y.shape[1]), targets=y.ravel().tolist(), logits=[float(v) for v in logits.ravel()],
        expected=dict(
            f1_micro=sm.f1_score(y, p, average="micro", zero_division=0),
            f1_macro=sm.f1_score(y, p, average="macro", zero_division=0),
            subset_accuracy=sm.accuracy_score(y, p)))


def regression(name, y, p):
    y, p = np.array(y, dtype=np.float64), np.array(p, dtype=np.float64)
    enough = len(y) > 1
    return dict(
        name=name, targets=y.tolist(), predicted=p.tolist(),
        expected=dict(
            mse=number(sm.mean_squared_error(y, p)),
            rmse=number(sm.root_mean_squared_error(y, p)),
            mae=number(sm.mean_absolute_error(y, p)),
            r2=number(sm.r2_score(y, p)) if enough else None,
            pearson=number(st.pearsonr(y, p)[0]) if enough else None,
            spearman=number(st.spearmanr(y, p)[0]) if enough else None))


def noisy(classes, n, right):
    y = rng.integers(0, classes, n)
    return y, np.where(rng.random(n) < right, y, rng.integers(0, classes, n))


y2 = np.round(rng.normal(size=60), 1)
big = 1e8 + rng.normal(size=40)
golden = dict(
    made_with=dict(sklearn=sklearn.__version__, scipy=scipy.__version__),
    classification=[
        classification("binary", 2, *noisy(2, 50, 0.7), names=["ham", "spam"]),
        classification("six labels", 6, *noisy(6, 200, 0.6)),
        classification("label 2 absent from both", 4, [0, 0, 1, 3, 3, 1], [0, 1, 1, 3, 0, 1]),
        classification("label 1 never predicted", 3, [0, 1, 1, 2], [0, 0, 2, 2]),
        classification("label 2 predicted but never true", 3, [0, 1, 1, 0], [0, 2, 1, 2]),
        classification("all wrong", 2, [0, 1, 0], [1, 0, 1]),
        classification("all right", 3, [0, 1, 2], [0, 1, 2]),
        classification("one label only", 2, [1, 1, 1], [1, 1, 1]),
        classification("constant prediction", 2, [0, 1, 1, 1], [1, 1, 1, 1]),
        classification("one row", 2, [0], [1]),
    ],
    multilabel=[
        multilabel("random", rng.integers(0, 2, (30, 5)), rng.normal(size=(30, 5))),
        multilabel("logit exactly 0 is not predicted", [[1, 0], [0, 1]], [[0.0, -1], [-1, 2]]),
        multilabel("label absent from both", [[1, 0, 0], [1, 1, 0]], [[1, 1, -1], [2, 1, -1]]),
        multilabel("nothing true, nothing predicted", [[0, 0], [0, 0]], [[-1, -1], [-2, -1]]),
    ],
    regression=[
        regression("random", rng.normal(size=50), rng.normal(size=50)),
        regression("many ties", y2, np.round(0.5 * y2 + rng.normal(size=60) * 0.3, 1)),
        regression("large mean", big, big + 0.1 * rng.normal(size=40)),
        regression("signed zeros tie", [0.0, 1.0, 2.0, 3.0], [-0.0, 0.0, 1.0, -1.0]),
        regression("exact", [1, 2, 4], [1, 2, 4]),
        regression("reversed", [1, 2, 3], [3, 2, 1]),
        regression("constant prediction", [1, 2, 3], [2, 2, 2]),
        regression("constant target", [2, 2, 2], [1, 2, 3]),
        regression("constant target, exact", [2, 2], [2, 2]),
        regression("one row", [1.5], [1.0]),
    ])
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
print("wrote", OUT)
