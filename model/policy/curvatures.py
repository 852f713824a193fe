"""Second derivatives of criteria by usual changes of controls: from differences of slopes, kept up by what steps find."""

import numpy as np
from jaxtyping import Float

from model.compute.side_by_side import side_by_side
from model.policy.task import Task, Trial

SMALL = 1e-3  # of a usual change, between slopes
FLATTEST = 1e-7  # least curvature over the largest
FIRM = 1e-8  # least cosine between a step and what its curvature missed

Curvatures = Float[np.ndarray, "criteria controls controls"]


def differenced(task: Task, trial: Trial, slopes: Float[np.ndarray, "criteria controls"]) -> Curvatures:
    """Curvatures at a trial with its `slopes`."""
    size = len(task.scale)
    inward = np.where(trial.point + SMALL * task.scale <= task.high, 1.0, -1.0)
    near = task.trials(trial.point + np.diag(SMALL * inward * task.scale))
    found = np.zeros((len(slopes), size, size))
    solved = [j for j, other in enumerate(near) if other.solved]
    for j, own in zip(solved, side_by_side(task.slopes, [near[j] for j in solved]), strict=True):
        found[:, :, j] = (own - slopes) * task.scale / (SMALL * inward[j])
    return (found + found.swapaxes(1, 2)) / 2


def corrected(
    curvatures: Curvatures, moved: Float[np.ndarray, "controls"], gained: Float[np.ndarray, "criteria controls"]
) -> Curvatures:
    """Curvatures that give the slopes gained by a step, by the least change (symmetric rank one; Nocedal and Wright, 2006, ch. 6.2)."""
    missed = gained - curvatures @ moved
    size = missed @ moved
    firm = np.abs(size) > FIRM * np.linalg.norm(missed, axis=1) * np.linalg.norm(moved)
    added = missed[:, :, None] * missed[:, None] / np.where(firm, size, 1.0)[:, None, None]
    return curvatures + np.where(firm[:, None, None], added, 0.0)


def of_lagrangian(
    curvatures: Curvatures, multipliers: Float[np.ndarray, "limits"]
) -> Float[np.ndarray, "controls controls"]:
    """The curvature of the loss and of limits at what each is worth."""
    return curvatures[0] + np.tensordot(multipliers, curvatures[1:], 1)


def bowl(
    curvature: Float[np.ndarray, "controls controls"], slope: Float[np.ndarray, "controls"]
) -> Float[np.ndarray, "controls controls"]:
    """The nearest curvature that is safely positive; where there is none at all, one that leads a usual change away."""
    sizes, ways = np.linalg.eigh(curvature)
    floor = max(FLATTEST * np.abs(sizes).max(), FLATTEST * np.abs(slope).max(), np.finfo(float).tiny)
    return (ways * np.maximum(np.abs(sizes), floor)) @ ways.T
