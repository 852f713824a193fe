"""The public budget by calendar year, in dollars."""

import numpy as np
import pandas as pd

from experiments.answer.tables.counterfactual import why_not
from experiments.answer.tables.years import DESCRIBED
from model.core.units import FIRST_YEAR, QUARTERS_A_YEAR
from model.equilibrium.outcomes.register import spoken

BUDGET = (
    "Public budget by calendar year in dollars of 2025, at the size that the economy has in the year: levels of the baseline, changes from it of the scenarios. "
    "Outlays of programmes are a part of spending, the one that scenarios decide. Debt is that of the end of the year, at market value; it rises by spending and the return on debt less revenue"
)
YEARS = 11
FLOWS, DEBT = (
    ("public_spending", "programme_outlays_dollars", "public_revenue", "return_on_public_debt"),
    "public_debt_dollars",
)
ITEMS = (*FLOWS, DEBT)


def budget_table(results, units, trend_growth):
    """DataFrame with a row an item and path: billion dollars of 2025, with trend, by calendar year."""
    return pd.DataFrame([row for item in ITEMS for row in _rows(results, item, units, trend_growth)])


def _rows(results, item, units, trend_growth):
    unit = "billion dollars of 2025" + ("" if item == DEBT else " a year")
    base = results.baseline
    for s in results.solved:
        row = {"item": spoken(item), "path": s.name, "unit": unit if s is base else f"{unit}, {DESCRIBED}"}
        if s.certified:
            less = 0.0 if s is base else base.values[item]
            values = _by_year(item, _with_trend(s.values[item] - less, units, trend_growth))
        else:
            values = np.full(YEARS, why_not(s), dtype=object)
        yield row | {str(FIRST_YEAR + k): value for k, value in enumerate(values)}


def _with_trend(values, units, trend_growth):
    """At the size of the economy in each quarter; values without trend are at that of the one before its first."""
    return values * trend_growth ** (units.first_shown + 1 + np.arange(len(values)))


def _by_year(item, values):
    quarters = values[: YEARS * QUARTERS_A_YEAR].reshape(YEARS, QUARTERS_A_YEAR)
    return quarters[:, -1] if item == DEBT else quarters.mean(1)
