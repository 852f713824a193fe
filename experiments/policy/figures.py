"""Figure of a best policy: its values, what it gains beside others, and its frontier."""

from textwrap import fill

import numpy as np
from matplotlib.figure import Figure

from experiments.answer.figures.fans import LINE, OUTER

CAPTION_WIDTH = 170
FEW = 5


def write_policy_figure(answer, tables, path, caption):
    """Write a figure with a panel for values, one for gains and, where there is one, one for the frontier."""
    panels = [_values, _gains, *([_frontier] if "frontier" in tables else [])]
    figure = Figure(figsize=(6 * len(panels), 5.5), layout="constrained")
    for axis, draw in zip(np.atleast_1d(figure.subplots(1, len(panels))), panels, strict=True):
        draw(axis, answer, tables)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.3)
    figure.supxlabel(fill(caption, CAPTION_WIDTH), fontsize=8)
    figure.savefig(path, dpi=120)


def _values(axis, answer, tables):
    axis.set_title("Best values, % of the way from no policy to the bound", fontsize=10, loc="left")
    table = tables["policy"][0]
    if any(len(c.steps) > 1 for c in answer.plan.controls.each):
        axis.set_title("Best values by step", fontsize=10, loc="left")
        for name, rows in table.groupby("control", sort=False):
            axis.step(rows["from"], rows["value"], where="mid", label=name)
        axis.tick_params(axis="x", rotation=90, labelsize=7)
        axis.legend(frameon=False, fontsize=8)
        return
    ends = np.where(table["value"] >= 0, table["high"], table["low"].abs())
    shares = 100 * table["value"] / np.where(np.isfinite(ends) & (ends != 0), ends, np.nan)
    _bars(axis, table["control"][::-1], shares[::-1], LINE)


def _gains(axis, answer, tables):
    axis.set_title("Gain over no policy at the same limits", fontsize=10, loc="left")
    table = tables["gains"][0][::-1]
    colours = [LINE if p == "the best of all" else OUTER for p in table["policy"]]
    _bars(axis, table["policy"], table["gain"], colours)
    axis.set_xlabel(table["unit"].iloc[0])
    axis.tick_params(axis="y", labelsize=8)


def _bars(axis, names, values, colours):
    """Bars from below, none broader than where there are five of them."""
    axis.barh(names, values, color=colours)
    spare = max(0, FEW - len(names)) / 2
    axis.set_ylim(-0.5 - spare, len(names) - 0.5 + spare)
    axis.locator_params(axis="x", nbins=6)
    axis.xaxis.set_major_formatter("{x:g}")


def _frontier(axis, answer, tables):
    number = answer.question.file.frontier.number
    words = number.split(".")[-1].replace("_", " ")
    axis.set_title(f"Gain at other values: {words}", fontsize=10, loc="left")
    table = tables["frontier"][0]
    axis.plot(table[number], table["gain"], color=LINE, marker="o")
    axis.set_xlabel(words)
    axis.set_ylabel(tables["gains"][0]["unit"].iloc[0])
