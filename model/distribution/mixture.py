"""Inequality in a population of log-normal groups, with a Pareto tail in the top tenth. Arrays over groups come last."""

import jax.numpy as jnp
from jax import lax
from jax.scipy.stats import norm
from jaxtyping import Float

from model.core.types import Real, Scalar

TOP = 0.1
BISECTIONS, NEWTON_STEPS = 8, 5  # the first bring a quantile within a twentieth in logs, the others to rounding
WIDEST = 6.0  # standard deviations between which quantiles are sought


def log_location(mean: Float[Real, "... group"], dispersion: Float[Real, "... group"]) -> Float[Real, "... group"]:
    """Mean of logs of a log-normal with this mean."""
    return jnp.log(mean) - dispersion**2 / 2


def share_below(
    line: Float[Real, "..."], mean: Float[Real, "... group"], dispersion: Float[Real, "... group"]
) -> Float[Real, "... group"]:
    """Share of each group below a line (Aitchison and Brown, 1957)."""
    return norm.cdf((jnp.log(line) - log_location(mean, dispersion)) / dispersion)


def gini(weight: Float[Real, "group"], mean: Float[Real, "group"], dispersion: Float[Real, "group"]) -> Float[Real, ""]:
    """Gini coefficient of the mixture: half the mean absolute difference of two people over the mean."""
    weight = weight / weight.sum()
    location = log_location(mean, dispersion)
    s = jnp.sqrt(dispersion[:, None] ** 2 + dispersion**2)
    gap = location[:, None] - location
    larger = mean[:, None] * norm.cdf((gap + dispersion[:, None] ** 2) / s) + mean * norm.cdf((dispersion**2 - gap) / s)
    mean_of_larger = weight @ larger @ weight
    average = weight @ mean
    return (mean_of_larger - average) / average


def quantile(
    probability: Scalar, weight: Float[Real, "group"], mean: Float[Real, "group"], dispersion: Float[Real, "group"]
) -> Float[Real, ""]:
    """Quantile of the mixture."""
    weight = weight / weight.sum()
    location = log_location(mean, dispersion)

    def standardised(log_value):
        return (log_value - location) / dispersion

    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        below = weight @ norm.cdf(standardised(middle)) < probability
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    def newton(_, log_value):
        z = standardised(log_value)
        return log_value - (weight @ norm.cdf(z) - probability) / (weight @ (norm.pdf(z) / dispersion))

    ends = (location - WIDEST * dispersion).min(), (location + WIDEST * dispersion).max()
    nearby = sum(lax.fori_loop(0, BISECTIONS, halve, ends)) / 2
    return jnp.exp(lax.fori_loop(0, NEWTON_STEPS, newton, nearby))


def top_share(
    weight: Float[Real, "group"], mean: Float[Real, "group"], dispersion: Float[Real, "group"], tail_exponent: Scalar
) -> Float[Real, ""]:
    """Share of the top tenth, whose members follow a Pareto law above the quantile that they begin at (Pareto, 1896)."""
    weight = weight / weight.sum()
    threshold = quantile(1 - TOP, weight, mean, dispersion)
    upper = (log_location(mean, dispersion) + dispersion**2 - jnp.log(threshold)) / dispersion
    below = weight @ (mean * norm.cdf(-upper))
    above = TOP * threshold * tail_exponent / (tail_exponent - 1)
    return above / (above + below)
