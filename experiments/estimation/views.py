"""`python -m experiments.estimation.views`: named world views of AI, each scaled to a number that its author published.

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
    """What is published, `measure` of real GDP by quarter; the scale lies between `scales`."""

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


VIEWS = {
    "acemoglu": View(1.25, _gain("2034Q4"), (0.05, 1.2), "GDP 1.25 % higher after ten years: Acemoglu (2024)"),
    "pwbm": View(1.5, _gain("2035Q4"), (0.05, 1.2), "GDP 1.5 % higher in 2035: Penn Wharton Budget Model (2025)"),
    "fast": View(
        4.0, _growth, (0.9, 1.8),
        "growth of 4 % a year to 2030, rapid progress: Karger et al., Forecasting Research Institute (2026)",
    ),
}  # fmt: skip


def main(names=tuple(VIEWS)):
    """Solve for every view, write its set, and print what it took."""
    inputs, settings, near = load_inputs(name=BASE), Settings(), []
    for name in names:
        view = VIEWS[name]

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
    """Real GDP of a quarter, initial steady state = 100; `near` keeps the last baseline's segments for the next."""
    calibrated = calibrate(scaled(inputs, scale), smoothing=settings.smoothing, inputs=inputs)
    baseline = calibrated.baseline(settings, near=near)
    near[:] = baseline.segments
    problem, path = on_calendar(baseline, baseline.solution)
    report = reporter(baseline.economy)(problem, path, baseline.initial, baseline.economy.at_rest)
    index = baseline.economy.units.quarter_index
    return lambda quarter: float(np.asarray(report.values["gdp_real"])[index(quarter)])


if __name__ == "__main__":
    sys.exit(main())
