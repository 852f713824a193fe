"""The baseline's observables in draws of the default calibration, stored: how wide the economy itself is not known."""

from functools import cache

import pandas as pd

from calibration.inputs import Inputs, load_inputs
from calibration.shocks.tables import FOLDER

FILE = FOLDER / "baseline_draws.csv"  # columns: observable, draw, a quarter each
CALIBRATION = "us_2022q4"


def baseline_draws(inputs: Inputs) -> dict[str, pd.DataFrame] | None:
    """`{observable: (draws, quarters)}`; None for other numbers than those of the draws' own calibration."""
    own = load_inputs(name=CALIBRATION)
    same = inputs.economy_name == own.economy_name and all(inputs.value(n) == own.value(n) for n in own.names)
    return _stored() if same else None


@cache
def _stored():
    table = pd.read_csv(FILE, index_col=["observable", "draw"])
    return {str(name): rows.droplevel(0) for name, rows in table.groupby(level=0)}
