"""How good forecasts have been: recursive ones from what was known of the state in each quarter, against naive ones.

Data are final, and the numbers of the shocks and the trends are those of the whole sample: forecasters of the time had neither. News of
AI is known from its date on alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy import stats

from calibration.shocks.outlook import YEAR
from calibration.shocks.past import Past
from calibration.shocks.tables import watched

HORIZONS = (1, 4, 8)
SCORED = ("gdp", "unemployment", "inflation", "policy_rate", "ten_year_yield")
PERIODS = (("2000Q1", "2019Q4"), ("2022Q1", "2026Q2"))
FIRST_ORIGIN = 40  # quarters of data that a naive forecast is estimated on at least
INNER, OUTER = stats.norm.ppf((1 + 0.68) / 2), stats.norm.ppf((1 + 0.90) / 2)


class Forecasts(NamedTuple):
    """Forecasts of one thing at one horizon, a row an origin: `quarter` is the one that is forecast."""

    quarter: list[str]
    actual: Float[np.ndarray, "origins"]
    mean: Float[np.ndarray, "origins"]
    deviation: Float[np.ndarray, "origins"]
    no_change: Float[np.ndarray, "origins"]
    autoregression: Float[np.ndarray, "origins"]
    autoregression_deviation: Float[np.ndarray, "origins"]


def over_a_year(name: str, horizon: int) -> bool:
    """Is what is forecast growth or inflation over the four quarters that end in the one named?"""
    return name in ("gdp", "inflation") and horizon >= YEAR


Views = Sequence[tuple[int, pd.DataFrame]]  # `past.views_held`


def forecasts(past: Past, views: Views, name: str, horizon: int) -> Forecasts:
    """`Forecasts` of an observable; GDP in per cent a year."""
    observed = [o.name for o in watched()]
    i, scale = observed.index(name), YEAR if name == "gdp" else 1.0
    series = scale * past.data[name].to_numpy(float)
    span = YEAR if over_a_year(name, horizon) else 1
    rows = []
    for origin in range(FIRST_ORIGIN, len(series) - horizon):
        window = series[origin + horizon - span + 1 : origin + horizon + 1]
        if np.isfinite(window).all() and np.isfinite(series[origin]):
            mean, variance = _forecast(past, views, i, origin, horizon, span)
            own = past.noise[i] ** 2 / span
            naive = np.nanmean(series[origin - span + 1 : origin + 1])
            rows.append(
                (
                    past.known[origin + horizon],
                    window.mean(),
                    scale * mean,
                    scale * np.sqrt(variance + own),
                    naive,
                    *_autoregression(series[: origin + 1], horizon, span),
                )
            )
    quarter, *columns = zip(*rows, strict=True)
    return Forecasts(list(quarter), *map(np.array, columns))


def _forecast(past, views, i, origin, horizon, span):
    """Mean and variance of the mean over the last `span` quarters of the horizon, by the law from the origin on."""
    space, m = past.space, len(watched())
    place = space.transition.shape[1] - m + i
    row, variance = np.zeros(space.transition.shape[1]), 0.0
    held = [watched for since, watched in views if since <= origin][-1]
    trend = held.iloc[origin + horizon - span + 1 : origin + horizon + 1, i].mean()
    for t in range(origin + horizon, origin, -1):
        if t > origin + horizon - span:
            row[place] += 1 / span
        variance += ((row @ space.impact[t] * past.sizes[t]) ** 2).sum()
        row = row @ space.transition[t]
    known, uncertain = past.smoothed.filtered[origin], past.smoothed.uncertainty[origin]
    return trend + row @ known, variance + row @ uncertain @ row


def _autoregression(series, horizon, span):
    """Mean and deviation of the same by an autoregression of first order on the data so far."""
    pairs = np.stack([series[:-1], series[1:]])
    before, after = pairs[:, np.isfinite(pairs).all(0)]
    slope, constant = np.polyfit(before, after, 1)
    shock = (after - constant - slope * before).std(ddof=2)
    value, path = series[-1], []
    for _ in range(horizon):
        value = constant + slope * value
        path.append(value)
    weights = np.zeros(horizon)
    weights[-span:] = 1 / span
    effects = [(weights[k:] * slope ** np.arange(horizon - k)).sum() for k in range(horizon)]
    return weights @ path, shock * np.sqrt(np.square(effects).sum())


def scores(past: Past, views: Views) -> pd.DataFrame:
    """A row an outcome, horizon and period: errors of the model, of naive forecasts, and how often bands held the outcome."""
    rows = []
    for name in SCORED:
        for horizon in HORIZONS:
            made = forecasts(past, views, name, horizon)
            for first, last in PERIODS:
                chosen = np.array([first <= q <= last for q in made.quarter])
                if chosen.any():
                    own = Forecasts(
                        [q for q, c in zip(made.quarter, chosen, strict=True) if c], *(a[chosen] for a in made[1:])
                    )
                    rows.append({"observable": name, "horizon": horizon, **_scored(own, horizon)})
    return pd.DataFrame(rows)


def _scored(made, horizon):
    error, naive, simple = (made.actual - a for a in (made.mean, made.no_change, made.autoregression))
    inside = np.abs(error / made.deviation)
    statistic, chance = diebold_mariano(error**2 - simple**2, horizon)
    return {
        "period": f"{made.quarter[0]} to {made.quarter[-1]}",
        "forecasts": len(error),
        "distinct": len(error) // horizon,
        "rmse": _rms(error),
        "rmse_no_change": _rms(naive),
        "rmse_autoregression": _rms(simple),
        "mean_error": error.mean(),
        "two_thirds_spread": np.subtract(*np.percentile(error, (100 * 5 / 6, 100 / 6))) / 2,
        "log_score": stats.norm.logpdf(error, scale=made.deviation).mean(),
        "log_score_autoregression": stats.norm.logpdf(simple, scale=made.autoregression_deviation).mean(),
        "held_68": 100 * (inside <= INNER).mean(),
        "held_90": 100 * (inside <= OUTER).mean(),
        "diebold_mariano": statistic,
        "p_value": chance,
    }


def _rms(errors):
    return float(np.sqrt(np.square(errors).mean()))


def diebold_mariano(difference: Float[np.ndarray, "forecasts"], horizon: int) -> tuple[float, float]:
    """Statistic and p-value that two losses are alike on average, negative where the first is smaller.

    With the correction for small samples of Harvey, Leybourne and Newbold (1997); not a number where the variance is not positive.
    """
    n, mean = len(difference), difference.mean()
    gap = difference - mean
    variance = (gap @ gap + 2 * sum(gap[k:] @ gap[:-k] for k in range(1, min(horizon, n)))) / n**2
    if variance <= 0 or n <= horizon:
        return float("nan"), float("nan")
    correction = np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    statistic = correction * mean / np.sqrt(variance)
    return float(statistic), float(2 * stats.t.sf(abs(statistic), n - 1))
