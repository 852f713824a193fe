"""Where scenarios and economies lie among others: coordinates in which neighbours have similar paths."""

import numpy as np

from experiments.batch.batch import Point


def placed(pairs, horizon):
    """`Point` of every `(inputs, scenario)`: the numbers it moves, its mean changes of instruments, when it is announced.

    Each coordinate runs from 0 to 1 over the pairs and the baselines they start from.
    """
    numbers = _numbers([inputs for inputs, _ in pairs])
    changes = np.stack([_changes(inputs.economy, scenario, horizon) for inputs, scenario in pairs])
    both = np.stack([np.hstack([numbers, changes]), np.hstack([numbers, np.zeros_like(changes)])])
    low, spread = both.min((0, 1)), np.ptp(both, (0, 1))
    here, origins = (both[..., spread > 0] - low[spread > 0]) / spread[spread > 0]
    return [Point(*pair, tuple(place), tuple(origin)) for pair, place, origin in zip(pairs, here, origins, strict=True)]


def _numbers(economies):
    """Values `(economies, names)` of the numbers that any of them moved."""
    names = sorted(set().union(*(inputs.moved for inputs in economies)))
    return np.array([[inputs.value(name) for name in names] for inputs in economies]).reshape(len(economies), -1)


def _changes(economy, scenario, horizon):
    """Mean change of every instrument, then the quarter of announcement `(instruments + 1,)`."""
    if scenario is None:
        return np.zeros(len(economy.instruments) + 1)
    before = np.tile(economy.at_rest, (horizon + 2, 1))
    return np.append((scenario.apply(economy.instruments, before) - before).mean(0), scenario.announced)
