"""Contributions of a scenario's components to what it changes."""

import numpy as np
import pandas as pd

from experiments.answer.shapley import shapley_values
from experiments.answer.tables.counterfactual import change, series, shown_name

HORIZONS = (1, 2, 4, 6, 8)  # quarters; six are the eighteen months of the narrative
ROWS = (
    ("gdp_real", None, "%"),
    ("unemployment", None, "pp"),
    ("inflation_annual", None, "pp"),
    ("policy_rate_annual", None, "pp"),
    ("market_cap", "traditional_equity", "%"),
    ("market_cap", "ai_equity", "%"),
    ("market_cap", "crypto", "%"),
    ("house_price", None, "%"),
    ("wealth_share_by_age", "young", "pp"),
)
WEIGHED = ("gdp_real", "market_cap[traditional_equity]", "market_cap[crypto]")


def contribution_paths(baseline, by_coalition, names, outcome, label, kind):
    """`(total, {component: contribution})` over time for one outcome, in `kind`."""
    before = series(baseline.values, outcome, label)
    worth = {c: change(before, series(s.values, outcome, label), kind) for c, s in by_coalition.items()}
    return worth[tuple(names)], shapley_values(names, worth)


def contribution_table(baseline, by_coalition, names):
    """DataFrame with a row an outcome and horizon: unit, the total, then a column a component; they add up."""
    rows = []
    for outcome, label, kind in ROWS:
        total, parts = contribution_paths(baseline, by_coalition, names, outcome, label, kind)
        for horizon in HORIZONS:
            row = {"outcome": shown_name(outcome, label), "quarters": horizon, "difference in": kind}
            row["total"] = float(total[horizon - 1])
            rows.append(row | {name: float(parts[name][horizon - 1]) for name in names})
    return pd.DataFrame(rows)


def shares(table, names):
    """What share of the summed changes of the first quarters each component has, in a sentence an outcome."""
    lines = []
    for outcome in WEIGHED:
        part = table[table.outcome == outcome]
        total = part.total.sum()
        said = f"{outcome}, mean of {', '.join(map(str, HORIZONS))} quarters"
        if total == 0:
            lines.append(f"{said}: no change")
            continue
        listed = ", ".join(f"{name} {100 * part[name].sum() / total:.0f} %" for name in names)
        lines.append(f"{said}: {listed} of {total / len(part):.3g} %")
    return "\n".join(lines) if np.isfinite(table.total).all() else ""
