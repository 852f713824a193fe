"""Published forecasts, and what a path says in their place."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from calibration.numbers.tables import TableError, read_records
from model.core.units import QUARTERS_A_YEAR, UNITS_OF_2025

FILE = Path(__file__).parents[1] / "forecasts.csv"
OF_VIEWS = FILE.with_name("forecasts_of_views.csv")
VIEWS = "markets_view", "forecasters_view", "inelastic_markets"  # calibrations beside the default, estimated as it is
COLUMNS = ("name", "outcome", "measure", "period", "value", "low", "high", "used", "unit", "publisher", "reference")
BEFORE = 2025  # the last year of data


@dataclass(frozen=True)
class Forecast:
    """A published number for a year, with the range in which its publisher or its record places it.

    `used`: the default economy is estimated on it, so that it is no test of that economy.
    """

    name: str
    outcome: str
    measure: str
    year: int
    value: float
    low: float
    high: float
    used: bool
    unit: str
    publisher: str
    reference: str


@cache
def forecasts() -> tuple[Forecast, ...]:
    """Rows of forecasts.csv; raises TableError on a measure that is not known or a range without its value."""
    found = []
    for line, raw in read_records(FILE, COLUMNS):
        row = Forecast(
            name=raw["name"],
            outcome=raw["outcome"],
            measure=raw["measure"],
            year=int(raw["period"]),
            value=float(raw["value"]),
            low=float(raw["low"]),
            high=float(raw["high"]),
            used=raw["used"] == "yes",
            unit=raw["unit"],
            publisher=raw["publisher"],
            reference=raw["reference"],
        )
        if row.measure not in MEASURES:
            raise TableError(f"{FILE}, line {line}: measure is {row.measure!r}; expected {', '.join(MEASURES)}")
        if not row.low <= row.value <= row.high:
            raise TableError(f"{FILE}, line {line}: {row.name}: expected low <= value <= high")
        if raw["used"] not in ("yes", "no"):
            raise TableError(f"{FILE}, line {line}: used is {raw['used']!r}; expected yes or no")
        found.append(row)
    return tuple(found)


@cache
def said_by_views() -> dict[str, dict[str, float]]:
    """`{name of a forecast: {view: what its baseline says}}`, as `experiments.estimation.views` stored it."""
    return {
        raw["name"]: {view: float(raw[view]) for view in VIEWS} for _, raw in read_records(OF_VIEWS, ("name", *VIEWS))
    }


def measured(
    forecast: Forecast, path: Float[np.ndarray, "quarters"], before: Float[np.ndarray, "history"], trend_growth: float
) -> float:
    """What a path says: `path` from 2026Q1 on, the quarters `before` it, the last of them 2025Q4; not a number if too short."""
    year = _Years(np.concatenate([before, path]), len(before), trend_growth)
    return float(MEASURES[forecast.measure](year, forecast.year))


@dataclass(frozen=True)
class _Years:
    path: Any
    first: int  # row of 2026Q1
    trend_growth: float

    def quarter(self, year: int, quarter: int) -> float:
        row = self.first + UNITS_OF_2025.quarter_index(f"{year}Q{quarter}")
        return float(self.path[row]) if 0 <= row < len(self.path) else math.nan

    def mean(self, year: int) -> float:
        return float(np.mean([self.quarter(year, q) for q in range(1, QUARTERS_A_YEAR + 1)]))

    def mean_before(self, year: int) -> float:
        """The mean of a year, or its last quarter where no more of it is known."""
        mean = self.mean(year)
        return self.quarter(year, QUARTERS_A_YEAR) if math.isnan(mean) else mean

    def growth_of_the_mean(self, year: int) -> float:
        """% from the mean of the year before to that of the year, with the trend."""
        return 100 * (self.mean(year) / self.mean_before(year - 1) * self.trend_growth**QUARTERS_A_YEAR - 1)

    def growth(self, start: int, end: int) -> float:
        """% a year from the fourth quarter of one year to that of another, with the trend."""
        ratio = self.quarter(end, QUARTERS_A_YEAR) / self.quarter(start, QUARTERS_A_YEAR)
        return 100 * (ratio ** (1 / (end - start)) * self.trend_growth**QUARTERS_A_YEAR - 1)


MEASURES: Mapping[str, Callable[[_Years, int], float]] = {
    "mean": lambda years, year: years.mean(year),
    "fourth_quarter": lambda years, year: years.quarter(year, QUARTERS_A_YEAR),
    "growth": lambda years, year: years.growth(year - 1, year),
    "growth_of_the_mean": lambda years, year: years.growth_of_the_mean(year),
    "growth_from_2025": lambda years, year: years.growth(BEFORE, year),
    "change_from_2025": lambda years, year: 100 * (years.mean(year) / years.mean_before(BEFORE) - 1),
}
