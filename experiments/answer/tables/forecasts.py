"""The baseline beside published forecasts."""

import numpy as np
import pandas as pd

from calibration.measures.forecasts import VIEWS, forecasts, measured, said_by_views
from experiments.answer.tables.counterfactual import shown_name, why_not

FORECASTS = (
    "The baseline beside published forecasts, with the range of each; the default is estimated on those that forecasts.csv marks as used. The views of markets and of forecasters are the default "
    "estimated without the forecasts of the other side; inelastic markets are the default estimated "
    "where portfolios respond less to returns"
)
INSIDE, BELOW, ABOVE = "inside", "below", "above"


def forecast_table(baseline, trend_growth):
    """DataFrame with a row a forecast: what was published, its range, what the baseline says, where that lies, and what two views say."""
    return pd.DataFrame([_row(baseline, forecast, trend_growth) for forecast in forecasts()])


def history_and_path(baseline, outcome):
    """An outcome before 2026Q1, at least in the initial steady state, and from there on."""
    history = baseline.history.get(outcome, np.empty(0))
    return (history if len(history) else np.array([baseline.initial[outcome]])), baseline.values[outcome]


def _row(baseline, forecast, trend_growth):
    row = {"outcome": shown_name(forecast.outcome, None), "year": forecast.year, "unit": forecast.unit}
    if baseline.certified:
        before, path = history_and_path(baseline, forecast.outcome)
        here = measured(forecast, path, before, trend_growth)
        place = BELOW if here < forecast.low else ABOVE if here > forecast.high else INSIDE
    else:
        here, place = why_not(baseline), ""
    return row | {
        "baseline": here,
        "published": forecast.value,
        "low": forecast.low,
        "high": forecast.high,
        "baseline is": place,
        "used": "yes" if forecast.used else "",
        **{view: said_by_views()[forecast.name][view] for view in VIEWS},
        "publisher": forecast.publisher,
        "reference": forecast.reference,
    }
