"""What comes: the distribution of what is watched, from the last state, the shocks to come and what is not known of the economy."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from calibration.shocks.lower_bound import RATE, LowerBound, held_in
from calibration.shocks.past import Past
from calibration.shocks.tables import watched
from model.core.types import Real

YEAR = 4


class Widths(NamedTuple):
    """Paths of what is watched in the quarters after the data, as data will show it; the last axis is `watched()`, in its units."""

    mean: Float[np.ndarray, "quarters watched"]
    by_shocks: Float[np.ndarray, "paths quarters watched"]  # and noise
    by_parameters: Float[np.ndarray, "draws quarters watched"]  # the mean of each economy; empty where none are stored
    both: Float[np.ndarray, "paths quarters watched"]
    # the last known quarter of each path, for what of it is not out
    last_by_shocks: Float[np.ndarray, "paths watched"]
    last_of_both: Float[np.ndarray, "paths watched"]


class Simulated(NamedTuple):
    """Paths of data: to first order, what the lower bound adds, and what each path has in the last known quarter."""

    free: Float[np.ndarray, "paths quarters watched"]
    more: Float[np.ndarray, "paths quarters watched"]
    last: Float[np.ndarray, "paths watched"]


def expected(past: Past, count: int, known: bool = True) -> Float[np.ndarray, "quarters watched"]:
    """Mean of the `count` quarters after the data to first order; without what is `known` of today's state, the economy without shocks."""
    first, m = len(past.known), len(watched())
    state, found = past.smoothed.filtered[-1] * known, []
    for t in range(first, first + count):
        state = past.space.transition[t] @ state
        found.append(state[-m:])
    return past.without_shocks.iloc[first : first + count].to_numpy() + np.array(found)


def simulated(
    past: Past,
    bound: LowerBound,
    own: Float[Real, "paths quarters watched"],
    generator: np.random.Generator,
    known: bool = True,
) -> Simulated:
    """Paths of data from what is known of the last state, shocks and noise to come.

    `own` is what each path's economy has beyond that of `past`.
    """
    paths, count, m = own.shape
    first, held = len(past.known), held_in(past, bound, count)
    rates = own[..., [o.name for o in watched()].index(RATE)]
    seen = _start(past, paths, generator)
    state, added, found = seen * known, 0.0, []
    last = past.without_shocks.iloc[first - 1].to_numpy() + seen[:, -m:]
    for h, t in enumerate(range(first, first + count)):
        pushed = past.space.impact[t] * past.sizes[t]
        state = state @ past.space.transition[t].T + generator.normal(size=(paths, pushed.shape[1])) @ pushed.T
        noise = past.noise * generator.normal(size=(paths, m))
        added = added @ past.space.transition[t].T if h else np.zeros_like(state)
        added = added + held.moved(h, state + added, rates)
        found.append((state[:, -m:] + noise, added[:, -m:]))
    free, more = (np.stack(part, 1) for part in zip(*found, strict=True))
    last = last + past.noise * generator.normal(size=(paths, m))
    return Simulated(past.without_shocks.iloc[first : first + count].to_numpy() + own + free, more, last)


def _start(past, paths, generator):
    """Last states, as far as they are known."""
    sizes, directions = np.linalg.eigh(past.smoothed.uncertainty[-1])
    root = directions * np.sqrt(np.maximum(sizes, 0.0))
    return past.smoothed.filtered[-1] + generator.normal(size=(paths, len(sizes))) @ root.T


def widths(
    pasts: Sequence[Past],
    bound: LowerBound,
    baselines: Float[Real, "draws quarters watched"],
    paths: int,
    generator: np.random.Generator,
    known: bool = True,
) -> Widths:
    """`Widths` around the first of `pasts`, which has the numbers at the mode; the others have draws of the shocks' numbers.

    `baselines` are deviations of what draws of the calibration expect that read the data anew, no draws or more. The mean is that to
    first order and what the lower bound adds on average.
    """
    mode, *drawn = pasts
    count = baselines.shape[1]
    still = np.zeros((paths, count, len(watched())))
    here = simulated(mode, bound, still, generator, known)
    mean = expected(mode, count, known) + here.more.mean(0)
    around = []
    for past in drawn or [mode]:
        chosen = generator.integers(max(1, len(baselines)), size=paths // max(1, len(drawn)))
        moved = np.asarray(baselines)[chosen] if len(baselines) else still[: len(chosen)]
        around.append(simulated(past, bound, moved, generator, known))
    own = [expected(p, count, known) + s.more.mean(0) for p, s in zip(drawn, around, strict=False)] or [mean]
    of_parameters = np.array([own[k % len(own)] + moved for k, moved in enumerate(baselines)] or own)
    both, last = np.concatenate([s.free + s.more for s in around]), np.concatenate([s.last for s in around])
    return Widths(mean, here.free + here.more, of_parameters, both, here.last, last)


def over_four_quarters(
    before: Float[Real, "*earlier"], paths: Float[Real, "*paths quarters"]
) -> Float[np.ndarray, "*paths quarters"]:
    """Sums of four quarters of growth that end in each quarter; `before` are at least three quarters before, of the data or of each path."""
    head = np.broadcast_to(np.asarray(before)[..., -(YEAR - 1) :], (*np.shape(paths)[:-1], YEAR - 1))
    total = np.cumsum(np.concatenate([np.zeros((*head.shape[:-1], 1)), head, paths], -1), -1)
    return total[..., YEAR:] - total[..., :-YEAR]
