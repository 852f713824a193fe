"""Minimum distance with a prior: least squares within bounds on exact derivatives, from several starts.

The objective is half the sum of squares of (moments - data) / standard error and of the coordinates, which are standard
normal under the prior: its minimum is the mode of the posterior.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares
from scipy.stats import qmc

from model.transition.solutions import NotSolved

FALL, SHORTEST, FLAT = 1e-6, 1e-4, 1e-4  # relative fall of the objective, relative step, and slope that end a search
MOST_STEPS = 60
OUT_OF_STEPS, NO_SLOPE, NO_FALL = 0, 1, (2, 4)  # how SciPy says that it ended; what is left, 3, are steps too short
NO_PATH = (
    1e6  # [standard errors] of every residual where there is no path: worse than any path, so the search turns back
)
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


def rough_points(estimation: Any, count: int, seed: int) -> Float[np.ndarray, "point number"]:
    """Coordinates `(count, numbers)` of a Sobol design over the middle of the prior, the prior's median first."""
    design = qmc.Sobol(len(estimation.estimated), seed=seed)  # pyright: ignore[reportCallIssue]
    points = WIDTH * (2 * design.random(count) - 1)
    points[0] = 0.0
    low, high = estimation.bounds()
    return np.clip(points, low, high)


def objective(
    estimation: Any, u: Float[np.ndarray, "*points number"], moments: Float[np.ndarray, "*points moment"]
) -> Float[np.ndarray, "*points"] | float:
    """`(...)` for `u` `(..., numbers)` and `moments` `(..., moments)`; infinite where there is no path."""
    found = 0.5 * ((estimation.distances(moments) ** 2).sum(-1) + (u**2).sum(-1))
    return np.where(np.isfinite(found), found, np.inf)


def fit(estimation: Any, start: Float[np.ndarray, "number"], say: Callable[[str], Any] = lambda line: None) -> Fit:
    """`Fit` from coordinates `start` `(numbers,)`; raises model.transition.solutions.NotSolved if there is no path at the start.

    A trial point without a path is told, and the search goes back towards the last one that has a path.
    """
    low, high = estimation.bounds()
    search = _Search(estimation, say)
    found = least_squares(
        search.residuals,
        np.clip(start, low, high),
        search.derivatives,  # pyright: ignore[reportArgumentType]
        (low, high),
        ftol=FALL,
        xtol=SHORTEST,
        gtol=FLAT,
        max_nfev=MOST_STEPS + 1,
    )
    converged, reason = search.ended(found.status)
    u, moments, jacobian = search.here
    return Fit(u, moments, jacobian, float(found.cost), found.grad, search.trials, converged, reason)


class _Search:
    """The residuals of one search, those of the prior after those of the data; `here` is its last `(u, moments, jacobian)`.

    `blocked`: what sent it back last was a trial point without a path, not one with a larger objective.
    """

    def __init__(self, estimation, say):
        self.estimation, self.say = estimation, say
        self.trials, self.accepted, self.blocked = -1, -1, False  # the start is none
        self.here: tuple[np.ndarray, ...] = ()  # before the first derivatives
        self.trial: tuple[Any, ...] = ()
        self.value = np.inf

    def residuals(self, u):
        self.trials += 1
        try:
            solved = self.estimation.solved(u)
        except NotSolved as failure:
            if not self.here:
                raise
            self.blocked = True
            self.say(f"step {self.trials}: no path: {failure}")
            return np.full(len(self.estimation.errors) + len(u), NO_PATH)
        self.trial = np.array(u), self.estimation.measure(solved[1]), solved
        if objective(self.estimation, *self.trial[:2]) >= self.value:
            self.blocked = False
        return np.concatenate([self.estimation.distances(self.trial[1]), u])

    def derivatives(self, _):
        """At the last trial, which SciPy has just accepted."""
        u, moments, solved = self.trial
        self.here = u, moments, self.estimation.jacobian(*solved)
        self.value, self.accepted = float(objective(self.estimation, u, moments)), self.accepted + 1
        self.say(f"step {self.trials}: objective {self.value:.6g}")
        return np.vstack([self.here[2] / self.estimation.errors[:, None], np.eye(len(u))])

    def ended(self, status):
        """Whether the search converged, and why it ended, from SciPy's status."""
        if status == OUT_OF_STEPS:
            return False, f"{MOST_STEPS} steps were not enough"
        if status == NO_SLOPE:
            return True, "the gradient is zero"
        if status in NO_FALL:
            return True, "the objective falls no further"
        if self.blocked:
            return False, "no step lowers the objective: further on there is no path"
        if not self.accepted:
            return False, "no step lowers the objective"
        return True, "the objective falls no further: a kink, where a constraint begins to bind"


def fit_many(
    estimations: Sequence[Any],
    starts: Float[np.ndarray, "fit number"],
    answers: Iterable[Any],
    steps: int,
    say: Callable[[str], Any] = lambda line: None,
) -> tuple[Float[np.ndarray, "fit number"], Float[np.ndarray, "fit moment number"]]:
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
