"""Tables of daily paths."""

import numpy as np
import pandas as pd

from calibration.estimators.simulated_moments import FORGOTTEN, QUARTERS, SAMPLES
from calibration.markets.inputs import parameter_rows, target_rows
from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER
from model.markets.declarations import SOURCE
from model.markets.decomposition import flow_share, tail, variance_shares
from model.markets.moments import moments
from model.markets.paths import quiet_core, simulate

HORIZONS = {"1 day": 1, "1 week": 5, "1 month": 21, "3 months": 63, "6 months": 126, "12 months": 252, "18 months": 378}
TAILS = {"1 day": 1, "1 month": DAYS_A_MONTH, "3 months": DAYS_A_QUARTER}
MARKET_VALUE, PAYOUT = 95.0, 0.95  # trillions of dollars: US equity and its quarterly payouts in 2026


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
