"""Writes densities of the reference's Parzen estimators: core/src/test/resources/dev/attune/job/search/parzen.json.

    python parity/make_search_golden.py

Each case has a space, values that were tried, the kernels that they make, and how much more likely some values are than by
the prior alone, as a difference of logarithms. Needs optuna and numpy (written with optuna 5.0.0).
"""

import json
import pathlib
import random

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_gamma, default_weights

TARGET = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/dev/attune/job/search/parzen.json"
PARAMETERS = _ParzenEstimatorParameters(
    prior_weight=1.0, consider_magic_clip=True, consider_endpoints=False, weights=default_weights, multivariate=False
)
SPACES = {
    "uniform(-1, 3)": FloatDistribution(-1, 3),
    "log_uniform(1e-5, 1e-2)": FloatDistribution(1e-5, 1e-2, log=True),
    "int(1, 6)": IntDistribution(1, 6),
    "int(100, 300)": IntDistribution(100, 300),
    "choice(8, 16, 32, 64)": CategoricalDistribution(("8", "16", "32", "64")),
}
COUNTS = [1, 2, 3, 9, 24, 25, 26, 40, 120]


def draw(space, rng):
    if isinstance(space, CategoricalDistribution):
        return rng.randrange(len(space.choices))
    if isinstance(space, IntDistribution):
        return rng.randint(space.low, space.high)
    if space.log:
        return float(f"{np.exp(rng.uniform(np.log(space.low), np.log(space.high))):.4g}")
    return float(f"{rng.uniform(space.low, space.high):.4g}")


def estimator(space, values):
    return _ParzenEstimator({"x": np.array(values, dtype=float)}, {"x": space}, PARAMETERS)


def case(name, space, count, rng):
    # Of equal values the reference sorts any before the other, so kernels of different weights may change places.
    tried = []
    while len(tried) < count:
        value = draw(space, rng)
        if count <= 25 or isinstance(space, CategoricalDistribution) or value not in tried:
            tried.append(value)
    asked = [draw(space, rng) for _ in range(8)]
    made = estimator(space, tried)
    points = {"x": np.array(asked, dtype=float)}
    gains = made.log_pdf(points) - estimator(space, []).log_pdf(points)
    kernels = made._mixture_distribution.distributions[0]
    result = {"space": name, "tried": tried, "asked": asked, "gains": gains.tolist()}
    if not isinstance(space, CategoricalDistribution) and len(set(tried)) == len(tried):
        result["widths"] = kernels.sigma.tolist()
    return result


def main():
    rng = random.Random(5)
    cases = [
        case(name, space, count, rng)
        for name, space in SPACES.items()
        for count in COUNTS
        if count <= 25 or name != "int(1, 6)"
    ]
    golden = {"optuna": optuna.__version__, "good": [default_gamma(n) for n in range(10, 300)], "cases": cases}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
