"""The tables of shocks, observables and priors."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from model.equilibrium.economy import Economy

FOLDER = Path(__file__).parent


class Shock(NamedTuple):
    """`instruments` move together; `group` is what tables add its contributions up to."""

    name: str
    group: str
    instruments: tuple[str, ...]
    says: str


class Observable(NamedTuple):
    """A column of the data and the outcome that it observes.

    `change` is level, growth (of the logarithm, per cent a quarter) or two_years (the mean that is expected over eight
    quarters); `labels` are added up. `trend` tells how the data are made deviations before the model's first quarter, see
    `observations`. Values of the data below `low` count as missing. `noise`: the data have some of their own.
    What has no `column` is only told.
    """

    name: str
    outcome: str
    labels: tuple[str, ...]
    change: str
    trend: str
    column: str | None
    deflator: str | None
    low: float | None
    noise: bool
    note: str


class Prior(NamedTuple):
    """`distribution` is beta or lognormal (then `mean` is the median and `deviation` that of the logarithm)."""

    name: str
    distribution: str
    mean: float
    deviation: float
    source: str


@cache
def shocks() -> tuple[Shock, ...]:
    """The shocks that are read from data."""
    return tuple(Shock(r["shock"], r["group"], tuple(r["instruments"].split()), r["says"]) for r in _rows("shocks.csv"))


@cache
def observables() -> tuple[Observable, ...]:
    """What they are read from."""
    return tuple(o for o in watched() if o.column)


@cache
def watched() -> tuple[Observable, ...]:
    """What is told of: the observables, and what has no data."""
    return tuple(
        Observable(
            r["observable"],
            r["outcome"],
            tuple(r["labels"].split()),
            r["change"],
            r["trend"],
            r["column"] or None,
            r["deflator"] or None,
            float(r["low"]) if r["low"] else None,
            r["noise"] == "1",
            r["note"],
        )
        for r in _rows("observables.csv")
    )


@cache
def priors() -> tuple[Prior, ...]:
    """One a number that is estimated, in the order of the estimate."""
    return tuple(
        Prior(r["name"], r["distribution"], float(r["mean"]), float(r["deviation"]), r["source"])
        for r in _rows("priors.csv")
    )


def directions(economy: Economy) -> Float[np.ndarray, "instruments shocks"]:
    """What one unit of each shock adds to the instruments."""
    found = np.zeros((len(economy.instruments), len(shocks())))
    for k, shock in enumerate(shocks()):
        found[[economy.instruments.index(symbol) for symbol in shock.instruments], k] = 1.0
    return found


def _rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
