"""The counterfactual table: baseline levels, and what each scenario changes, by outcome and horizon."""

import numpy as np
import pandas as pd

from model.core.units import QUARTERS_A_YEAR, quarter_label
from model.equilibrium.outcomes.register import GAINS, RENAMED, UNITS, spoken

HORIZONS = (1, 4, 8, 20, 40)
COST_HORIZON = 40
DISCOUNT_ANNUAL = 0.03
PRESENT_VALUE = (
    f"present value of {quarter_label(0)} to {quarter_label(COST_HORIZON - 1)} at {100 * DISCOUNT_ANNUAL:.0f} % a year"
)
SMALLEST_OUTLAYS = 1e-2  # % of a year's GDP, below which nothing is divided by the cost
SMALLEST_COST = 0.25  # of outlays, likewise
NO_OUTLAYS = f"no outlays by {quarter_label(COST_HORIZON - 1)}"
# Outcomes shown, with their label on an axis, and whether differences are in per cent or in the outcome's own unit.
ROWS = (
    ("gdp_real", None, "%"),
    ("consumption", None, "%"),
    ("unemployment", None, "pp"),
    ("inflation_annual", None, "pp"),
    ("policy_rate_annual", None, "pp"),
    ("labour_share", None, "pp"),
    ("wage", "low", "%"),
    ("wage", "high", "%"),
    ("ai_capex_share", None, "pp"),
    ("output", "ai", "%"),
    ("market_cap", "traditional_equity", "%"),
    ("market_cap", "ai_equity", "%"),
    ("market_cap", "crypto", "%"),
    ("house_price", None, "%"),
    ("wealth_share_by_age", "young", "pp"),
    ("inequality", None, "%"),
    ("electricity_datacentre_share", None, "pp"),
    ("electricity_price", None, "%"),
    ("interconnection_rent", None, "c/kWh"),
    ("grid_rent", None, "c/kWh"),
    ("gpu_rent", None, "pp"),
    ("public_debt_share", None, "pp"),
)


def counterfactual_table(results):
    """DataFrame with a row an outcome and horizon: unit, baseline level, then a column a scenario.

    A scenario that is not certified shows `not solved: REASON` in every row.
    """
    rows = [row for outcome, label, kind in ROWS for row in _rows(results, outcome, label, kind)]
    rows += [_cost_row(results), _effect_row(results)]
    return pd.DataFrame(rows)


def series(values, outcome, label):
    """One outcome over time `(T,)`, at one label of its axis where it has one."""
    axis = UNITS[outcome][1]
    return values[outcome] if label is None else values[outcome][:, axis.labels.index(label)]


def _rows(results, outcome, label, kind):
    base = results.baseline
    for horizon in HORIZONS:
        row = {"outcome": shown_name(outcome, label), "name": spoken(outcome, label), "quarters": horizon}
        row |= {"date": quarter_label(horizon - 1), "baseline unit": UNITS[outcome][0]}
        row["baseline"] = series(base.values, outcome, label)[horizon - 1] if base.certified else why_not(base)
        row["difference in"] = kind
        for s in results.solved[1:]:
            row[s.name] = difference(base, s, outcome, label, kind, horizon) if s.certified else why_not(s)
        yield row


def shown_name(outcome, label):
    """`wage[low]`, `gdp_real`."""
    return RENAMED.get(outcome, outcome) + (f"[{label}]" if label else "")


def difference(base, solved, outcome, label, kind, horizon):
    """What a scenario changes after `horizon` quarters, in % or in the outcome's own unit."""
    before, after = (series(s.values, outcome, label)[horizon - 1] for s in (base, solved))
    return change(before, after, kind)


def change(before, after, kind):
    """From `before` to `after`, in % or in their own unit; arrays of any shape."""
    return 100 * (after / before - 1) if kind == "%" else after - before


def change_in_percent(outcome, before, after):
    """From `before` to `after` of an outcome, in %; gains over the initial steady state are compounded."""
    whole = 100 if outcome in GAINS else 0
    return change(whole + before, whole + after, "%")


def why_not(solved):
    """What stands in place of a number that is not certified."""
    return f"not solved: {solved.certificate['reason']}"


def _discounted(series):
    """Present value over ten years of a series at annual rates, in the unit of the series times years."""
    quarters = np.arange(COST_HORIZON)
    return float(
        (series[:COST_HORIZON] / (1 + DISCOUNT_ANNUAL) ** (quarters / QUARTERS_A_YEAR)).sum() / QUARTERS_A_YEAR
    )


def fiscal_cost(base, solved):
    """Present value of extra programme outlays and debt service, % of a year's GDP of the initial steady state."""
    return _extra(base, solved, "programme_outlays") + _extra(base, solved, "debt_service")


def output_gain(base, solved):
    """Present value of extra real GDP, % of a year's GDP of the initial steady state."""
    return _extra(base, solved, "gdp_real")


def extra_investment(base, solved):
    """Present value of extra investment of firms, utilities and home builders, % of a year's GDP of the initial steady state."""
    return _extra(base, solved, "investment")


def _extra(base, solved, outcome):
    return _discounted(solved.values[outcome] - base.values[outcome])


def _summary(results, name, unit, value):
    row = {"outcome": name, "name": name, "quarters": COST_HORIZON, "date": quarter_label(COST_HORIZON - 1)}
    row |= {"baseline unit": "", "baseline": "", "difference in": unit}
    for s in results.solved[1:]:
        row[s.name] = value(results.baseline, s) if s.certified else why_not(s)
    return row


def _cost_row(results):
    unit = f"{PRESENT_VALUE}, % of a year's GDP; debt service with surprise changes of bond prices and inflation"
    return _summary(results, "fiscal cost: outlays and debt service", unit, fiscal_cost)


def _effect_row(results):
    return _summary(results, "GDP gained per dollar of fiscal cost", f"dollars, {PRESENT_VALUE}", _per_dollar)


def _per_dollar(base, solved):
    if not solved.certificate["programmes_moved"]:  # what is spent more or less is no programme's
        return NO_OUTLAYS
    return no_ratio(base, solved) or output_gain(base, solved) / fiscal_cost(base, solved)


def no_ratio(base, solved):
    """Why nothing is divided by what a scenario costs: it spends nothing, or hardly anything is left to pay; None where it may be."""
    outlays = _extra(base, solved, "programme_outlays")
    if outlays < SMALLEST_OUTLAYS:
        return NO_OUTLAYS
    return None if fiscal_cost(base, solved) > SMALLEST_COST * outlays else "debt service pays for most of it"
