"""Minimum distance with a prior: Levenberg-Marquardt on exact derivatives, from several starts.

The objective is half the sum of squares of (moments - data) / standard error and of the coordinates, which are standard
normal under the prior: its minimum is the mode of the posterior.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from model.solutions import NotSolved

DAMPING, GROW, SHRINK = 1e-2, 10.0, 0.2
LARGEST_DAMPING = 1e8
NEGLIGIBLE = 1e-5  # fall of the objective; 0.5 is a standard error
STALLED_AFTER = 4  # steps in a row that lower it by less than a hundred times that, as at a kink
MOST_STEPS = 60
WIDTH = 1.0  # of the rough stage, in prior standard deviations


class Fit(NamedTuple):
    """Where a search ended; `jacobian` is `(moments, numbers)` by coordinates."""

    u: np.ndarray
    moments: np.ndarray
    jacobian: np.ndarray
    objective: float
    gradient: np.ndarray  # of the objective by the coordinates
    steps: int
    converged: bool
    reason: str


def rough_points(estimation, count, seed):
    """Coordinates `(count, numbers)` of a Sobol design over the middle of the prior, the prior's median first."""
    points = WIDTH * (2 * qmc.Sobol(len(estimation.estimated), seed=seed).random(count) - 1)
    points[0] = 0.0
    low, high = estimation.bounds()
    return np.clip(points, low, high)


def objective(estimation, u, moments):
    """`(...)` for `u` `(..., numbers)` and `moments` `(..., moments)`; infinite where there is no path."""
    found = 0.5 * ((estimation.distances(moments) ** 2).sum(-1) + (u**2).sum(-1))
    return np.where(np.isfinite(found), found, np.inf)


def fit(estimation, start, say=lambda line: None):
    """`Fit` from coordinates `start` `(numbers,)`; raises model.solutions.NotSolved if there is no path at the start."""
    low, high = estimation.bounds()
    u, damping, taken, idle = np.array(start, float), DAMPING, 0, 0
    value, moments, jacobian = _solve(estimation, u)

    def ended(converged, reason):
        return Fit(u, moments, jacobian, value, gradient, taken, converged, reason)

    while True:
        scaled = jacobian / estimation.errors[:, None]
        gradient, hessian = scaled.T @ estimation.distances(moments) + u, scaled.T @ scaled + np.eye(len(u))
        free = ~(((u <= low) & (gradient > 0)) | ((u >= high) & (gradient < 0)))
        promised = 0.5 * gradient[free] @ np.linalg.solve(hessian[np.ix_(free, free)], gradient[free])
        say(f"step {taken}: objective {value:.6g}, {promised:.1e} below it the linear model ends")
        if promised <= NEGLIGIBLE:
            return ended(True, "the gradient is zero")
        if idle == STALLED_AFTER:
            return ended(True, "the objective falls no further: a kink, where a constraint begins to bind")
        while True:
            if taken == MOST_STEPS:
                return ended(False, f"{MOST_STEPS} steps were not enough")
            if damping > LARGEST_DAMPING:
                return ended(False, "no step lowers the objective")
            taken += 1
            step = np.zeros(len(u))
            system = hessian + damping * np.diag(np.diag(hessian))
            step[free] = -np.linalg.solve(system[np.ix_(free, free)], gradient[free])
            trial = np.clip(u + step, low, high)
            found = _value(estimation, trial)
            if found is not None and found[0] < value:
                idle = idle + 1 if value - found[0] < 100 * NEGLIGIBLE else 0
                u, (value, moments, solved) = trial, found
                jacobian = estimation.jacobian(*solved)
                damping *= SHRINK
                break
            damping *= GROW


def _solve(estimation, u):
    calibrated, baseline = estimation.solved(u)
    moments = estimation.measure(baseline)
    return float(objective(estimation, u, moments)), moments, estimation.jacobian(calibrated, baseline)


def _value(estimation, u):
    try:
        solved = estimation.solved(u)
    except NotSolved:
        return None
    moments = estimation.measure(solved[1])
    return float(objective(estimation, u, moments)), moments, solved


def fit_many(estimations, starts, answers, steps, say=lambda line: None):
    """Coordinates `(fits, numbers)` and derivatives `(fits, moments, numbers)` of several estimations, all steps in batches.

    `estimations` differ in their data only; `answers` are the baselines at the `starts`. Derivatives are exact at the starts and at the ends and follow by Broyden's
    updates between; a step that raises the objective is halved the next time.
    """
    first = estimations[0]
    low, high = first.bounds()
    u = np.array(starts, float)
    moments, jacobians = first.measure_many(answers), _jacobians(first, u, answers, say)
    value = _objectives(estimations, u, moments)
    length = np.ones(len(u))
    for taken in range(steps):
        proposed = [_gauss_newton(*given) for given in zip(estimations, u, moments, jacobians, strict=True)]
        trials = np.clip(u + length[:, None] * proposed, low, high)
        found = first.solve_many(trials)
        measured = first.measure_many(found)
        values = _objectives(estimations, trials, measured)
        for i, step in enumerate(trials - u):
            if np.isfinite(values[i]) and step @ step > 0:
                jacobians[i] += np.outer(measured[i] - moments[i] - jacobians[i] @ step, step) / (step @ step)
        better = values <= value
        moved = np.abs(np.where(better[:, None], trials - u, 0.0)).max()
        u, moments = np.where(better[:, None], trials, u), np.where(better[:, None], measured, moments)
        answers = [new if good else old for new, old, good in zip(found, answers, better, strict=True)]
        value, length = np.where(better, values, value), np.where(better, 1.0, length / 2)
        say(f"step {taken + 1} of {steps}: mean objective {value.mean():.4f}, largest move {moved:.1e}")
    return u, _jacobians(first, u, answers, say)


def _jacobians(estimation, points, answers, say):
    known = {}
    for u, answer in zip(map(tuple, points), answers, strict=True):
        if u not in known:
            known[u] = estimation.jacobian_at(np.array(u), answer)
    say(f"derivatives at {len(known)} points")
    return np.array([known[tuple(u)] for u in points])


def _objectives(estimations, points, moments):
    return np.array([objective(*given) for given in zip(estimations, points, moments, strict=True)])


def _gauss_newton(estimation, u, moments, jacobian):
    scaled = jacobian / estimation.errors[:, None]
    gradient = scaled.T @ estimation.distances(moments) + u
    return -np.linalg.solve(scaled.T @ scaled + np.eye(len(u)), gradient)
