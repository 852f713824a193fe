"""Catch-up of AI: exogenous paths that converge and are exactly constant from the quarter in which it is complete."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from model.core.namespace import namespace
from model.core.types import Real, Scalar
from model.equilibrium.economy import Economy

COMPLETE = 192  # quarter from which the catch-up is complete, wherever a path ends
NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH = 24.0, 8.0


def logistic(
    horizon: int, midpoint: Scalar | int, width: Scalar | int, complete: int = COMPLETE
) -> Float[Real, "quarters"]:
    """Weights `(horizon,)` from 0 in quarter 0 to exactly 1 from quarter `complete` on."""
    xp = namespace(midpoint, width)
    quarter = np.arange(max(horizon, complete + 1))
    s, s0 = 1 / (1 + xp.exp(-(quarter - midpoint) / width)), 1 / (1 + xp.exp(midpoint / width))
    f = xp.clip((s - s0) / (1 - s0), 0, 1)
    return xp.minimum(1, f / f[complete])[:horizon]


def terminal_instruments(
    economy: Economy, catch_up: Mapping[str, Any], fraction: float = 1.0
) -> Float[Real, "instruments"]:
    """Instruments after a fraction of the (log) catch-up."""
    multiplier = catch_up["multiplier"]
    bases = zip(economy.instruments.symbols, economy.at_rest, strict=True)
    moved = [multiplier[symbol] ** fraction if symbol in multiplier else base for symbol, base in bases]
    return namespace(*moved).stack(moved)


def catch_up_path(
    economy: Economy, catch_up: Mapping[str, Any], horizon: int, complete: int = COMPLETE
) -> Float[Real, "periods instruments"]:
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
