"""What comes: the distribution of what is watched, from the last state, the shocks to come and what is not known of the economy."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from calibration.shocks.past import Past
from calibration.shocks.tables import watched
from model.core.types import Real

YEAR = 4


class Widths(NamedTuple):
    """Paths of what is watched in the quarters after the data; the last axis is `watched()`, in its units."""

    mean: Float[np.ndarray, "quarters watched"]
    by_shocks: Float[np.ndarray, "paths quarters watched"]
    by_parameters: Float[np.ndarray, "draws quarters watched"]  # the mean of each economy; empty where none are stored
    both: Float[np.ndarray, "paths quarters watched"]


def expected(past: Past, count: int, known: bool = True) -> Float[np.ndarray, "quarters watched"]:
    """Mean of the `count` quarters after the data; without what is `known` of today's state, the economy without shocks."""
    first, m = len(past.known), len(watched())
    state, found = past.smoothed.filtered[-1] * known, []
    for t in range(first, first + count):
        state = past.space.transition[t] @ state
        found.append(state[-m:])
    return past.without_shocks.iloc[first : first + count].to_numpy() + np.array(found)


def simulated(
    past: Past, count: int, paths: int, generator: np.random.Generator, known: bool = True
) -> Float[np.ndarray, "paths quarters watched"]:
    """Deviations from the mean: what is not known of the last state, and shocks to come."""
    first, m = len(past.known), len(watched())
    state = np.zeros((paths, past.space.transition.shape[1]))
    if known:
        sizes, directions = np.linalg.eigh(past.smoothed.uncertainty[-1])
        root = directions * np.sqrt(np.maximum(sizes, 0.0))
        state = generator.normal(size=state.shape) @ root.T
    found = []
    for t in range(first, first + count):
        pushed = past.space.impact[t] * past.sizes[t]
        state = state @ past.space.transition[t].T + generator.normal(size=(paths, pushed.shape[1])) @ pushed.T
        found.append(state[:, -m:])
    return np.stack(found, 1)


def widths(
    pasts: Sequence[Past],
    baselines: Float[Real, "draws quarters watched"],
    count: int,
    paths: int,
    generator: np.random.Generator,
    known: bool = True,
) -> Widths:
    """`Widths` around the first of `pasts`, which has the numbers at the mode; the others have draws of the shocks' numbers.

    `baselines` are deviations of the economy's own path in draws of the calibration.
    """
    mode, *drawn = pasts
    mean = expected(mode, count, known)
    by_shocks = mean + simulated(mode, count, paths, generator, known)
    share = paths // max(1, len(drawn))
    both = [expected(p, count, known) + simulated(p, count, share, generator, known) for p in drawn] or [by_shocks]
    together = np.concatenate(both)
    own = [expected(p, count, known) for p in drawn] or [mean]
    of_parameters = np.array([own[k % len(own)] + moved for k, moved in enumerate(baselines)] or own)
    if len(baselines):
        together = together + np.asarray(baselines)[generator.integers(len(baselines), size=len(together))]
    return Widths(mean, by_shocks, of_parameters, together)


def over_four_quarters(
    before: Float[Real, "quarters"], paths: Float[Real, "*paths quarters"]
) -> Float[np.ndarray, "*paths quarters"]:
    """Sums of four quarters of growth that end in each quarter; `before` are at least three quarters of the data."""
    head = np.broadcast_to(np.asarray(before)[-(YEAR - 1) :], (*np.shape(paths)[:-1], YEAR - 1))
    total = np.cumsum(np.concatenate([np.zeros((*head.shape[:-1], 1)), head, paths], -1), -1)
    return total[..., YEAR:] - total[..., :-YEAR]
