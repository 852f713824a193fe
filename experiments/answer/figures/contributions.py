"""Stacked contributions of a scenario's components over time."""

from pathlib import Path

import numpy as np

from experiments.answer.figures.paths import save_panels, years
from experiments.answer.tables.contributions import contribution_paths
from model.core.units import QUARTERS_A_YEAR

QUARTERS = 12
PANELS = (
    ("gdp_real", None, "%"),
    ("unemployment", None, "pp"),
    ("inflation_annual", None, "pp"),
    ("market_cap", "traditional_equity", "%"),
    ("market_cap", "ai_equity", "%"),
    ("market_cap", "crypto", "%"),
)


def write_contributions_figure(baseline, by_coalition, names, folder, caption):
    """Write contributions.png: bars that add up to the line of the whole scenario."""

    def draw(axis, *panel):
        total, parts = contribution_paths(baseline, by_coalition, names, *panel)
        dates, above, below = years(QUARTERS), np.zeros(QUARTERS), np.zeros(QUARTERS)
        for i, name in enumerate(names):
            part = parts[name][:QUARTERS]
            bottom = np.where(part >= 0, above, below)
            axis.bar(dates, part, 0.8 / QUARTERS_A_YEAR, bottom=bottom, color=f"C{i}", label=name)
            above, below = above + np.maximum(part, 0), below + np.minimum(part, 0)
        axis.plot(dates, total[:QUARTERS], color="black", marker="o", markersize=3, linewidth=1.2, label="total")
        axis.axhline(0, color="0.5", linewidth=0.8)
        return f"{panel[2]} from baseline"

    save_panels(Path(folder) / "contributions.png", caption, draw, 7, PANELS)
