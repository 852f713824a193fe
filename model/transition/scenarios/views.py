"""What people expect as time goes by: one path of the instruments for each quarter in which expectations change.

A view is `(T + 2, instruments)` on the calendar of quarters -1 to T; up to the quarter it is held in, it is what happened.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from model.core.fields import Layout
from model.transition.scenarios.catch_up import COMPLETE, MIDPOINTS, logistic

LEARNED = 1e-3  # quarters: a believed date this near to the truth is the truth


def surprised_each_quarter(
    baseline: Float[np.ndarray, "periods instruments"],
    changed: Float[np.ndarray, "periods instruments"],
    persistence: float,
    quarters: int,
) -> Float[np.ndarray, "views periods instruments"]:
    """Views `(quarters, T + 2, instruments)` of people who learn of each quarter's change only when it comes.

    `baseline` and `changed` are instruments `(T + 2, instruments)`. What is seen in a quarter is expected to fade at the
    rate `persistence` a quarter towards the baseline.
    """
    views = []
    for now in range(quarters):
        view = np.array(baseline)
        view[: now + 2] = changed[: now + 2]
        later = np.arange(1, len(view) - now - 1)
        view[now + 2 :] += persistence ** later[:, None] * (changed[now + 1] - baseline[now + 1])
        views.append(view)
    return np.array(views)


def quarters_of_news(
    baseline: Float[np.ndarray, "periods instruments"], changed: Float[np.ndarray, "periods instruments"]
) -> int:
    """Views needed until the change is over: one for each quarter up to the first that is as in the baseline again."""
    moved = np.flatnonzero((changed != baseline).any(1))
    return 1 if not len(moved) else int(moved[-1]) + 1


def quarters_of_learning(delay: float, gain: float) -> int:
    """Views needed until people who are `delay` quarters off and close the share `gain` a quarter know the truth."""
    return 1 if delay <= LEARNED else 1 + int(np.ceil(np.log(LEARNED / delay) / np.log1p(-gain)))


def learning_the_date(
    instruments: Layout,
    exogenous: Float[np.ndarray, "periods instruments"],
    catch_up: Mapping[str, Any],
    delay: float,
    gain: float,
    complete: int = COMPLETE,
) -> Float[np.ndarray, "views periods instruments"]:
    """Views of people who think that AI catches up `delay` quarters later than it does and close a share `gain` a quarter.

    They see where it stands today; the rest of the way they expect along a logistic curve with the midpoint they believe
    in. Views `(quarters, T + 2, instruments)`, the last one the truth `exogenous`.
    """
    count = quarters_of_learning(delay, gain)
    late = delay * (1 - gain) ** np.arange(count)
    late[-1] = 0.0
    return np.array([_seen_from(instruments, exogenous, catch_up, now, late[now], complete) for now in range(count)])


def _seen_from(instruments, exogenous, catch_up, now, late, complete):
    horizon = len(exogenous) - 2
    view = np.array(exogenous)
    if late == 0.0:
        return view
    for symbol, multiplier in catch_up["multiplier"].items():
        midpoint = catch_up["midpoint"][MIDPOINTS.get(symbol, "technology")]
        curves = (logistic(horizon, midpoint + d, catch_up["width"], complete) for d in (0.0, late))
        true, believed = map(np.asarray, curves)
        ahead = true[now] + (1 - true[now]) * (believed - believed[now]) / (1 - believed[now])
        path = np.exp(np.where(np.arange(horizon) <= now, true, ahead) * np.log(float(multiplier)))
        view[1:-1, instruments.index(symbol)] = path
    return view


def fading_hazard(
    horizon: int, hazard: float, half_life: float, complete: int = COMPLETE
) -> Float[np.ndarray, "periods"]:
    """Expected probability of a bust `(T + 2,)`: `hazard` in quarter 0, halved every `half_life` quarters, then none.

    It is exactly zero from quarter `complete` on, where the paths of instruments are constant, and at the horizon.
    """
    quarter = np.arange(-1, horizon + 1)
    path = hazard * 0.5 ** (np.maximum(quarter, 0) / half_life)
    return np.where((quarter >= 0) & (quarter < min(complete, horizon)), path, 0.0)
