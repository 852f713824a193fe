"""From a point nearby to the best one: Newton's method on the first-order conditions, limits and bounds among them.

Each step is the least of a quadratic model of the Lagrangian under the limits to first order (Nocedal and Wright, 2006,
ch. 18); its curvature comes from differences of exact slopes, follows what each step finds, and is renewed now and then.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from model.policy.optimality import Conditions, conditions
from model.policy.quadratic import least
from model.policy.task import Task, Trial

STEPS, HALVINGS, RENEWED_AFTER = 40, 8, 5
SMALL = 1e-3  # of a usual change, between slopes
FLATTEST = 1e-7  # least curvature over the largest
REACH = 1e6  # usual changes from the start, beyond which a search is held to have no end
NOISE = 1e-10  # of a loss over its slope
FIRM = 1e-8  # least cosine between a step and what its curvature missed
ROUNDING = 1e-12  # of a usual change
BOUND = "give the controls bounds, or a limit to what they cost"
UNSOLVED = ", as far as the economy can be solved"


class Optimum(NamedTuple):
    """Where a search ended, the curvatures it used, and in words why where the `conditions` are not met."""

    trial: Trial
    slopes: Float[np.ndarray, "criteria controls"]
    conditions: Conditions
    steps: int
    curvatures: Float[np.ndarray, "criteria controls controls"] | None
    reason: str = ""


class NoAnswer(Exception):
    """Why there is no best policy to be found."""


def finish(
    task: Task,
    start: Trial,
    curvatures: Float[np.ndarray, "criteria controls controls"] | None = None,
    slopes: Float[np.ndarray, "criteria controls"] | None = None,
) -> Optimum:
    """The `Optimum` that a search from a solved `start` leads to; raises NoAnswer.

    `curvatures` are those of an optimum nearby, to begin with; `slopes` those of the start, where they are known.
    """
    if not start.solved:
        raise NoAnswer("the economy is not solved with the policy that the search starts from")
    slopes = task.slopes(start) if slopes is None else slopes
    trial, steepest, penalty, step = start, np.finfo(float).tiny, 0.0, 0
    while True:
        steepest = max(steepest, float(np.abs(slopes[0] * task.scale).max()))
        found = conditions(task, trial, slopes, steepest)
        if found.met or step == STEPS:
            break
        if curvatures is None or (step and step % RENEWED_AFTER == 0):
            curvatures = _curvatures(task, trial, slopes)
        move, multipliers = _move(task, trial, slopes, curvatures, found.multipliers)
        penalty = max(penalty, 2 * float(multipliers.max(initial=0.0)))
        onward = _along(task, trial, move, penalty, steepest)
        reached = trial if onward is None else onward
        far = np.abs(reached.point - start.point).max() > REACH * task.scale.max()
        if far or (onward is None and _open(task, trial, move)):
            raise NoAnswer(f"the loss falls without end{'' if far else UNSOLVED}: {BOUND}")
        if onward is None:
            break
        before, trial, step = (trial, slopes), onward, step + 1
        slopes = task.slopes(trial)
        curvatures = _corrected(
            curvatures, (trial.point - before[0].point) / task.scale, (slopes - before[1]) * task.scale
        )
    return Optimum(trial, slopes, found, step, curvatures, "" if found.met else _stuck(found))


def _open(task, trial, move):
    """Does a move lead where no bound is, and to no path even if it is short?"""
    free = np.where(move > 0, np.isinf(task.high), np.isinf(task.low)) & (np.abs(move) > SMALL)
    (near,) = task.trials((trial.point + move * task.scale / 2**HALVINGS)[None])
    return bool(free.any()) and not near.solved


def _stuck(found):
    return f"no step brings it further; {found.residual:.0e} of the slope is left and a limit is passed by {found.passed:.0e}"


def _curvatures(task, trial, slopes):
    """Second derivatives `(1 + limits, m, m)` of the criteria by usual changes."""
    size = len(task.scale)
    inward = np.where(trial.point + SMALL * task.scale <= task.high, 1.0, -1.0)
    near = task.trials(trial.point + np.diag(SMALL * inward * task.scale))
    found = np.zeros((len(slopes), size, size))
    for j, other in enumerate(near):
        if other.solved:
            found[:, :, j] = (task.slopes(other) - slopes) * task.scale / (SMALL * inward[j])
    return (found + found.swapaxes(1, 2)) / 2


def _corrected(curvatures, moved, gained):
    """Curvatures that give the slopes gained `(1 + limits, m)` by a step, by the least change (symmetric rank one; ch. 6.2)."""
    missed = gained - curvatures @ moved
    size = missed @ moved
    firm = np.abs(size) > FIRM * np.linalg.norm(missed, axis=1) * np.linalg.norm(moved)
    added = missed[:, :, None] * missed[:, None] / np.where(firm, size, 1.0)[:, None, None]
    return curvatures + np.where(firm[:, None, None], added, 0.0)


def _move(task, trial, slopes, curvatures, multipliers):
    """The step in usual changes, and the multipliers that belong to it."""
    scaled, unit = slopes * task.scale, np.eye(len(task.scale))
    low, high = (task.low - trial.point) / task.scale, (task.high - trial.point) / task.scale
    bounded = [(unit[np.isfinite(high)], high), (-unit[np.isfinite(low)], -low)]
    rows = np.concatenate([scaled[1:], *(sides for sides, _ in bounded)])
    ends = np.concatenate([-trial.criteria[1:], *(end[np.isfinite(end)] for _, end in bounded)])

    def best(multipliers):
        curvature = _bowl(curvatures[0] + np.tensordot(multipliers, curvatures[1:], 1), scaled[0])
        found = least(curvature, scaled[0], rows, ends)
        if found is None:
            raise NoAnswer("the limits cannot be kept together: relax one of them")
        return found.point, found.multipliers[: len(scaled) - 1]

    return best(best(multipliers)[1])


def _bowl(curvature, slope):
    """The nearest curvature that is safely positive; where there is none at all, one that leads a usual change away."""
    sizes, ways = np.linalg.eigh(curvature)
    floor = max(FLATTEST * np.abs(sizes).max(), FLATTEST * np.abs(slope).max(), np.finfo(float).tiny)
    return (ways * np.maximum(np.abs(sizes), floor)) @ ways.T


def _along(task, trial, move, penalty, steepest):
    """The trial after the longest part of a move that gains; None if none does."""

    def merit(of):
        return of.criteria[0] + penalty * np.maximum(of.criteria[1:], 0.0).sum()

    before, noise = merit(trial), NOISE * steepest
    for k in range(HALVINGS):
        part = move / 2**k
        point = _within(task, trial.point + part * task.scale)
        (onward,) = task.trials(point[None])
        if onward.solved and merit(onward) <= before + noise:
            return onward
    return None


def _within(task, point):
    """The point within its bounds, on them where only rounding lies between."""
    close = ROUNDING * task.scale
    point = np.where(point < task.low + close, task.low, point)
    return np.where(point > task.high - close, task.high, point)
