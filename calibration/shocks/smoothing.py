"""What shocks there were: the Kalman smoother of statsmodels on the state space of what is observed."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother

from calibration.shocks.state_space import StateSpace
from model.core.types import Real


class Smoothed(NamedTuple):
    """Of T quarters; shocks are those of the second quarter on, in standard deviations (the first are in the first state)."""

    states: Float[np.ndarray, "quarters state"]
    shocks: Float[np.ndarray, "quarters-1 shocks"]
    noise: Float[np.ndarray, "quarters observables"]  # not a number where nothing was observed
    filtered: Float[np.ndarray, "quarters state"]  # what is known of each state in its own quarter
    uncertainty: Float[np.ndarray, "quarters state state"]  # variance of what is not
    log_likelihood: float


def smooth(
    space: StateSpace,
    sizes: Float[Real, "quarters shocks"],
    noise: Float[Real, "observables"],
    data: Float[Real, "quarters observables"],
    first_variance: Float[Real, "state state"],
) -> Smoothed:
    """`Smoothed` of `data`, not a number where missing; `first_variance` is of the first quarter's state around zero.

    `space` is one of all quarters, (T, ...); `sizes` are standard deviations of the shocks by quarter.
    """
    transition, impact = (np.asarray(part) for part in space)
    pushed = impact * np.asarray(sizes)[:, None, :]
    (count, size, k), m = pushed.shape, data.shape[1]
    model = KalmanSmoother(m, size, k)
    model.bind(np.ascontiguousarray(data, float))
    model["design"] = np.eye(m, size, size - m)
    model["obs_cov"] = np.diag(np.asarray(noise) ** 2)
    model["transition"] = _ahead(transition)
    model["selection"] = _ahead(pushed)
    model["state_cov"] = np.eye(k)
    model.initialize_known(np.zeros(size), np.asarray(first_variance))
    found: Any = model.smooth()
    states = np.asarray(found.smoothed_state).T
    gaps = np.asarray(data) - states[:, size - m :]
    return Smoothed(
        states,
        np.asarray(found.smoothed_state_disturbance).T[: count - 1],
        gaps,
        np.asarray(found.filtered_state).T,
        np.moveaxis(np.asarray(found.filtered_state_cov), -1, 0),
        float(np.sum(found.llf_obs)),
    )


def _ahead(matrices):
    """Those of the next quarter, the last one repeated, with time on the last axis as statsmodels has it."""
    return np.ascontiguousarray(np.moveaxis(np.concatenate([matrices[1:], matrices[-1:]]), 0, -1))
