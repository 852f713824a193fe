"""Fan charts of a forecast."""

from textwrap import fill

import numpy as np
from matplotlib.figure import Figure

from experiments.answer.figures.fans import INNER, LINE, OUTER
from experiments.forecast.tables import series_of
from model.core.units import QUARTERS_A_YEAR

PANELS = (
    "gdp_over_a_year",
    "unemployment",
    "inflation_over_a_year",
    "policy_rate",
    "ten_year_yield",
    "business_investment",
)
BEFORE, CAPTION_WIDTH = 28, 190  # quarters of data that are shown


def write_forecast_figure(past, widths, path, caption):
    """Write a figure with a panel an outcome: data, mean, bands of both and of shocks alone."""
    told = {key[0]: (key, value) for key, value in series_of(past, widths).items()}
    figure = Figure(figsize=(15, 9), layout="constrained")
    for axis, name in zip(figure.subplots(2, 3).flat, PANELS, strict=True):
        (_, words, of), (data, parts) = told[name]
        _panel(axis, past, data, parts)
        axis.set_title(words, fontsize=11, loc="left")
        axis.set_ylabel(of, fontsize=8)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=5, frameon=False)
    figure.supxlabel(fill(caption, CAPTION_WIDTH), fontsize=8)
    figure.savefig(path, dpi=120)


def _panel(axis, past, data, parts):
    known = len(past.known)
    start = int(past.known[0][:4]) + (int(past.known[0][5]) - 1) / QUARTERS_A_YEAR
    dates = start + np.arange(known + len(parts["mean"])) / QUARTERS_A_YEAR
    ahead, shown = dates[known:], slice(known - BEFORE, known)
    low, inner_low, inner_high, high = np.percentile(parts["both"], (5, 16, 84, 95), axis=0)
    axis.fill_between(ahead, low, high, color=OUTER, linewidth=0, label="90 %, shocks and parameters")
    axis.fill_between(ahead, inner_low, inner_high, color=INNER, linewidth=0, label="68 %, shocks and parameters")
    for end in np.percentile(parts["shocks"], (5, 95), axis=0):
        axis.plot(ahead, end, color=LINE, linestyle=":", linewidth=1, label="90 %, shocks alone")
    axis.plot(dates[shown], data[shown], color="black", linewidth=1.3, label="data")
    axis.plot(ahead, parts["mean"], color=LINE, linewidth=1.8, label="mean")
    axis.set_ylim(*_limits(data[shown], low, high))
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.3)
    handles = dict(zip(*axis.get_legend_handles_labels()[::-1], strict=True))
    axis.get_legend_handles_labels = lambda: (list(handles.values()), list(handles))


def _limits(data, low, high):
    """The forecast's range, and of the data all but the two most extreme quarters at either end."""
    usual = np.sort(data[np.isfinite(data)])
    ends = [low.min(), high.max(), *usual[[2, -3]]]
    room = 0.08 * (max(ends) - min(ends))
    return min(ends) - room, max(ends) + room
