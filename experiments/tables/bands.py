"""The table of bands: quantiles over the draws of the calibration, by scenario, outcome and horizon."""

import pandas as pd

from experiments.bands import PERCENT, quantiles, sign
from experiments.results import BASELINE
from experiments.tables.counterfactual import HORIZONS, ROWS, difference, series, shown_name, why_not
from model.equilibrium.outcomes import UNITS

NAMES = [f"{p} %" if p != 50 else "median" for p in PERCENT]
ESTIMATE = "point estimate"
SUMMARY = ("gdp_real", "unemployment", "labour_share")
SUMMARY_QUARTERS = 20
SIGNS = {-1.0: "-", 0.0: "0", 1.0: "+"}


def band_table(results, answers):
    """DataFrame with a row an outcome, horizon and scenario; the baseline's rows are levels, the others differences from it.

    What is not certified shows the reason in place of its numbers.
    """
    return pd.DataFrame([row for solved in results.solved for row in _rows(results.baseline, solved, answers)])


def _rows(base, solved, answers):
    is_baseline = solved.name == BASELINE
    refusal = answers.refusal(solved.name) if solved.certified else why_not(solved)
    numbers = answers.numbers(solved.name) if solved.certified else ()
    if refusal is None:
        cuts, (positive, reported, probability) = quantiles(numbers), sign(numbers)
    for i, (outcome, label, kind) in enumerate(ROWS):
        for horizon in HORIZONS:
            row = {"outcome": shown_name(outcome, label), "quarters": horizon, "scenario": solved.name}
            row["unit"] = UNITS[outcome][0] if is_baseline else f"{kind} from baseline"
            row[ESTIMATE] = refusal if not solved.certified else _estimate(base, solved, outcome, label, kind, horizon)
            at = i, horizon - 1
            shown = dict.fromkeys(NAMES, refusal or "")
            signs = dict.fromkeys(("probability positive", "sign", "probability of sign"), "")
            if refusal is None:
                shown = dict(zip(NAMES, (float(cut[at]) for cut in cuts), strict=True))
                if not is_baseline:
                    share, likely = float(positive[at]), float(probability[at])
                    signs = dict(zip(signs, (share, SIGNS[float(reported[at])], likely), strict=True))
            yield {**row, **shown, **signs, "certified draws": len(numbers)}


def _estimate(base, solved, outcome, label, kind, horizon):
    if solved.name == BASELINE:
        return float(series(solved.values, outcome, label)[horizon - 1])
    return float(difference(base, solved, outcome, label, kind, horizon))


def summary(table):
    """The few rows that are printed: the median, its 90 % band and the probability of its sign."""
    shown = table[(table.quarters == SUMMARY_QUARTERS) & table.outcome.isin(SUMMARY) & (table.scenario != BASELINE)]
    rows = pd.DataFrame([_summary_row(row) for row in shown.to_dict("records")])
    return (
        f"after {SUMMARY_QUARTERS} quarters\n{rows.to_string(index=False)}"
        if len(rows)
        else "no scenario, no differences"
    )


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
