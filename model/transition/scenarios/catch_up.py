"""Catch-up of AI: exogenous paths that converge and are exactly constant from the quarter in which it is complete."""

import numpy as np

from model.core.namespace import namespace

COMPLETE = 192  # quarter from which the catch-up is complete, wherever a path ends
NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH = 24.0, 8.0


def logistic(horizon, midpoint, width, complete=COMPLETE):
    """Weights `(horizon,)` from 0 in quarter 0 to exactly 1 from quarter `complete` on."""
    xp = namespace(midpoint, width)
    quarter = np.arange(max(horizon, complete + 1))
    s, s0 = 1 / (1 + xp.exp(-(quarter - midpoint) / width)), 1 / (1 + xp.exp(midpoint / width))
    f = xp.clip((s - s0) / (1 - s0), 0, 1)
    return xp.minimum(1, f / f[complete])[:horizon]


def terminal_instruments(economy, catch_up, fraction=1.0):
    """Instruments after a fraction of the (log) catch-up."""
    multiplier = catch_up["multiplier"]
    bases = zip(economy.instruments.symbols, economy.at_rest, strict=True)
    moved = [multiplier[symbol] ** fraction if symbol in multiplier else base for symbol, base in bases]
    return namespace(*moved).stack(moved)


def catch_up_path(economy, catch_up, horizon, complete=COMPLETE):
    """Instruments of quarters -1 to `horizon`, `(horizon + 2, instruments)`; the last quarter has the complete catch-up."""
    columns = [
        _growing(catch_up, symbol, horizon, complete)
        if symbol in catch_up["multiplier"]
        else np.full(horizon + 2, base)
        for symbol, base in zip(economy.instruments.symbols, economy.at_rest, strict=True)
    ]
    return namespace(*columns).stack(columns, 1)


def _growing(catch_up, symbol, horizon, complete):
    multiplier, midpoint = (
        catch_up["multiplier"][symbol],
        catch_up["midpoint"]["gpu" if symbol == "Ibar" else "technology"],
    )
    xp = namespace(multiplier, midpoint, catch_up["width"])
    weight = xp.append(logistic(horizon, midpoint, catch_up["width"], complete), 1.0)
    return xp.append(1.0, xp.exp(weight * xp.log(multiplier)))
