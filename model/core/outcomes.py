"""How an outcome is declared: its formula with name, unit, axis, and the values that it can and usually does have."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from model.core.axes import Axis

SHARE, POSITIVE = (0.0, 100.0), (0.0, np.inf)
Range = tuple[float, float]


class Outcome(NamedTuple):
    """`function(observed)` is (T + 1,) or (T + 1, label); tables call it by `shown` where that differs from its name.

    `says` is what people call it; `growth` compares a quarter with the one before.
    """

    name: str
    says: str
    unit: str
    axis: Axis | None
    function: Callable[[Any], Any]
    possible: Range | None
    usual: Range | None
    shown: str
    growth: bool


def outcome(
    unit: str,
    axis: Axis | None = None,
    *,
    name: str | None = None,
    possible: Range | None = None,
    usual: Range | None = None,
    shown: str | None = None,
    growth: bool = False,
) -> Callable[[Callable], Callable]:
    """Declare `function(observed)` as an outcome under its own name, or under `name` where Python has another use for it.

    Its docstring is what people call it.
    A value outside `possible` cannot exist and is refused; outside `usual`, about the range of
    advanced economies since 1950, it is flagged.
    """

    def declare(function):
        called = name or function.__name__
        says = inspect.getdoc(function) or called.replace("_", " ")
        function.outcome = Outcome(
            called, says.rstrip("."), unit, axis, function, possible, usual, shown or called, growth
        )
        return function

    return declare
