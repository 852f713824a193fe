"""What the page is told: series, numbers and certificate of a view, and the same as a file."""

import csv
import io
import math

import numpy as np

from experiments.answer.judgment import moved_most
from experiments.answer.tables.counterfactual import (
    HORIZONS,
    ROWS,
    change,
    difference,
    series,
    shown_name,
    why_not,
)
from experiments.answer.tables.writing import shown_number
from model.core.units import quarter_label
from model.equilibrium.outcomes.register import UNITS, spoken

QUARTERS = 80
BASELINE_OF_THIS_ECONOMY = "baseline_of_this_economy"  # its numbers are moved, those of the page's baseline are not
# Charts: title, and lines (name, outcome, label); all lines of a chart have one unit.
CHARTS = (
    ("Real GDP", (("GDP", "gdp_real", None),)),
    ("Output of both economies", (("traditional", "output", "traditional"), ("AI", "output", "ai"))),
    ("Unemployment", (("unemployment", "unemployment", None),)),
    ("AI capital spending", (("AI capital spending", "ai_capex_share", None),)),
    ("What scarcity earns", (("connections", "interconnection_rent_dollars", None), ("bulk grid", "grid_rent_dollars", None), ("chips", "gpu_rent_dollars", None))),
    ("Rent of a connection", (("connections", "interconnection_rent", None),)),
    ("Labour share", (("labour share", "labour_share", None),)),
    ("Real wages by skill", (("high", "wage", "high"), ("middle", "wage", "middle"), ("low", "wage", "low"))),
    ("Wealth by generation", (("young", "wealth_share_by_age", "young"), ("middle-aged", "wealth_share_by_age", "middle_aged"), ("old", "wealth_share_by_age", "old"))),
    ("Value of shares", (("shares of all other firms", "market_cap", "traditional_equity"), ("shares of AI firms", "market_cap", "ai_equity"))),
    ("Inflation and policy rate", (("inflation", "inflation_annual", None), ("policy rate", "policy_rate_annual", None))),
    ("Price of electricity", (("all users", "electricity_price", None), ("wholesale", "wholesale_price", None))),
    ("Young families below budgets", (("national budget", "poverty_of_young_middle", "family_national"), ("supplemental line", "poverty_of_young_middle", "supplemental"))),
)  # fmt: skip
CERTIFICATE = (
    "max_residual", "walras", "gdp_identity", "complementarity_gap", "stable_roots", "predetermined", "horizon_gap",
    "newton_iterations",
)  # fmt: skip


def message_of(answer):
    """JSON of an answer: `status` is certified or refused; a refused one has a reason and no number."""
    solved = answer.solved
    if not solved.certified:
        return {"status": "refused", "reason": solved.certificate["reason"], "seconds": answer.seconds}
    return {
        "status": "certified",
        "description": solved.description,
        "moved": moved_most(solved.certificate),
        "seconds": answer.seconds,
        "checked": answer.checked,
        "certificate": {key: _number(solved.certificate[key]) for key in CERTIFICATE},
        "flags": solved.certificate.get("unusual", []),
        "quarters": [quarter_label(t) for t in range(QUARTERS)],
        "lines": lines_of(solved),
        "numbers": {"dates": [quarter_label(h - 1) for h in HORIZONS], "rows": [_row(answer, *row) for row in ROWS]},
    }


def charts():
    """What the page draws: titles with the names, units and keys of their lines, and whether changes are in % or in points."""
    return [
        {
            "title": title,
            "unit": UNITS[lines[0][1]][0],
            "change": _change_of(UNITS[lines[0][1]][0]),
            "lines": [{"name": name, "key": shown_name(outcome, label)} for name, outcome, label in lines],
        }
        for title, lines in CHARTS
    ]


def lines_of(solved):
    """`{key: values}` of all lines of the charts, over the quarters shown."""
    return {
        shown_name(outcome, label): _rounded(series(solved.values, outcome, label)[:QUARTERS])
        for _, lines in CHARTS
        for _, outcome, label in lines
    }


def response_of(solved, baseline):
    """`{key: changes}` from the `lines_of` a baseline."""
    return {key: _rounded(np.subtract(line, baseline[key])) for key, line in lines_of(solved).items()}


def changes_of(solved, baseline):
    """`{key: changes}` from another `Solved`, in % or points as the charts show them."""
    here, before = lines_of(solved), lines_of(baseline)
    return {
        line["key"]: change(*(np.array(lines[line["key"]]) for lines in (before, here)), chart["change"])
        for chart in charts()
        for line in chart["lines"]
    }


def _rounded(values):
    return [float(f"{value:.6g}") for value in values]


def _change_of(unit):
    """`%` of levels that are indices, else points or the unit itself."""
    if unit.startswith("initial steady state") or unit.startswith("% of the initial steady state"):
        return "%"
    return "points" if unit.startswith("%") else unit.partition(",")[0]


def _number(value):
    """None for what is not a number, or not there yet."""
    return None if value is None or not math.isfinite(value) else value


def _row(answer, outcome, label, kind):
    """A row of the counterfactual table, formatted as there."""
    return {
        "outcome": shown_name(outcome, label),
        "name": spoken(outcome, label),
        "unit": kind,
        "values": [
            shown_number(float(difference(answer.baseline, answer.solved, outcome, label, kind, h))) for h in HORIZONS
        ],
    }


def data_file(answer, baseline):
    """All outcomes of the view as CSV, with its baseline under the name `baseline`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("scenario", "outcome", "quarter", "value", "unit"))
    for name, solved in ((baseline, answer.baseline), ("view", answer.solved)):
        if not solved.certified:
            writer.writerow((name, why_not(solved), "", "", ""))
            continue
        for outcome in solved.values:
            unit, axis = UNITS[outcome]
            for label in axis.labels if axis else (None,):
                for t, value in enumerate(series(solved.values, outcome, label)):
                    writer.writerow((name, shown_name(outcome, label), quarter_label(t), repr(float(value)), unit))
    return text.getvalue()
