"""Catch-up of AI: exogenous paths that converge and are exactly constant from the quarter in which it is complete."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from model.core.namespace import namespace
from model.core.types import Real, Scalar
from model.equilibrium.economy import Economy

MIDPOINTS = {"Ibar": "gpu", "Fbar": "adoption"}  # of instruments that do not follow technology
NOTHING = 1e-12  # of a catch-up that is as good as complete
COMPLETE = 192  # quarter from which the catch-up is complete, wherever a path ends
NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH = 24.0, 8.0


class View(NamedTuple):
    """What people expect from a quarter on: instruments of quarters -1 to T; those before `quarter` are what happened."""

    quarter: int
    exogenous: Float[Real, "periods instruments"]


def logistic(
    horizon: int, midpoint: Scalar | int, width: Scalar | int, complete: int = COMPLETE
) -> Float[Real, "quarters"]:
    """Weights `(horizon,)` from 0 in quarter 0 to exactly 1 from quarter `complete` on."""
    xp = namespace(midpoint, width)
    quarter = np.arange(max(horizon, complete + 1))
    s, s0 = 1 / (1 + xp.exp(-(quarter - midpoint) / width)), 1 / (1 + xp.exp(midpoint / width))
    f = xp.clip((s - s0) / (1 - s0), 0, 1)
    return xp.minimum(1, f / f[complete])[:horizon]


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
    multiplier, pace = catch_up["multiplier"][symbol], _pace(catch_up, symbol, horizon, complete)
    xp = namespace(multiplier, pace)
    return xp.exp(pace * xp.log(multiplier))


def _pace(catch_up, symbol, horizon, complete):
    midpoint = catch_up["midpoint"][MIDPOINTS.get(symbol, "technology")]
    xp = namespace(midpoint, catch_up["width"])
    weight = xp.append(logistic(horizon, midpoint, catch_up["width"], complete), 1.0)
    return xp.append(0.0, weight)


def views_of(economy: Economy, catch_up: Mapping[str, Any], horizon: int, complete: int = COMPLETE) -> tuple[View, ...]:
    """What people expect of AI's catch-up at each piece of news.

    `belief` has the share of the final (log) catch-up that is believed in from each quarter of news on.
    Where there is none, all is known from the first quarter. News changes nothing of the day but beliefs: the rest of the way
    runs along the part of the logistic curve that is left. `disappointment` is the share of what was still to come in the
    quarter before the first of its `disappointed` quarters that never comes; each of them tells an equal part of it.
    """
    path = catch_up_path(economy, catch_up, horizon, complete)
    if not catch_up.get("belief"):
        return (View(0, path),)
    xp = namespace(path, catch_up["disappointment"], *catch_up["belief"].values())
    whole = xp.log(xp.where(path > 0, path, 1.0)) * np.isin(economy.instruments.symbols, list(catch_up["multiplier"]))
    pace = _paces(economy, catch_up, horizon, complete)
    news = [(quarter, share * whole[-1]) for quarter, share in sorted(catch_up["belief"].items())]
    views, now = [], xp.zeros_like(whole)
    if news[0][0] > 0:
        news = [(0, 0.0 * whole[-1]), *news]
    for quarter, goal in news:
        now = _onward(xp, now, goal, pace, quarter)
        views.append((quarter, now))
    quarters = catch_up["disappointed"]
    believed = news[-1][1]
    left = believed - now[quarters[0]] if quarters else 0.0
    for k, quarter in enumerate(quarters, start=1):
        now = _onward(xp, now, believed - catch_up["disappointment"] * k / len(quarters) * left, pace, quarter)
        views.append((quarter, now))
    return tuple(View(quarter, economy.at_rest + xp.expm1(logs) * (economy.at_rest != 0)) for quarter, logs in views)


def _onward(xp, logs, goal, pace, quarter):
    """Logs of the instruments `(T + 2, instruments)` that go on to the `goal` from where they stood before the quarter."""
    done, stood = pace[quarter], logs[quarter]
    left = xp.where(1 - done > NOTHING, 1 - done, 1.0)
    ahead = stood + (goal - stood) * (pace - done) / left
    return xp.where((np.arange(len(logs)) > quarter)[:, None], ahead, logs)


def _paces(economy, catch_up, horizon, complete):
    """How far each instrument's catch-up is in quarters -1 to T, `(T + 2, instruments)`."""
    columns = [_pace(catch_up, symbol, horizon, complete) for symbol in economy.instruments.symbols]
    return namespace(*columns).stack(columns, 1)
