"""Responses around the initial steady state whose size and timing others have published."""

import numpy as np
from jaxtyping import Float

from calibration.calibrate import Calibrated
from model.core.axes import DEMAND
from model.equilibrium.outcomes.report import reporter
from model.transition.calendar import on_calendar
from model.transition.derivatives.responses import impulse_responses
from model.transition.solutions import Settings

POINT = 0.0025  # a percentage point a year, per quarter
FADING, LASTING = 0.5, 0.9  # left of a surprise after a quarter
READ = ("gdp_real", "inflation_annual", "demand")
LATEST = 40  # quarters in which a response is looked for
YEAR = 4
PURCHASES = DEMAND.index("G")


def monetary_gdp(calibrated: Calibrated) -> float:
    """Largest change of GDP, %, after a shock to the rule of a point, half of it left each quarter; the rate is a point higher at its peak."""
    return _largest(_changes(calibrated, "epsi", POINT, FADING)["gdp_real"])


def monetary_quarter(calibrated: Calibrated) -> float:
    """The quarter of it, the first one being 1."""
    return float(1 + np.abs(_changes(calibrated, "epsi", POINT, FADING)["gdp_real"]).argmax())


def fiscal_multiplier(calibrated: Calibrated) -> float:
    """GDP gained over purchases, both over the first two years of purchases that are a per cent higher at the same output and fade.

    Purchases rise with output too: all by which they rise counts.
    """
    found = _changes(calibrated, "Gov", 0.01, LASTING)
    gained, bought = found["gdp_real"][: 2 * YEAR], found["demand"][: 2 * YEAR, PURCHASES]
    return float(gained.sum() / bought.sum())


def technology_gdp(calibrated: Calibrated) -> float:
    """Largest change of GDP, %, after the productivity of traditional firms is a per cent higher and fades."""
    return _largest(_changes(calibrated, "zT", 0.01, LASTING)["gdp_real"])


def demand_inflation(calibrated: Calibrated) -> float:
    """Inflation over GDP in the first year, points a per cent, after transfers of a per cent of GDP that fade by half a quarter."""
    found = _changes(calibrated, "trE", 0.01, FADING)
    return float(found["inflation_annual"][:YEAR].mean() / found["gdp_real"][:YEAR].mean())


def _largest(change):
    return float(change[np.abs(change).argmax()])


def _changes(calibrated, instrument, size, persistence) -> dict[str, Float[np.ndarray, "quarters"]]:
    """Changes of outcomes, in their units, in the quarters after a surprise."""
    economy = calibrated.economy
    given = economy, calibrated.parameters, calibrated.initial
    answer = impulse_responses(*given, instrument, size, persistence, Settings())
    paths = (on_calendar(answer.rest, s) for s in (answer.rest.solution, answer.shocked))
    rest, shocked = (reporter(economy)(*path, answer.rest.initial, economy.at_rest).values for path in paths)
    shown = slice(economy.units.first_shown, economy.units.first_shown + LATEST)
    return {name: np.asarray(shocked[name] - rest[name])[shown] for name in READ}
