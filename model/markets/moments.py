"""Moments of daily paths that data on markets have too."""

import jax
import jax.numpy as jnp

from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER, DAYS_A_YEAR

SMOOTHNESS = 0.01  # of the count of inverted days, in the ratio of the two indices


def moments(p, day, first, smooth=False):
    """`{name: number}` over all paths of a `Day` `(days, ..., paths)` from day `first` on.

    With `smooth`, inverted days count by how much they are inverted, so that derivatives exist.
    """
    r, vix, vix3 = (x[first:] for x in (day.total_return, day.volatility_month, day.volatility_quarter))
    log_odds = jax.scipy.special.logit(day.cut_odds[first:])
    size, log_vix, centred = jnp.abs(r), jnp.log(vix), r - r.mean()
    inversion = vix / vix3 - 1
    inverted = jax.nn.sigmoid(inversion / SMOOTHNESS) if smooth else (inversion > 0).astype(float)
    odds_change = jnp.diff(day.cut_odds[first:], axis=0)
    return {
        "volatility": 100 * jnp.sqrt(DAYS_A_YEAR) * r.std(),
        "excess_kurtosis": (centred**4).mean() / r.var() ** 2 - 3,
        "skewness": (centred**3).mean() / r.std() ** 3,
        "leverage_correlation": _correlation(r[1:], jnp.diff(log_vix, axis=0)),
        "absolute_autocorrelation": _correlation(size[1:], size[:-1]),
        "absolute_autocorrelation_month": _correlation(size[20:], size[:-20]),
        "vix_mean": vix.mean(),
        "vix_sd": vix.std(),
        "vix_autocorrelation": _correlation(vix[1:], vix[:-1]),
        "vix_change_sd": jnp.diff(log_vix, axis=0).std(),
        "term_ratio": (vix3 / vix).mean(),
        "inverted_share": 100 * inverted.mean(),
        "variance_ratio_month": variance_ratio(r, DAYS_A_MONTH),
        "variance_ratio_quarter": variance_ratio(r, DAYS_A_QUARTER),
        "variance_ratio_year": variance_ratio(r, DAYS_A_YEAR),
        "odds_change_sd": jnp.diff(log_odds, axis=0).std(),
        "odds_beta": (r[1:] * odds_change).mean() / (odds_change**2).mean(),
        "rate_surprise_response": jnp.asarray(p.rate_surprise_response),
    }


def variance_ratio(daily_return, days):
    """Variance of `days`-day returns over `days` times that of a day (Lo and MacKinlay, 1988)."""
    level = jnp.cumsum(daily_return, axis=0)
    return (level[days:] - level[:-days]).var() / (days * daily_return.var())


def _correlation(x, y):
    return ((x - x.mean()) * (y - y.mean())).mean() / (x.std() * y.std())
