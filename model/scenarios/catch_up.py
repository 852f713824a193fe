"""Catch-up of AI: exogenous paths that converge, and are exactly constant over the last fifth of the horizon (MODEL 20)."""

import numpy as np

from model.equilibrium.nouns import INSTRUMENTS

CONSTANT_AFTER = 0.8
NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH = 24.0, 8.0


def logistic(horizon, midpoint, width):
    """Weights `(horizon,)` from 0 in quarter 0 to exactly 1 from four fifths of the horizon on."""
    quarter = np.arange(horizon)
    s, s0 = 1 / (1 + np.exp(-(quarter - midpoint) / width)), 1 / (1 + np.exp(midpoint / width))
    f = np.clip((s - s0) / (1 - s0), 0, 1)
    return np.minimum(1, f / f[int(np.floor(CONSTANT_AFTER * horizon))])


def at_rest():
    """Instruments `(instruments,)` at their base values."""
    return np.array([e.metadata["base"] for e in INSTRUMENTS.entries])


def terminal_instruments(catch_up, fraction=1.0):
    """Instruments after a fraction of the (log) catch-up."""
    e = at_rest()
    for symbol, multiplier in catch_up["multiplier"].items():
        e[INSTRUMENTS.index(symbol)] = multiplier**fraction
    return e


def catch_up_path(catch_up, horizon):
    """Instruments of quarters -1 to `horizon`, `(horizon + 2, instruments)`; the last quarter repeats the one before."""
    path = np.tile(at_rest(), (horizon + 2, 1))
    for symbol, multiplier in catch_up["multiplier"].items():
        midpoint = catch_up["midpoint"]["gpu" if symbol == "Ibar" else "technology"]
        path[1:-1, INSTRUMENTS.index(symbol)] = np.exp(
            logistic(horizon, midpoint, catch_up["width"]) * np.log(multiplier)
        )
    path[-1] = path[-2]
    return path
