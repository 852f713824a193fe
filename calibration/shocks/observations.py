"""Data as deviations from where the economy would be without shocks.

Before the model's first quarter that is its initial steady state. Growth is taken over the growth of potential output (CBO), or not,
and over its mean until 2019 where it has one. Levels that have drifted for decades (unemployment, inflation, interest rates) are taken from a line that
ends at the model's own level in its first quarter and fits the data until 2019 best. From the first quarter on it is the baseline.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from calibration.shocks.tables import Observable, observables
from model.core.units import QUARTERS_A_YEAR

DATA = Path(__file__).parents[1] / "data" / "us_history.csv"
MEAN_UNTIL = "2019Q4"


def read_data(path: Path = DATA) -> pd.DataFrame:
    """Quarterly data by quarter, `1985Q1`."""
    return pd.read_csv(path, index_col="quarter")


def measured(data: pd.DataFrame) -> pd.DataFrame:
    """Each observable in its own unit: per cent a quarter, per cent or per cent a year."""
    return pd.DataFrame({o.name: _measured(o, data) for o in observables()}).iloc[1:]


def _measured(o, data):
    column = data[o.column]
    if o.name == "inflation":
        return 100 * ((column / column.shift()) ** QUARTERS_A_YEAR - 1)
    if o.deflator is not None:
        column = column / data[o.deflator]
    if o.change == "growth":
        return 100 * np.log(column).diff()
    return column if o.low is None else column.where(column >= o.low)


def before(data: pd.DataFrame, initial: Mapping[str, float], first: str) -> pd.DataFrame:
    """Deviations of the quarters before `first`, in which the model begins; `initial` are its levels at rest by observable."""
    values = measured(data)
    quarters = list(values.index)[: list(values.index).index(first)]
    values = values.loc[quarters]
    potential = pd.Series(100 * np.diff(np.log(data["potential_gdp"].to_numpy())), data.index[1:]).loc[quarters]
    return pd.DataFrame({o.name: _deviation(o, values[o.name], potential, initial) for o in observables()})


def _deviation(o: Observable, values: pd.Series, potential: pd.Series, initial):
    if o.trend == "anchored":
        distance = pd.Series(np.arange(-len(values), 0), values.index, float)
        known = values.loc[:MEAN_UNTIL].dropna().index
        above = values - initial[o.name]
        slope = (above[known] * distance[known]).sum() / (distance[known] ** 2).sum()
        return above - slope * distance
    if o.trend == "none":
        return values
    over = values - potential if o.trend == "potential" else values
    return over - over.loc[:MEAN_UNTIL].mean()


def after(data: pd.DataFrame, baseline: pd.DataFrame, first: str) -> pd.DataFrame:
    """Deviations from the `baseline`, which has each observable in its unit by quarter, from `first` on."""
    values = measured(data).loc[first:]
    return values - baseline.reindex(values.index)[values.columns]


def of_outcomes(
    outcomes: Mapping[str, Any], units: Mapping[str, Any], trend: float, observed: tuple[Observable, ...]
) -> dict[str, Float[np.ndarray, "quarters"]]:
    """Observables of paths of outcomes `{name: (T,) or (T, label)}`: growth has the `trend`, per cent a quarter, where data have it.

    `units` are the register's, with the axes of outcomes. The first quarter of growth is over the one before it, so that T
    quarters give T - 1.
    """
    return {o.name: _of_outcome(o, outcomes, units, trend) for o in observed}


def _of_outcome(o, outcomes, units, trend):
    values = level(o, outcomes[o.outcome], units)
    if o.change != "growth":
        return values[1:]
    return 100 * np.diff(np.log(values)) + (0.0 if o.trend == "none" else trend)


def level(o: Observable, values: Any, units: Mapping[str, Any]) -> Any:
    """The outcome that is observed, labels added up; the labels' axis is the second one."""
    if not o.labels:
        return values
    axis = units[o.outcome][1]
    return sum(values[:, axis.labels.index(label)] for label in o.labels)
