"""Path moments: means of reported outcomes over windows of quarters and their changes, as traced functions of a solved path."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from calibration.numbers.tables import Row, TableError
from model.core.units import quarter_index
from model.equilibrium.economy import Economy
from model.equilibrium.outcomes.register import RENAMED, UNITS
from model.equilibrium.outcomes.report import report_on

FIRST_QUARTER = "2026Q1"
QUARTER = r"\d{4}Q[1-4]"
FORM = re.compile(
    rf"(?P<outcome>\w+)(\[(?P<label>\w+)\])? (?P<first>{QUARTER}) to (?P<last>{QUARTER})"
    rf"( (?P<change>less|over) (?P<old_first>{QUARTER}) to (?P<old_last>{QUARTER}))?"
)


class Moment(NamedTuple):
    """The mean of an outcome over quarters `first` to `last` of a path, both counted from its first quarter.

    With a `change` it is compared with the mean over the quarters `old`: `less` it, or `over` it in %.
    """

    outcome: str
    column: int | None  # of the outcome's axis
    first: int
    last: int
    change: str | None = None
    old: tuple[int, int] | None = None


def moment_of(row: Row, first_quarter: str = FIRST_QUARTER) -> Moment:
    """`Moment` of a table row; raises TableError."""
    try:
        return parsed(row.measured, first_quarter)
    except TableError as error:
        raise TableError(f"{row.name}: {error}") from None


def parsed(text: str, first_quarter: str = FIRST_QUARTER) -> Moment:
    """`Moment` of a text such as `capacity[renewable] 2026Q4 to 2026Q4`; raises TableError."""
    found = FORM.fullmatch(text)
    expected = f"measured is {text!r}; expected "
    if not found:
        raise TableError(
            f"{expected}OUTCOME[LABEL] FIRST to LAST, such as ai_capex_share 2026Q1 to 2026Q4, "
            "with less or over FIRST to LAST after it for a change"
        )
    outcome, label = found["outcome"], found["label"]
    names = {RENAMED.get(name, name): [] for name in UNITS}
    for name, (_, axis) in UNITS.items():
        names[RENAMED.get(name, name)].append((name, axis))
    if outcome not in names:
        raise TableError(f"{expected}an outcome; there are {', '.join(sorted(names))}")
    for name, axis in names[outcome]:
        if label is None and axis is None:
            return Moment(name, None, *_window(found, first_quarter, expected))
        if label and axis and label in axis.labels:
            return Moment(name, axis.labels.index(label), *_window(found, first_quarter, expected))
    labels = [text for _, axis in names[outcome] if axis for text in axis.labels]
    raise TableError(f"{expected}{outcome} with {'one of the labels ' + ', '.join(labels) if labels else 'no label'}")


def _window(found, first_quarter, expected):
    start = quarter_index(first_quarter)

    def quarters(*keys):
        first, last = (quarter_index(found[key]) - start for key in keys)
        if not 0 <= first <= last:
            raise TableError(f"{expected}a window from {first_quarter} on")
        return first, last

    change = found["change"]
    return *quarters("first", "last"), change, quarters("old_first", "old_last") if change else None


@cache
def path_moments(economy: Economy, moments: tuple[Moment, ...]) -> Callable[[Any, Any], Array]:
    """Traced `measure(problem, path) -> (moments,)` for a tuple of `Moment`, in the units of the outcomes.

    Outcomes relative to the initial steady state are relative to the first quarter here.
    """
    report = report_on(economy)

    def measure(problem, path):
        values = report(problem, path, path[0], problem.exogenous[0]).values
        return jnp.stack([_measure(values[m.outcome], m) for m in moments])

    return measure


def measured(values: Mapping[str, Any], moment: Moment) -> float:
    """A moment of reported `values` `{outcome: (T,) or (T, label)}`."""
    return float(_measure(np.asarray(values[moment.outcome]), moment))


def _measure(series, moment):
    here = _mean(series, moment, (moment.first, moment.last))
    if moment.change is None:
        return here
    before = _mean(series, moment, moment.old)
    return here - before if moment.change == "less" else 100 * (here / before - 1)


def _mean(series, moment, quarters):
    window = series[quarters[0] : quarters[1] + 1]
    return (window if moment.column is None else window[:, moment.column]).mean()
