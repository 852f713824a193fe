"""First-order conditions of a best policy: what is left of them, and what each limit and bound is worth."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import nnls

from model.policy.task import Task, Trial

ACTIVE = 1e-6  # distance to a limit, over what a usual change does to it
AT_BOUND = 1e-9  # distance to a bound, over a usual change
STILL = 1e-14  # what a usual change does to a limit, up to which nothing moves it
ROUNDING = 1e-9  # of a limit
TOLERANCE = 1e-6  # of the slope
BROKEN = 1e-8  # by how much a limit may be passed, in the same measure


class Conditions(NamedTuple):
    """`residual` is the largest part of the loss's slope that no limit or bound explains, over the largest slope met
    (`finish`: or that curvature brings a tenth of a usual change away).

    Slopes are by a usual change of each control. `multipliers`, in the order of the trial's limits, say by how much the loss
    falls where a limit or a bound is relaxed by one, `passed` by how much a limit is, over what a usual change does to it.
    """

    residual: float
    passed: float
    multipliers: Float[np.ndarray, "limits"]
    at_low: Float[np.ndarray, "controls"]
    at_high: Float[np.ndarray, "controls"]

    @property
    def met(self) -> bool:
        return self.residual <= TOLERANCE and self.passed <= BROKEN


def conditions(task: Task, trial: Trial, slopes: Float[np.ndarray, "criteria controls"], steepest: float) -> Conditions:
    """`Conditions` at a solved trial with its `slopes`; `steepest` is the largest slope of the loss by a usual change."""
    scaled = slopes * task.scale
    left, reach = room(trial.criteria[1:], scaled[1:]), np.abs(scaled[1:]).max(1, initial=0.0)
    slack = np.where(reach > STILL, left / np.maximum(reach, STILL), np.where(left < 0, -np.inf, np.inf))
    low, high = (trial.point - task.low) / task.scale, (task.high - trial.point) / task.scale
    binding, falls, rises = np.isfinite(slack) & (slack < ACTIVE), low < AT_BOUND, high < AT_BOUND
    unit = np.eye(len(task.scale))
    pulls = np.concatenate([scaled[1:][binding], -unit[falls], unit[rises]])
    found = np.zeros(len(pulls))
    if len(pulls):
        size = np.linalg.norm(pulls, axis=1)
        found = nnls((pulls / size[:, None]).T, -scaled[0])[0] / size
    unexplained = scaled[0] + found @ pulls if len(pulls) else scaled[0]
    counts = np.cumsum([binding.sum(), falls.sum()])
    by_limit, by_low, by_high = np.split(found, counts)
    multipliers, at_low, at_high = (np.zeros(len(a)) for a in (slack, low, high))
    multipliers[binding] = by_limit
    at_low[falls], at_high[rises] = by_low / task.scale[falls], by_high / task.scale[rises]
    passed = float(np.maximum(-slack, 0.0).max(initial=0.0))
    return Conditions(float(np.abs(unexplained).max() / steepest), passed, multipliers, at_low, at_high)


def room(
    limits: Float[np.ndarray, "limits"], slopes: Float[np.ndarray, "limits controls"]
) -> Float[np.ndarray, "limits"]:
    """How far limits are from being passed; a limit that nothing moves is kept where only rounding passes it."""
    still = np.abs(slopes).max(1, initial=0.0) <= STILL
    return np.where(still & (np.abs(limits) < ROUNDING), 0.0, -limits)
