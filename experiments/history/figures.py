"""Stacked bars of what moved growth, inflation and unemployment."""

from textwrap import fill

import numpy as np
from matplotlib.figure import Figure

from calibration.shocks.past import TREND
from experiments.history.tables import PARTS, SPOKEN
from model.core.units import QUARTERS_A_YEAR

PANELS = ("gdp", "inflation", "unemployment", "business_investment", "ten_year_yield", "ai_investment")
COLORS = {
    "ai": "#d1495b", "supply": "#2e86ab", "demand": "#66a182", "markets": "#edae49", "money": "#6a4c93",
    "fiscal": "#8d6a9f", "energy": "#3d405b", "before_1985": "#b8b8b8", "not_explained": "#dedede",
}  # fmt: skip
LABELS = {"ai": "AI", "before_1985": "what was there before 1985"}
CAPTION_WIDTH = 190
PANDEMIC = ("2020", "2021Q1", "2021Q2")  # whose bars may be cut off


def write_history_figure(table, path, caption):
    """Write a figure with a panel an outcome: bars of deviations from trend that add up to the data's."""
    figure = Figure(figsize=(15, 9.5), layout="constrained")
    for axis, name in zip(figure.subplots(2, 3).flat, PANELS, strict=True):
        _panel(axis, table[table.outcome == SPOKEN[name]])
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=10, frameon=False)
    figure.supxlabel(
        fill(f"Bars of 2020Q1 to 2021Q2 are cut off where they are longer than all others. {caption}", CAPTION_WIDTH),
        fontsize=8,
    )
    figure.savefig(path, dpi=120)


def _panel(axis, rows):
    dates = [int(q[:4]) + (int(q[5]) - 1) / QUARTERS_A_YEAR for q in rows.quarter]
    above, below = np.zeros(len(rows)), np.zeros(len(rows))
    for part in PARTS:
        if part == TREND:
            continue
        values = rows[part].to_numpy()
        bottom = np.where(values >= 0, above, below)
        axis.bar(
            dates,
            values,
            0.9 / QUARTERS_A_YEAR,
            bottom=bottom,
            color=COLORS[part],
            label=LABELS.get(part, part.replace("_", " ")),
        )
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    known = rows.data.notna().to_numpy()
    axis.plot(np.array(dates)[known], (rows.data - rows[TREND])[known], color="black", linewidth=1.1, label="data")
    axis.axhline(0, color="0.4", linewidth=0.8)
    calm = ~rows.quarter.str.startswith(PANDEMIC).to_numpy()
    axis.set_ylim(1.1 * below[calm].min(), 1.1 * above[calm].max())
    axis.set_title(rows.outcome.iloc[0] + ("" if known.any() else " (the model's: no data)"), fontsize=11, loc="left")
    axis.set_ylabel(f"{rows.unit.iloc[0]}, from trend", fontsize=8)
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.3)
