"""Moments of daily paths that data on markets have too."""

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.types import Real
from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER, DAYS_A_YEAR
from model.markets.day import Day
from model.markets.declarations import Parameters

SMOOTHNESS = 0.01  # of the count of inverted days, in the ratio of the two indices


def moments(p: Parameters, day: Day, first: int, smooth: bool = False) -> dict[str, Array]:
    """`{name: number}`: medians over the paths of a `Day` `(days, ..., paths)` from day `first` on, each path a sample.

    Samples should be as long as the data: variance has such tails that the kurtosis of a sample grows with its length.
    With `smooth`, inverted days count by how much they are inverted, so that derivatives exist.
    """
    r, vix, vix3, odds = (
        x[first:] for x in (day.total_return, day.volatility_month, day.volatility_quarter, day.cut_odds)
    )
    size, log_vix, centred = jnp.abs(r), jnp.log(vix), r - r.mean(0)
    inversion = vix / vix3 - 1
    inverted = jax.nn.sigmoid(inversion / SMOOTHNESS) if smooth else (inversion > 0).astype(float)
    odds_change = jnp.diff(odds, axis=0)
    by_path = {
        "volatility": 100 * jnp.sqrt(DAYS_A_YEAR) * r.std(0),
        "excess_kurtosis": (centred**4).mean(0) / r.var(0) ** 2 - 3,
        "skewness": (centred**3).mean(0) / r.std(0) ** 3,
        "leverage_correlation": _correlation(r[1:], jnp.diff(log_vix, axis=0)),
        "absolute_autocorrelation": _correlation(size[1:], size[:-1]),
        "absolute_autocorrelation_month": _correlation(size[20:], size[:-20]),
        "vix_mean": vix.mean(0),
        "vix_sd": vix.std(0),
        "vix_autocorrelation": _correlation(vix[1:], vix[:-1]),
        "vix_change_sd": jnp.diff(log_vix, axis=0).std(0),
        "term_ratio": (vix3 / vix).mean(0),
        "inverted_share": 100 * inverted.mean(0),
        "variance_ratio_month": variance_ratio(r, DAYS_A_MONTH),
        "variance_ratio_quarter": variance_ratio(r, DAYS_A_QUARTER),
        "variance_ratio_year": variance_ratio(r, DAYS_A_YEAR),
        "odds_change_sd": jnp.diff(jax.scipy.special.logit(odds), axis=0).std(0),
        "odds_beta": (r[1:] * odds_change).mean(0) / (odds_change**2).mean(0),
        "rate_surprise_response": jnp.asarray(p.rate_surprise_response)[None],
    }
    return {name: jnp.median(values) for name, values in by_path.items()}


def variance_ratio(daily_return: Float[Real, "day *path"], days: int) -> Float[Real, "*path"]:
    """Variance of `days`-day returns over `days` times that of a day, over the first axis (Lo and MacKinlay, 1988)."""
    level = jnp.cumsum(daily_return, axis=0)
    return (level[days:] - level[:-days]).var(0) / (days * daily_return.var(0))


def _correlation(x, y):
    return ((x - x.mean(0)) * (y - y.mean(0))).mean(0) / (x.std(0) * y.std(0))
