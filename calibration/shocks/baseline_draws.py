"""What is watched in draws of the default calibration, stored: how wide the economy itself is not known."""

from collections.abc import Sequence
from functools import cache

import pandas as pd

from calibration.inputs import Inputs, load_inputs
from calibration.shocks.tables import FOLDER

FILE = FOLDER / "baseline_draws.csv"  # columns: part, observable, draw, a quarter each
WITHOUT_SHOCKS, FORECAST = "without_shocks", "forecast"
CALIBRATION = "us_2022q4"


def baseline_draws(inputs: Inputs) -> dict[str, pd.DataFrame] | None:
    """The baselines `{observable: (draws, quarters)}`; None for other numbers than those of the draws' own calibration."""
    return _stored(WITHOUT_SHOCKS) if _are_own(inputs) else None


def forecast_draws(inputs: Inputs, quarters: Sequence[str]) -> dict[str, pd.DataFrame] | None:
    """What draws that read the data expect of the `quarters` after them, else as `baseline_draws`; None for other data too."""
    if not _are_own(inputs):
        return None
    stored = {name: rows.dropna(axis=1) for name, rows in _stored(FORECAST).items()}
    of_these_data = all(rows.columns[0] == quarters[0] for rows in stored.values())
    return {name: rows[list(quarters)] for name, rows in stored.items()} if of_these_data else None


def _are_own(inputs):
    own = load_inputs(name=CALIBRATION)
    return inputs.economy_name == own.economy_name and all(inputs.value(n) == own.value(n) for n in own.names)


@cache
def _stored(part):
    table = pd.read_csv(FILE, index_col=["part", "observable", "draw"]).loc[part]
    return {str(name): rows.droplevel(0) for name, rows in table.groupby(level=0)}
