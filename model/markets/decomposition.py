"""Where the variance of returns comes from by horizon, what the tails look like, and when flows no longer matter."""

import numpy as np
from jaxtyping import Float

from model.core.units import DAYS_A_MONTH
from model.markets.declarations import FLOW, SOURCE

FLOWS = slice(len(SOURCE) - len(FLOW), None)


def variance_shares(sources: Float[np.ndarray, "day source path"], days: int) -> Float[np.ndarray, "source"]:
    """Shares `(source,)` of the variance of log returns over `days`: covariance of each part with the whole; they sum to 1.

    `sources` `(day, source, path)` are the parts of the log price against the core's path, at the ends of days.
    """
    whole = sources.sum(1)
    return np.array([_share(part, whole, days) for part in np.moveaxis(sources, 1, 0)])


def flow_share(sources: Float[np.ndarray, "day source path"], days: int) -> float:
    """Share of the variance over `days` that all flows have together."""
    return _share(*_flows_and_all(sources), days)


def month_flows_fade(sources: Float[np.ndarray, "day source path"], below: float = 0.1) -> int | None:
    """First month from which on the share of flows stays below `below`; None if it does not within the paths."""
    months, parts = np.arange(1, len(sources) // DAYS_A_MONTH + 1), _flows_and_all(sources)
    shares = np.array([_share(*parts, int(m) * DAYS_A_MONTH) for m in months])
    above = np.flatnonzero(np.abs(shares) >= below)
    if not len(above):
        return 1
    return None if above[-1] == len(months) - 1 else int(months[above[-1] + 1])


def _flows_and_all(sources):
    return sources[:, FLOWS].sum(1), sources.sum(1)


def _share(part, whole, days):
    """Covariance of changes over `days` of `part` and `whole` `(day, path)`, over the variance of the latter."""
    own, all_of_it = (np.concatenate([x[days - 1 : days], x[days:] - x[:-days]]) for x in (part, whole))
    return float(((own - own.mean()) * (all_of_it - all_of_it.mean())).mean() / all_of_it.var())


def tail(log_deviation: Float[np.ndarray, "day path"], days: int, probability: float) -> float:
    """Quantile [%] of returns over `days`; `log_deviation` `(day, path)` is the log price."""
    change = log_deviation[days:] - log_deviation[:-days]
    return float(100 * np.expm1(np.quantile(change, probability)))
