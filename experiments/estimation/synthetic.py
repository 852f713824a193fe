"""`python -m experiments.estimation.synthetic [runs]`: does the estimator find what made the data, and is it as sure as it may be?

Truths are drawn from the prior, data from the model at each truth with the targets' errors; all runs are estimated in one
batch, each from the best of the other truths. In a linear model intervals would then cover as they say (Cook, Gelman and Rubin, 2006).
"""

import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from calibration.estimators.identification import identification
from calibration.estimators.minimum_distance import fit_many, objective
from calibration.estimators.problem import estimation_of
from calibration.inputs import load_inputs
from experiments.answer.tables.writing import formatted
from model.transition.solutions import NotSolved, Settings

STEPS, SEED = 6, 20260101
TWO, INTERVAL = 2.0, 0.90
LEAST_WITHIN, LEAST_COVER, MOST_COVER = 0.90, 0.85, 0.95


def main(runs=50):
    """Print the table and return 0 if both requirements hold."""
    clock = time.perf_counter()
    table, pooled, refused = synthetic(int(runs), lambda line: print(line, flush=True))
    print(f"\n{formatted(table).to_string(index=False)}\n")
    print(
        f"{runs} runs wanted, {refused} truths without an equilibrium drawn again, {time.perf_counter() - clock:.0f} s"
    )
    print(f"pooled {INTERVAL:.0%} intervals cover {pooled:.1%}")
    good = bool((table["within two standard errors"] >= LEAST_WITHIN).all() and LEAST_COVER <= pooled <= MOST_COVER)
    print("as required" if good else "NOT as required: at least 90 % within two standard errors, 85 to 95 % covered")
    return 0 if good else 1


def synthetic(runs, say):
    """`(table by number, share covered by pooled intervals, truths without an equilibrium)`."""
    estimation = estimation_of(load_inputs(), Settings())
    generator = np.random.default_rng(SEED)
    low, high = estimation.bounds()
    truths = np.clip(generator.standard_normal((2 * runs, len(estimation.estimated))), low, high)
    answers = estimation.solve_many(truths[:runs], lambda done, count: say(f"data: {done} of {count}"))
    if missing := sum(isinstance(a, NotSolved) for a in answers):
        answers += estimation.solve_many(truths[runs : runs + missing])
    solved = [i for i, a in enumerate(answers) if not isinstance(a, NotSolved)]
    refused, truths, answers = len(answers) - len(solved), truths[solved], [answers[i] for i in solved]
    moments = estimation.measure_many(answers)
    data = moments + estimation.errors * generator.standard_normal(moments.shape)
    estimations = [replace(estimation, observed=tuple(row)) for row in data]
    nearest = _nearest(estimations, truths, moments)
    u, jacobians = fit_many(estimations, truths[nearest], [answers[i] for i in nearest], STEPS, say)
    deviations = np.array([np.sqrt(np.diag(identification(J, estimation.errors).covariance)) for J in jacobians])
    scores = (u - truths) / deviations
    table = pd.DataFrame(
        {
            "number": estimation.names,
            "mean score": scores.mean(0),
            "spread of scores": scores.std(0),
            "within two standard errors": (np.abs(scores) <= TWO).mean(0),
            "90 % interval covers": (np.abs(scores) <= norm.ppf(0.5 + INTERVAL / 2)).mean(0),
            "share learned": 1 - (deviations**2).mean(0),
        }
    )
    return table, float((np.abs(scores) <= norm.ppf(0.5 + INTERVAL / 2)).mean()), refused


def _nearest(estimations, points, moments):
    """For each estimation the position of the best solved point, its own truth left out: the rough stage."""
    values = np.array([objective(e, points, moments) for e in estimations])
    np.fill_diagonal(values, np.inf)
    return values.argmin(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
