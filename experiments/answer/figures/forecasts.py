"""The baseline's paths with what others forecast."""

import numpy as np

from calibration.measures.forecasts import forecasts, said_by_views
from experiments.answer.figures.paths import save_panels, years
from experiments.answer.tables.forecasts import history_and_path
from model.core.units import FIRST_YEAR, QUARTERS_A_YEAR
from model.equilibrium.outcomes.register import UNITS

PANELS = (
    ("gdp_measured_growth_annual", None, ""),
    ("unemployment", None, ""),
    ("inflation_annual", None, ""),
    ("policy_rate_annual", None, ""),
    ("ai_capex_share", None, ""),
    ("electricity_datacentre_share", None, ""),
)
SHOWN = 24  # quarters from 2026Q1
MARKERS = {
    "markets_view": ("markets' view", "^"),
    "forecasters_view": ("forecasters' view", "v"),
    "inelastic_markets": ("inelastic markets", "s"),
}
ASIDE = 0.16  # years between forecasts of the same year
FOR_THE_LEGEND = 0.4  # of the height of a panel
DRAWN = {"mean": 0.375, "fourth_quarter": 0.75, "growth": 0.375}  # where in its year a forecast stands


def write_forecasts(baseline, path, caption):
    """Write a figure of the baseline, history dotted, with published forecasts and their ranges."""

    def draw(axis, outcome, label, kind):
        before, ahead = history_and_path(baseline, outcome)
        dates = FIRST_YEAR - np.arange(len(before), 0, -1) / QUARTERS_A_YEAR
        axis.plot(dates, before, color="grey", linestyle=":", label="the model before 2026")
        axis.plot(years(SHOWN), ahead[:SHOWN], color="black", label="baseline")
        _published(axis, outcome)
        return UNITS[outcome][0]

    save_panels(path, caption, draw, 5, PANELS)


def _published(axis, outcome):
    """Published numbers of the same unit, each publisher in a colour of its own, and what the views say in their place."""
    publishers, shown, views = list(dict.fromkeys(f.publisher for f in forecasts())), {}, {}
    for same in _by_year(outcome):
        for k, forecast in enumerate(same):
            here = forecast.year + DRAWN[forecast.measure] + ASIDE * (k - (len(same) - 1) / 2)
            ends = [[forecast.value - forecast.low], [forecast.high - forecast.value]]
            color = f"C{publishers.index(forecast.publisher)}"
            shown[forecast.publisher] = axis.errorbar([here], [forecast.value], ends, fmt="o", color=color, capsize=3)
        for view, (words, marker) in MARKERS.items():
            said, here = said_by_views()[same[0].name][view], same[0].year + DRAWN[same[0].measure]
            (views[words],) = axis.plot([here], [said], marker, color="black", markersize=5, fillstyle="none")
    shown |= views
    low, high = axis.get_ylim()
    axis.set_ylim(low - FOR_THE_LEGEND * (high - low), high)
    axis.legend(shown.values(), shown.keys(), fontsize=7, frameon=False, loc="lower left", ncols=2)


def _by_year(outcome):
    """Forecasts drawn in the panel of an outcome, those of one year together."""
    drawn = [f for f in forecasts() if _drawn_as(f) == outcome]
    return [[f for f in drawn if f.year == year] for year in sorted({f.year for f in drawn})]


def _drawn_as(forecast):
    if forecast.measure not in DRAWN:
        return None
    return "gdp_measured_growth_annual" if forecast.outcome == "gdp_measured" else forecast.outcome
