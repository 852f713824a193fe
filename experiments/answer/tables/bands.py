"""The table of bands: quantiles over the draws of the calibration, by scenario, outcome and horizon."""

import numpy as np
import pandas as pd

from experiments.answer.bands import PERCENT, quantiles, sign
from experiments.answer.tables.counterfactual import HORIZONS, ROWS, difference, series, shown_name, why_not
from model.core.units import quarter_label
from model.equilibrium.outcomes.register import UNITS
from model.transition.solutions import BASELINE

NAMES = [f"{p} %" if p != 50 else "median" for p in PERCENT]
OWED, MOST_OWED = "owes most to", 3
SIGN_NAMES = ("probability positive", "sign", "probability of sign")
ESTIMATE = "point estimate"
SUMMARY = ("gdp_real", "unemployment", "labour_share")
SUMMARY_QUARTERS = 20


def band_table(results, answers):
    """DataFrame with a row an outcome, horizon and scenario; the baseline's rows are levels, the others differences from it.

    What is not certified shows the reason in place of its numbers.
    """
    return pd.DataFrame([row for solved in results.solved for row in _rows(results.baseline, solved, answers)])


def _rows(base, solved, answers):
    numbers = answers.numbers(solved.name) if solved.certified else ()
    refusal = answers.refusal(solved.name) if solved.certified else why_not(solved)
    columns = {} if refusal else _columns(solved.name, numbers)
    owed = None if refusal or answers.drawn is None else answers.owed(solved.name)
    for i, (outcome, label, kind) in enumerate(ROWS):
        for horizon in HORIZONS:
            yield {
                "outcome": shown_name(outcome, label),
                "quarters": horizon,
                "date": quarter_label(horizon - 1),
                "scenario": solved.name,
                "unit": UNITS[outcome][0] if solved.name == BASELINE else f"{kind} from baseline",
                ESTIMATE: _estimate(base, solved, outcome, label, kind, horizon) if solved.certified else refusal,
                **dict.fromkeys(NAMES, refusal),
                **dict.fromkeys(SIGN_NAMES, ""),
                **{name: array[i, horizon - 1].item() for name, array in columns.items()},
                "certified draws": len(numbers),
                OWED: "" if owed is None else _most_owed(owed[0], owed[1][:, i, horizon - 1], len(numbers)),
            }


def _most_owed(names, shares, draws):
    """`catch_up.multiplier.zA 0.61; ...`: the numbers whose squared rank correlation chance does not explain (two standard errors)."""
    most = np.argsort(-shares)[:MOST_OWED]
    return "; ".join(f"{names[i]} {shares[i]:.2f}" for i in most if shares[i] > 4 / draws)


def _columns(name, numbers):
    """Columns by name, each `(ROWS, QUARTERS)`: percentiles and, of a difference, its sign."""
    columns = dict(zip(NAMES, quantiles(numbers), strict=True))
    if name == BASELINE:
        return columns
    positive, reported, probability = sign(numbers)
    signs = np.array(["-", "0", "+"])[reported.astype(int) + 1]
    return columns | dict(zip(SIGN_NAMES, (positive, signs, probability), strict=True))


def _estimate(base, solved, outcome, label, kind, horizon):
    if solved.name == BASELINE:
        return float(series(solved.values, outcome, label)[horizon - 1])
    return float(difference(base, solved, outcome, label, kind, horizon))


def summary(table):
    """The few rows that are printed: the median, its 90 % band and the probability of its sign."""
    shown = table[(table.quarters == SUMMARY_QUARTERS) & table.outcome.isin(SUMMARY) & (table.scenario != BASELINE)]
    if shown.empty:
        return "no scenario, no differences"
    rows = pd.DataFrame([_summary_row(row) for row in shown.to_dict("records")])
    return f"in {quarter_label(SUMMARY_QUARTERS - 1)}\n{rows.to_string(index=False)}"


def _summary_row(row):
    numbers = not isinstance(row["median"], str)
    return {
        "scenario": row["scenario"],
        "outcome": row["outcome"],
        "unit": row["unit"],
        "median": f"{row['median']:.3g}" if numbers else row["median"],
        "90 % band": f"{row['5 %']:.3g} to {row['95 %']:.3g}" if numbers else "",
        "sign": f"{row['sign']} with probability {row['probability of sign']:.2f}" if numbers else "",
    }
