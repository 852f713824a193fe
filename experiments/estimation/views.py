"""`python -m experiments.estimation.views`: what estimated views say of published forecasts, and views scaled to published numbers.

All logs of the catch-up are scaled together, what AI can do and what is built for it, until the default economy says what
was published. GDP is compared with the initial steady state, which has no progress of AI; trend growth is in neither.
"""

import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from calibration.calibrate import calibrate
from calibration.inputs import SETS, load_inputs, set_rows
from calibration.measures.forecasts import OF_VIEWS, forecasts, measured
from calibration.measures.forecasts import VIEWS as ESTIMATED
from experiments.estimation.save import write_rows
from model.core.units import QUARTERS_A_YEAR
from model.equilibrium.outcomes.report import reporter
from model.transition.calendar import on_calendar
from model.transition.solutions import Settings

BASE = "us_2022q4"
SCALED = (
    *(f"catch_up.multiplier.{symbol}" for symbol in ("zA", "tL", "tM", "effA", "pue", "Ibar", "zX", "Fbar", "nB")),
    "catch_up.pipeline.interconnection",
)
EXACT = 1e-3  # [%]


class View(NamedTuple):
    """What is published, `measure` of real GDP as statisticians measure it by quarter; the scale lies between `scales`."""

    value: float  # [%]
    measure: Callable[[Callable[[str], float]], float]
    scales: tuple[float, float]
    note: str


def _gain(quarter):
    return lambda gdp: gdp(quarter) - 100


def _growth(gdp):
    """% a year with the trend, from 2025Q4 to 2030Q4."""
    return 100 * (
        (gdp("2030Q4") / gdp("2025Q4")) ** (1 / 5) * load_inputs().value("production.trend_growth") ** QUARTERS_A_YEAR
        - 1
    )


SCALED_TO = {
    "acemoglu": View(1.25, _gain("2034Q4"), (0.05, 1.2), "GDP 1.25 % higher after ten years: Acemoglu (2024)"),
    "pwbm": View(1.5, _gain("2035Q4"), (0.05, 1.2), "GDP 1.5 % higher in 2035: Penn Wharton Budget Model (2025)"),
    "fast": View(
        4.0, _growth, (1.2, 1.6),
        "growth of 4 % a year to 2030, rapid progress: Karger et al., Forecasting Research Institute (2026)",
    ),
}  # fmt: skip


def main():
    """Write what the estimated views say of published forecasts; then a set for every scaled view, and print what it took."""
    settings = Settings()
    write_rows(OF_VIEWS, ("name", *ESTIMATED), forecasts_by_view(settings))
    return scale_views(load_inputs(name=BASE), settings)


def forecasts_by_view(settings):
    """Rows `(name of a forecast, what each estimated view says)`."""
    found = [_forecasts(load_inputs(name=view), settings) for view in ESTIMATED]
    return [(f.name, *(f"{said[k]:.6g}" for said in found)) for k, f in enumerate(forecasts())]


def _forecasts(inputs, settings):
    baseline = calibrate(smoothing=settings.smoothing, inputs=inputs).baseline(settings)
    values, now = _report(baseline).values, baseline.economy.units.first_shown
    growth = inputs.value("production.trend_growth")
    return [
        measured(f, *(np.asarray(part) for part in (values[f.outcome][now:], values[f.outcome][:now])), growth)
        for f in forecasts()
    ]


def scale_views(inputs, settings):
    """Exit status: 1 where a view misses what it is scaled to."""
    near = []
    for name, view in SCALED_TO.items():

        def missed(scale, view=view):
            return view.measure(_gdp(inputs, settings, scale, near)) - view.value

        scale = brentq(missed, *view.scales, xtol=1e-5)
        if abs(missed(scale)) > EXACT:
            print(f"{name}: off by {missed(scale):.4f} where {view.value:g} % is published")
            return 1
        moved = scaled(inputs, scale)
        rows = [
            (r.name, repr(moved.get(r.name, r.value)), view.note if r.name in moved else r.note) for r in set_rows(BASE)
        ]
        write_rows(SETS / f"{name}.csv", ("name", "value", "note"), rows)
        print(f"{name}: {view.value:g} % at {scale:.4f} of the default's log multipliers", flush=True)
    return 0


def scaled(inputs, scale):
    """Numbers of the catch-up by name, their logs scaled."""
    return {name: float(inputs.value(name) ** scale) for name in SCALED}


def _gdp(inputs, settings, scale, near):
    """Real GDP as measured in a quarter, initial steady state = 100; `near` keeps the last baseline's segments for the next."""
    calibrated = calibrate(scaled(inputs, scale), smoothing=settings.smoothing, inputs=inputs)
    baseline = calibrated.baseline(settings, near=near)
    near[:] = baseline.segments
    report, index = _report(baseline), baseline.economy.units.quarter_index
    return lambda quarter: float(np.asarray(report.values["gdp_measured"])[index(quarter)])


def _report(baseline):
    problem, path = on_calendar(baseline, baseline.solution)
    return reporter(baseline.economy)(problem, path, baseline.initial, baseline.economy.at_rest)


if __name__ == "__main__":
    sys.exit(main())
