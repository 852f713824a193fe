"""Variance of fundamentals, its forecasts, and the volatility indices of one and three months."""

import jax.numpy as jnp

from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER, DAYS_A_YEAR


def long_run_variance(p):
    """Daily variance of fundamentals in the long run."""
    return p.volatility**2 / DAYS_A_YEAR


def next_variance(p, variance, shock):
    """`h' = omega + (alpha + gamma 1[e < 0]) e^2 + beta h` (Glosten, Jagannathan and Runkle, 1993)."""
    omega = long_run_variance(p) * (1 - p.variance_persistence)
    response = p.shock_response + p.bad_news_response * (shock < 0)
    return omega + response * shock**2 + own_memory(p) * variance


def own_memory(p):
    """`beta`, what the persistence leaves to yesterday's variance."""
    return p.variance_persistence - p.shock_response - p.bad_news_response / 2


def mean_forecast(p, variance, days):
    """Expected mean of the next `days` variances, given the first of them."""
    rho, long_run = p.variance_persistence, long_run_variance(p)
    return long_run + (variance - long_run) * (1 - rho**days) / (days * (1 - rho))


def kurtosis_of_news(p):
    """Fourth moment over squared variance of the mixture of ordinary days and large news."""
    q, k = p.news_probability, p.news_size
    return 3 * (1 - q + q * k**4) / (1 - q + q * k**2) ** 2


def squared_persistence(p):
    """Decay a day of the expected squared variance; below one, returns have a fourth moment."""
    a, g, b, kappa = p.shock_response, p.bad_news_response, own_memory(p), kurtosis_of_news(p)
    return kappa * (a**2 + a * g + g**2 / 2) + 2 * b * (a + g / 2) + b**2


def kurtosis(p):
    """Kurtosis of fundamental returns in the long run, from the second moment of the variance; infinite without one."""
    squared = squared_persistence(p)
    finite = kurtosis_of_news(p) * (1 - p.variance_persistence**2) / (1 - jnp.minimum(squared, 0.999999))
    return jnp.where(squared < 1, finite, jnp.inf)


def news_scale(p, large):
    """Multiple of a standard normal that makes a shock of unit variance, on ordinary days and on days of `large` news."""
    q, k = p.news_probability, p.news_size
    return jnp.where(large, k, 1.0) / jnp.sqrt(1 - q + q * k**2)


def log_mean(p, variance):
    """`ln E[exp(e)]` of a fundamental shock: what is taken off so that prices are a martingale."""
    q = p.news_probability
    calm, wild = (variance * news_scale(p, large) ** 2 / 2 for large in (False, True))
    return calm + jnp.log1p(q * jnp.expm1(wild - calm))


def volatility_indices(p, variance, short_hedging):
    """Implied volatility of one and three months [per cent a year], and both without the part of hedging demand."""
    month, quarter = (DAYS_A_YEAR * mean_forecast(p, variance, days) for days in (DAYS_A_MONTH, DAYS_A_QUARTER))
    calm = month + p.variance_premium, quarter + p.premium_slope * p.variance_premium
    hedged = p.hedging_premium_month * short_hedging, p.hedging_premium_quarter * short_hedging
    return tuple(100 * jnp.sqrt(c + h) for c, h in zip(calm, hedged, strict=True)), tuple(
        100 * jnp.sqrt(c) for c in calm
    )
