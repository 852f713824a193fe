"""Figures of the report as SVG text, drawn from stored numbers alone."""

import io
import logging
from textwrap import fill

import numpy as np
from matplotlib import rc_context
from matplotlib.ticker import MaxNLocator

from experiments.answer.figures import Figure
from experiments.answer.figures.paths import years

logging.getLogger("matplotlib").setLevel(logging.WARNING)

INK, MUTED, LINE, OTHER, INNER, OUTER = "#1b1f24", "#5b6570", "#0b5cad", "#b3541e", "#8fbbdc", "#d8e7f5"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "two economies",  # the same numbers give the same file
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
}
WIDTH, HEIGHT = 7.6, 2.5  # inches
LEAST_SPAN = 0.02  # what is smaller is drawn flat
LINE_OF_TEXT, LABEL_LETTERS = 0.08, 16  # of an axis's height; of a label's line


def panel_figures(panels):
    """Both paths of a pair on the left, their difference with its bands on the right; one plot where there is no pair.

    Panels that show the same outcome have the same axes.
    """
    alike = {}
    for panel in panels:
        alike.setdefault(_shown(panel), []).append(panel)
    return [_panel_figure(panel, *_limits(alike[_shown(panel)])) for panel in panels]


def _shown(panel):
    outcome = {key: value for key, value in panel["series"].items() if key not in ("scenario", "against")}
    return panel["other"] is not None, *sorted(outcome.items())


def _limits(panels):
    """`(low, high)` of the pairs of paths, if there are pairs, and of the differences with their bands, over all panels."""
    pairs = [panel[key] for panel in panels for key in ("level", "other") if panel["other"] is not None]
    differences = [line for panel in panels for line in (panel["estimate"], *(panel["bands"] or ()))]
    return _span(pairs) if pairs else None, _span([*differences, [0.0]])


def _span(lines):
    values = np.concatenate(lines)
    low, high = np.nanmin(values), np.nanmax(values)
    room = max(0.05 * (high - low), LEAST_SPAN / 2)
    return low - room, high + room


def _panel_figure(panel, paths, differences):
    with rc_context(STYLE):
        pair = panel["other"] is not None
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        axes = figure.subplots(1, 2 if pair else 1, squeeze=False)[0]
        if pair:
            axes[0].set_ylim(paths)
            _pair(axes[0], panel)
        axes[-1].set_ylim(differences)
        _with_bands(axes[-1], panel)
        return _svg(figure)


def _pair(axis, panel):
    dates = years(len(panel["level"]))
    spec = panel["series"]
    axis.plot(
        dates, panel["level"], color=OTHER, linewidth=1.8, label=spec.get("scenario", "baseline").replace("_", " ")
    )
    axis.plot(dates, panel["other"], color=INK, linewidth=1.4, linestyle=":", label=spec["against"].replace("_", " "))
    _finish(axis, panel["title"], panel["level_unit"])
    _label_lines(axis)


def _with_bands(axis, panel):
    dates, bands = years(len(panel["estimate"])), panel["bands"]
    if bands:
        axis.fill_between(dates, bands[0], bands[4], color=OUTER, linewidth=0, label="90 % of draws")
        axis.fill_between(dates, bands[1], bands[3], color=INNER, linewidth=0, label="68 %")
    axis.plot(dates, panel["estimate"], color=LINE, linewidth=1.8, label="estimate")
    axis.axhline(0, color=MUTED, linewidth=0.7)
    _finish(axis, panel["title"] if panel["other"] is None else "Difference", panel["unit"])
    axis.legend(frameon=False, fontsize=8)


def range_figure(claim):
    """The headline at the ends of every range, with the estimate and what refutes the claim."""
    flips = [f for f in claim["flips"] if f["headline"] is not None]
    headline = claim["measures"][claim["headline"]]
    names = list(dict.fromkeys(f["range"] for f in claim["flips"]))
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 0.75 + 0.42 * len(names)), layout="constrained")
        axis = figure.subplots()
        for row, name in enumerate(names):
            ends = [f for f in flips if f["range"] == name]
            values = [f["headline"] for f in ends] + [headline["value"]]
            axis.plot([min(values), max(values)], [row, row], color=INNER, linewidth=6, solid_capstyle="butt", zorder=1)
            for f in ends:
                here = (f["headline"], row)
                axis.plot(*here, "o", color=OTHER if f["refuted"] else LINE, markersize=6, zorder=3)
                words = {"textcoords": "offset points", "ha": "center", "fontsize": 7, "color": MUTED}
                axis.annotate(f"{f['end']:.3g}", here, (0, 7), **words)
        axis.axvline(headline["value"], color=INK, linewidth=1.2, label="estimate", zorder=2)
        for condition in claim["conditions"]:
            if condition["measure"] == claim["headline"]:
                axis.axvline(
                    condition.get("below", condition.get("above")),
                    color=OTHER,
                    linestyle="--",
                    linewidth=1.2,
                    label="rule of refutation",
                )
        axis.set_yticks(range(len(names)), names)
        axis.set_ylim(len(names) - 0.4, -0.7)
        axis.set_xlabel(f"{headline['says']} [{headline['unit']}]")
        axis.legend(frameon=False, fontsize=8, loc="best")
        return _svg(figure)


def overview_figure(series):
    """The picture of the first screen: three panels of lines `{title: (unit, {name: (T,)})}`."""
    colors = (LINE, OTHER, MUTED, INK)
    with rc_context(STYLE):
        figure = Figure(figsize=(1.35 * WIDTH, 2.9), layout="constrained")
        axes = figure.subplots(1, len(series), squeeze=False)[0]
        for axis, (title, (unit, lines)) in zip(axes, series.items(), strict=True):
            for color, (name, values) in zip(colors, lines.items(), strict=False):
                axis.plot(years(len(values)), values, color=color, linewidth=1.9, label=name)
            _finish(axis, title, unit)
            _label_lines(axis)
        return _svg(figure)


def _label_lines(axis):
    """The name of each line at its end, apart from those of the others."""
    low, high = axis.get_ylim()
    apart, above = LINE_OF_TEXT * (high - low), low
    for line in sorted(axis.get_lines(), key=lambda line: line.get_ydata()[-1]):
        end = line.get_ydata()[-1]
        above = end if above == low else max(end, above + apart)
        axis.annotate(
            fill(line.get_label(), LABEL_LETTERS),
            (1, above),
            (3, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            color=line.get_color(),
            fontsize=8,
            va="center",
            annotation_clip=False,
        )
        above += apart * (len(line.get_label()) // LABEL_LETTERS)


def _finish(axis, title, unit):
    axis.set_title(title, fontsize=10, loc="left", color=INK)
    axis.set_ylabel(unit.partition(",")[0], fontsize=8)
    low, high = axis.get_ylim()
    if high - low < LEAST_SPAN:
        middle = (low + high) / 2
        axis.set_ylim(middle - LEAST_SPAN, middle + LEAST_SPAN)
    axis.ticklabel_format(useOffset=False)
    axis.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))


def _svg(figure):
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    body = text.getvalue()
    return body[body.index("<svg") :]
