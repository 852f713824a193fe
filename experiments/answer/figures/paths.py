"""Paths of the main outcomes by scenario: levels, and differences from the baseline."""

import logging
from textwrap import fill

import numpy as np
from matplotlib.ticker import MaxNLocator

from experiments.answer.figures import Figure
from experiments.answer.tables.counterfactual import change, series, why_not
from model.core.units import FIRST_YEAR, QUARTERS_A_YEAR
from model.equilibrium.outcomes.register import UNITS, spoken
from model.transition.solutions import BASELINE

logging.getLogger("matplotlib").setLevel(logging.WARNING)

SHOWN_QUARTERS = 60
PANELS_A_ROW = 3
COLORS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
)  # Okabe and Ito (2008): told apart by everybody
CAPTION_WIDTH, UNIT_WIDTH = 190, 36  # letters
PANELS = (
    ("gdp_real", None, "%"),
    ("unemployment", None, "pp"),
    ("inflation_annual", None, "pp"),
    ("ai_capex_share", None, "pp"),
    ("labour_share", None, "pp"),
    ("wage", "low", "%"),
    ("interconnection_rent", None, "c/kWh"),
    ("electricity_datacentre_share", None, "pp"),
    ("market_cap", "ai_equity", "%"),
    ("consumption", None, "%"),
    ("electricity_price", None, "%"),
    ("public_debt_share", None, "pp"),
)


def write_figures(results, folder, caption):
    """Write levels.png and differences.png; refused scenarios are named in the caption, never drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [s for s in results.solved if s.certified]
    refused = [f"{s.name} {why_not(s)}" for s in results.solved if not s.certified]
    note = caption + ("; " + ", ".join(refused) if refused else "")
    styles = _styles([s.name for s in results.solved])
    if drawn:
        _figure(drawn, styles, folder / "levels.png", f"Levels. {note}", _level)
    if len(drawn) > 1 and results.baseline.certified:
        base = drawn[0]
        _figure(
            drawn[1:],
            styles,
            folder / "differences.png",
            f"Differences from the baseline. {note}",
            lambda s, *panel: _gap(base, s, *panel),
        )


def _level(solved, outcome, label, kind):
    return _series(solved, outcome, label), UNITS[outcome][0]


def _gap(base, solved, outcome, label, kind):
    return change(_series(base, outcome, label), _series(solved, outcome, label), kind), f"{kind} from baseline"


def _series(solved, outcome, label):
    return series(solved.values, outcome, label)[:SHOWN_QUARTERS]


def _styles(names):
    """How each is drawn, the same in every figure of a run."""
    scenarios = [name for name in names if name != BASELINE]
    turns = len(COLORS)
    lines = [
        {"color": COLORS[i % turns], "linestyle": "-" if i < turns else "--", "linewidth": 1.8}
        for i in range(len(scenarios))
    ]
    return {BASELINE: {"color": "black", "linestyle": ":", "linewidth": 1.8, "zorder": 3}} | dict(
        zip(scenarios, lines, strict=True)
    )


def _figure(drawn, styles, path, caption, curve):
    def draw(axis, *panel):
        for solved in drawn:
            values, unit = curve(solved, *panel)
            axis.plot(years(len(values)), values, label=solved.name.replace("_", " "), **styles[solved.name])
        return unit

    save_panels(path, caption, draw, min(len(drawn), 5))


def years(quarters):
    """Dates of the first quarters of a run `(quarters,)`."""
    return FIRST_YEAR + np.arange(quarters) / QUARTERS_A_YEAR


def save_panels(path, caption, draw, columns, panels=PANELS):
    """A figure with a panel an outcome: `draw(axis, outcome, label, kind)` adds its curves and returns their unit."""
    rows = -(-len(panels) // PANELS_A_ROW)
    figure = Figure(figsize=(13, 0.5 + 3 * rows), layout="constrained")
    axes = figure.subplots(rows, PANELS_A_ROW)
    for axis, panel in zip(axes.flat, panels, strict=True):
        unit = draw(axis, *panel)
        axis.set_title(spoken(*panel[:2]), fontsize=11, loc="left")
        axis.set_ylabel(fill(unit, UNIT_WIDTH), fontsize=8)
        axis.ticklabel_format(useOffset=False)
        axis.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.3)
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside upper center", ncols=columns, frameon=False)
    figure.supxlabel(fill(caption, CAPTION_WIDTH), fontsize=8)
    figure.savefig(path, dpi=120)
