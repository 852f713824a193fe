"""Fans of prices and volatility around the core's path, and where the variance comes from."""

from pathlib import Path
from textwrap import fill

import numpy as np
import pandas as pd

from experiments.answer.figures import Figure
from experiments.answer.figures.fans import INNER, LINE, OUTER
from experiments.answer.figures.paths import CAPTION_WIDTH
from model.core.units import DAYS_A_QUARTER, DAYS_A_YEAR, FIRST_YEAR, QUARTERS_A_YEAR
from model.markets.declarations import SOURCE
from model.markets.decomposition import FLOWS

PERCENT = (5, 16, 50, 84, 95)
START = FIRST_YEAR + 1 / QUARTERS_A_YEAR  # the end of the core's first quarter


def write_market_figures(core, day, variance, folder, caption):
    """Write fans.png and variance.png."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _fans(core, day, folder / "fans.png", caption)
    _variance(variance, folder / "variance.png", caption)


def core_by_day(core):
    """Log value of equity on the core's path at the ends of days `(days,)` [log tn USD]."""
    value = np.append(core.log_value_before, core.log_value)
    ends = np.arange(1, DAYS_A_QUARTER * len(core.log_value) + 1) / DAYS_A_QUARTER
    return np.interp(ends, np.arange(len(value)), value)


def panels(core, day):
    """`{title: (days, paths)}` of what the fans show; shares start at 100 and follow price, not market value."""
    price = core_by_day(core)[:, None] - core.log_value_before + day.sources.sum(1) - day.log_shares
    return {
        "Share price, start = 100": 100 * np.exp(price),
        "Implied volatility of one month, % a year": day.volatility_month,
        "What flows add to prices, %": 100 * np.expm1(day.sources[:, FLOWS].sum(1)),
        "Odds of a rate cut, %": 100 * day.cut_odds,
    }


def day_quantiles(core, day):
    """Table `variable, day, percentile, value` of the panels; day 1 is the first after the core's first quarter."""
    frames = []
    for title, values in panels(core, day).items():
        for percent, row in zip(PERCENT, np.percentile(values, PERCENT, axis=1), strict=True):
            frames.append(
                pd.DataFrame(
                    {"variable": title, "day": np.arange(1, len(row) + 1), "percentile": percent, "value": row}
                )
            )
    return pd.concat(frames, ignore_index=True)


def _fans(core, day, path, caption):
    figure = Figure(figsize=(13, 8), layout="constrained")
    axes = figure.subplots(2, 2)
    ends = START + np.arange(len(core.log_value) + 1) / QUARTERS_A_YEAR
    dates = START + np.arange(1, len(day.total_return) + 1) / DAYS_A_YEAR
    for axis, (title, values) in zip(axes.flat, panels(core, day).items(), strict=True):
        low, lower, middle, upper, high = np.percentile(values, PERCENT, axis=1)
        axis.fill_between(dates, low, high, color=OUTER, linewidth=0, label="90 % of paths")
        axis.fill_between(dates, lower, upper, color=INNER, linewidth=0, label="68 % of paths")
        axis.plot(dates, middle, color=LINE, linewidth=1.8, label="median")
        axis.plot(dates, values[:, 0], color="0.25", linewidth=0.6, label="one path")
        axis.set_title(title, fontsize=11, loc="left")
        axis.set_xticks(ends, [_quarter(t) for t in ends], fontsize=8)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.3)
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False)
    figure.supxlabel(fill(caption, CAPTION_WIDTH), fontsize=8)
    figure.savefig(path, dpi=120)


def _quarter(date):
    quarters = round((date - FIRST_YEAR) * QUARTERS_A_YEAR)
    return f"{FIRST_YEAR + (quarters - 1) // QUARTERS_A_YEAR}Q{(quarters - 1) % QUARTERS_A_YEAR + 1}"


def _variance(table, path, caption):
    figure = Figure(figsize=(11, 5.5), layout="constrained")
    axis = figure.subplots()
    names = [f"{name.replace('_', ' ')}, %" for name in SOURCE.labels]
    places, above, below = np.arange(len(table)), np.zeros(len(table)), np.zeros(len(table))
    for i, name in enumerate(names):
        share = table[name].to_numpy()
        bottom = np.where(share >= 0, above, below)
        color = "0.8" if i == 0 else f"C{i - 1}"
        axis.bar(places, share, 0.7, bottom=bottom, label=name.removesuffix(", %"), color=color)
        above, below = above + np.maximum(share, 0), below + np.minimum(share, 0)
    axis.set_xticks(places, table["price changes over"])
    axis.set_ylabel("% of the variance of price changes")
    axis.set_xlabel(fill(caption, CAPTION_WIDTH - 30), fontsize=8)
    axis.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper center", ncols=4, frameon=False)
    figure.savefig(path, dpi=120)
