"""Tables of daily paths."""

import numpy as np
import pandas as pd

from calibration.estimators.simulated_moments import FORGOTTEN, QUARTERS, SAMPLES
from calibration.markets.inputs import parameter_rows, target_rows
from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER, DAYS_A_YEAR
from model.markets.declarations import BUYBACKS, SOURCE
from model.markets.decomposition import flow_share, month_flows_fade, tail, variance_shares
from model.markets.moments import moments
from model.markets.paths import quiet_core, simulate

HORIZONS = {"1 day": 1, "1 week": 5, "1 month": 21, "3 months": 63, "6 months": 126, "12 months": 252, "18 months": 378}
TAILS = {"1 day": 1, "1 month": DAYS_A_MONTH, "3 months": DAYS_A_QUARTER}
FADED = 0.1
MARKET_VALUE, PAYOUT = 95.0, 0.95  # trillions of dollars: US equity and its quarterly payouts in 2026
QUIET = 18.0  # per cent a year: realised volatility below which an inversion is not panic


def variance_table(sources):
    """DataFrame with a row a horizon: standard deviation of returns [%] and the share of each source; shares add up to 100."""
    rows = []
    for label, days in HORIZONS.items():
        if days > len(sources):
            continue
        change = sources[days:] - sources[:-days] if days < len(sources) else sources[-1:]
        shares = 100 * variance_shares(sources, days)
        row = {"price changes over": label, "standard deviation, %": float(100 * change.sum(1).std())}
        row |= {f"{name.replace('_', ' ')}, %": float(s) for name, s in zip(SOURCE.labels, shares, strict=True)}
        rows.append(row | {"all flows, %": 100 * flow_share(sources, days)})
    return pd.DataFrame(rows)


def tail_table(days, quiet):
    """DataFrame of lower quantiles of returns [%] with flows (`days`) and without (`quiet`)."""
    rows = []
    for label, horizon in TAILS.items():
        for probability in (0.01, 0.05):
            row = {"price changes over": label, "quantile": f"{100 * probability:g} %"}
            row["with flows, %"] = tail(days.sources.sum(1), horizon, probability)
            row["without, %"] = tail(quiet.sources.sum(1), horizon, probability)
            rows.append(row)
    return pd.DataFrame(rows)


def moment_table(found, also_used=()):
    """DataFrame of moments: data with standard error, the model, and how many standard errors it is off."""
    rows = []
    for name, target in target_rows().items():
        off = (found[name] - target.value) / target.standard_error
        rows.append(
            {
                "moment": name.replace("_", " "),
                "used": "yes" if target.used or name in also_used else "held out",
                "unit": target.unit,
                "data": target.value,
                "standard error": target.standard_error,
                "model": float(found[name]),
                "standard errors off": float(off),
            }
        )
    return pd.DataFrame(rows)


def long_run_moments(p, seed):
    """`{moment: number}` of a market that neither grows nor falls, long after its start."""
    day = simulate(p, quiet_core(MARKET_VALUE, PAYOUT, QUARTERS), seed, SAMPLES)
    return {name: float(value) for name, value in moments(p, day, FORGOTTEN * DAYS_A_QUARTER).items()}


def parameter_table(p):
    """DataFrame of all numbers of the daily block with their ranges and sources."""
    return pd.DataFrame(
        [
            {
                "number": name,
                "symbol": row.symbol,
                "value": float(getattr(p, name)),
                "standard error": "" if np.isnan(row.standard_error) else row.standard_error,
                "unit": row.unit,
                "low": row.low,
                "high": row.high,
                "source": row.source,
            }
            for name, row in parameter_rows().items()
        ]
    )


def claims(day, no_buybacks, quiet):
    """`{question: number}` on what the narrative says of markets, each with its unit in the question.

    `no_buybacks` and `quiet` are the same paths without buybacks and without any flow.
    """
    inverted = (day.volatility_month > day.volatility_quarter)[DAYS_A_MONTH - 1 :]
    hedging = inverted & ~day.inverted_without_hedging[DAYS_A_MONTH - 1 :]
    calm = realised_volatility(day) < QUIET
    count = inverted.sum() or np.nan  # without inverted days their shares are not numbers
    faded = month_flows_fade(day.sources, FADED)
    drift, t = _window_drift(day, no_buybacks)
    return {
        "flow share of variance at 1 month, %": 100 * flow_share(day.sources, DAYS_A_MONTH),
        "flow share of variance at 3 months, %": 100 * flow_share(day.sources, DAYS_A_QUARTER),
        "month from which flows are below 10 % of variance": "not within the paths" if faded is None else float(faded),
        "volatility with flows over volatility without": float(day.total_return.std() / quiet.total_return.std()),
        "inverted days, %": 100 * float(inverted.mean()),
        "of them by hedging demand alone, %": 100 * float(hedging.sum() / count),
        "of them with realised volatility of the month below 18 %, %": 100 * float((inverted & calm).sum() / count),
        "drift that buybacks give open windows over blackouts, bp a day": drift,
        "its t-statistic in ten years of data": t,
        "5 % quantile of monthly price changes, %": tail(day.sources.sum(1), DAYS_A_MONTH, 0.05),
    }


def realised_volatility(day):
    """Of the last month, per cent a year, from the first day that has one on `(days, paths)`."""
    squares = np.cumsum(np.concatenate([np.zeros_like(day.total_return[:1]), day.total_return**2]), axis=0)
    return 100 * np.sqrt(DAYS_A_YEAR / DAYS_A_MONTH * (squares[DAYS_A_MONTH:] - squares[:-DAYS_A_MONTH]))


def _window_drift(day, no_buybacks):
    """Mean return of open days less blackout days that buybacks alone bring [bp], and its t-statistic in ten years."""
    pace = day.flows[:, BUYBACKS, 0]
    open_day = pace > pace.mean()
    if not open_day.any():
        return 0.0, 0.0
    r = day.total_return - no_buybacks.total_return
    difference = r[open_day].mean() - r[~open_day].mean()
    share, days = open_day.mean(), 10 * DAYS_A_YEAR
    return float(1e4 * difference), float(difference / day.total_return.std() * np.sqrt(days * share * (1 - share)))
