"""Variance of fundamentals, its forecasts, and the volatility indices of one and three months."""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float

from model.core.types import Real
from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER, DAYS_A_YEAR
from model.markets.declarations import Parameters


def long_run_variance(p: Parameters) -> Float[Array, ""]:
    """Daily variance of fundamentals in the long run."""
    return p.volatility**2 / DAYS_A_YEAR


def next_variance(
    p: Parameters, variance: Float[Real, "..."] | float, shock: Float[Real, "..."] | float
) -> Float[Array, "..."]:
    """`h' = omega + (alpha + gamma 1[e < 0]) e^2 + beta h` (Glosten, Jagannathan and Runkle, 1993)."""
    omega = long_run_variance(p) * (1 - p.variance_persistence)
    response = p.shock_response + p.bad_news_response * (shock < 0)
    return omega + response * shock**2 + own_memory(p) * variance


def own_memory(p: Parameters) -> Float[Array, ""]:
    """`beta`, what the persistence leaves to yesterday's variance."""
    return p.variance_persistence - p.shock_response - p.bad_news_response / 2


def mean_forecast(p: Parameters, variance: Float[Real, "*path"] | float, days: int) -> Float[Array, "*path"]:
    """Expected mean of the next `days` variances, given the first of them."""
    rho, long_run = p.variance_persistence, long_run_variance(p)
    return long_run + (variance - long_run) * (1 - rho**days) / (days * (1 - rho))


def kurtosis_of_news(p: Parameters) -> Float[Array, ""]:
    """Fourth moment over squared variance of the mixture of ordinary days and large news."""
    q, k = p.news_probability, p.news_size
    return 3 * (1 - q + q * k**4) / (1 - q + q * k**2) ** 2


def squared_persistence(p: Parameters) -> Float[Array, ""]:
    """Decay a day of the expected squared variance; below one, returns have a fourth moment."""
    a, g, b, kappa = p.shock_response, p.bad_news_response, own_memory(p), kurtosis_of_news(p)
    return kappa * (a**2 + a * g + g**2 / 2) + 2 * b * (a + g / 2) + b**2


def kurtosis(p: Parameters) -> Float[Array, ""]:
    """Kurtosis of fundamental returns in the long run, from the second moment of the variance; infinite without one."""
    squared = squared_persistence(p)
    finite = kurtosis_of_news(p) * (1 - p.variance_persistence**2) / (1 - jnp.minimum(squared, 0.999999))
    return jnp.where(squared < 1, finite, jnp.inf)


def news_scale(p: Parameters, large: Bool[Real, "*path"] | bool) -> Float[Array, "*path"]:
    """Multiple of a standard normal that makes a shock of unit variance, on ordinary days and on days of `large` news."""
    q, k = p.news_probability, p.news_size
    return jnp.where(large, k, 1.0) / jnp.sqrt(1 - q + q * k**2)


def log_mean(p: Parameters, variance: Float[Real, "..."] | float) -> Float[Real, "..."]:
    """`ln E[exp(e)]` of a fundamental shock: what is taken off so that prices are a martingale."""
    q = p.news_probability
    calm, wild = (variance * news_scale(p, large) ** 2 / 2 for large in (False, True))
    return calm + jnp.log1p(q * jnp.expm1(wild - calm))


def volatility_indices(
    p: Parameters, variance: Float[Real, "*path"], short_hedging: Float[Real, "*path"]
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Implied volatility of one and three months [per cent a year], and both without the part of hedging demand."""
    month, quarter = (DAYS_A_YEAR * mean_forecast(p, variance, days) for days in (DAYS_A_MONTH, DAYS_A_QUARTER))
    calm = month + p.variance_premium, quarter + p.premium_slope * p.variance_premium
    hedged = p.hedging_premium_month * short_hedging, p.hedging_premium_quarter * short_hedging
    return tuple(100 * jnp.sqrt(c + h) for c, h in zip(calm, hedged, strict=True)), tuple(
        100 * jnp.sqrt(c) for c in calm
    )
