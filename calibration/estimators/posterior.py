"""Posterior draws: NUTS on a surrogate of the moments that is exact to first order at the mode, corrected by whole solves.

The surrogate adds to the first-order expansion a quadratic and a Gaussian process fitted to solved points (Rasmussen and
Williams, 2006, section 2.7). The draws that are kept are solved themselves; their weights, exact over surrogate density, tell how
good the surrogate was, and draws are resampled by them.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import blackjax
import jax
import jax.numpy as jnp
import numpy as np
from blackjax.diagnostics import effective_sample_size, potential_scale_reduction
from jaxtyping import Float

from calibration.estimators.identification import identification
from calibration.estimators.minimum_distance import Fit

CHAINS, WARM_UP, SAMPLES = 4, 500, 500
RIDGE = 1e-2
REACH, NOISE = 3.0, 1e-4  # of the Gaussian process: prior standard deviations, and share of its variance
WIDE = 1.3  # design points lie that much wider than the normal approximation
SMALLEST_SHARE = 1 / 3  # of the solved draws that the weights must be worth


class Surrogate(NamedTuple):
    """Moments around `centre`: `moments + slope d + curvature (d, d)`, and a process through the solved points."""

    centre: jax.Array  # (numbers,)
    moments: jax.Array  # (moments,)
    slope: jax.Array  # (moments, numbers)
    curvature: jax.Array  # (moments, pairs)
    points: jax.Array  # (points, numbers), from the centre
    weights: jax.Array  # (points, moments)

    def __call__(self, u):
        d = u - self.centre
        near = jnp.exp(-0.5 * ((self.points - d) ** 2).sum(1) / REACH**2)
        return self.moments + self.slope @ d + self.curvature @ _pairs(d) + near @ self.weights


class Posterior(NamedTuple):
    """`draws` are resampled from the `solved` ones by their weights."""

    draws: np.ndarray  # (draws, numbers), coordinates
    moments: np.ndarray  # (draws, moments), of whole solves
    rhat: np.ndarray  # (numbers,), split over chains
    effective: np.ndarray  # (numbers,), effective sample size of the chains
    laplace: np.ndarray  # (2, numbers): mean and standard deviation of the normal approximation
    chains: np.ndarray  # (2, numbers): those of the chains
    solved: int
    worth: float  # how many draws of equal weight the solved ones are worth

    @property
    def problems(self) -> Iterator[str]:
        """Sentences on what is wrong, none if the draws can be used."""
        if self.rhat.max() > 1.05:
            yield f"the chains do not agree: R-hat {self.rhat.max():.3f}; expected at most 1.05"
        if self.worth < SMALLEST_SHARE * self.solved:
            yield f"the surrogate is poor: {self.solved} solved draws are worth {self.worth:.0f}"


def sample(
    estimation: Any, fit: Fit, counts: Sequence[int], seed: int, say: Callable[[str], Any] = lambda line: None
) -> Posterior:
    """`Posterior` around a `Fit`. `counts`: points solved for the surrogate in each round, then draws solved at the end."""
    generator = np.random.default_rng(seed)
    laplace = identification(fit.jacobian, estimation.errors).covariance
    low, high = estimation.bounds()
    *rounds, final = counts
    points = truncated_normal(generator, fit.u, WIDE**2 * laplace, low, high, rounds[0])
    known, found = points, _batch(estimation, points, say)

    def drawn(count):
        surrogate = fitted(fit, known, found)
        chains, *checks = _nuts(estimation, surrogate, laplace, generator)
        flat = chains.reshape(-1, chains.shape[-1])
        inside = flat[((low <= flat) & (flat <= high)).all(1)]
        points = inside[np.linspace(0, len(inside) - 1, count).astype(int)]
        return surrogate, chains, checks, points, _batch(estimation, points, say)

    for count in rounds[1:]:
        *_, points, moments = drawn(count)
        known, found = np.vstack([known, points]), np.vstack([found, moments])
    surrogate, chains, (rhat, effective), points, moments = drawn(final)
    log_weights = np.array([
        _log_density(estimation, u, m) - _log_density(estimation, u, np.asarray(surrogate(u)))
        for u, m in zip(points, moments, strict=True)
    ])  # fmt: skip
    weights = np.exp(np.where(np.isfinite(log_weights), log_weights - np.nanmax(log_weights), -np.inf))
    weights /= weights.sum()
    chosen = np.searchsorted(np.cumsum(weights), (np.arange(final) + generator.random()) / final).clip(0, final - 1)
    generator.shuffle(chosen)
    flat = chains.reshape(-1, chains.shape[-1])
    return Posterior(
        points[chosen],
        moments[chosen],
        rhat,
        effective,
        np.array([fit.u, np.sqrt(np.diag(laplace))]),
        np.array([flat.mean(0), flat.std(0)]),
        final,
        1 / (weights**2).sum(),
    )


def normal_draws(estimation: Any, fit: Fit, count: int, seed: int) -> Float[np.ndarray, "draw number"]:
    """Coordinates `(count, numbers)` of draws of the normal approximation at the mode, truncated at the bounds."""
    covariance = identification(fit.jacobian, estimation.errors).covariance
    low, high = estimation.bounds()
    return truncated_normal(np.random.default_rng(seed), fit.u, covariance, low, high, count)


def truncated_normal(
    generator: np.random.Generator,
    mean: Float[np.ndarray, "number"],
    covariance: Float[np.ndarray, "number number"],
    low: Float[np.ndarray, "number"],
    high: Float[np.ndarray, "number"],
    count: int,
) -> Float[np.ndarray, "draw number"]:
    """Draws `(count, numbers)`: what falls outside is drawn again."""
    points = generator.multivariate_normal(mean, covariance, count)
    while (outside := ((points < low) | (points > high)).any(1)).any():
        points[outside] = generator.multivariate_normal(mean, covariance, outside.sum())
    return points


def fitted(
    fit: Fit, points: Float[np.ndarray, "point number"], moments: Float[np.ndarray, "point moment"]
) -> Surrogate:
    """`Surrogate` at a `Fit` from solved `points` `(points, numbers)`."""
    good = np.isfinite(moments).all(1)
    apart = points[good] - fit.u
    features = np.asarray(jax.vmap(_pairs)(jnp.asarray(apart)))
    rest = moments[good] - fit.moments - apart @ fit.jacobian.T
    penalty = RIDGE * len(apart) * np.eye(features.shape[1])
    curvature = np.linalg.solve(features.T @ features + penalty, features.T @ rest)
    near = np.exp(-0.5 * ((apart[:, None] - apart) ** 2).sum(-1) / REACH**2)
    weights = np.linalg.solve(near + NOISE * np.eye(len(near)), rest - features @ curvature)
    return Surrogate(*map(jnp.asarray, (fit.u, fit.moments, fit.jacobian, curvature.T, apart, weights)))


def _pairs(d):
    rows, columns = np.triu_indices(d.shape[0])
    return d[rows] * d[columns]


def _batch(estimation, points, say):
    return estimation.batch(points, lambda done, count: say(f"solved {done} of {count} points"))


def _log_density(estimation, u, moments):
    return -0.5 * (((moments - estimation.data) / estimation.errors) ** 2).sum() - 0.5 * (u**2).sum()


def _nuts(estimation, surrogate, covariance, generator):
    data, errors = jnp.asarray(estimation.data), jnp.asarray(estimation.errors)

    def density(u):
        return -0.5 * (((surrogate(u) - data) / errors) ** 2).sum() - 0.5 * (u**2).sum()

    starts = generator.multivariate_normal(np.asarray(surrogate.centre), covariance, CHAINS)
    keys = jax.random.split(jax.random.key(int(generator.integers(2**31))), CHAINS)

    def chain(key, start):
        warm, run = jax.random.split(key)
        adaptation = blackjax.window_adaptation(blackjax.nuts, density)
        (state, tuned), _ = adaptation.run(warm, start, num_steps=WARM_UP)  # pyright: ignore[reportCallIssue]
        kernel = blackjax.nuts(density, **tuned).step

        def advance(state, key):
            state, _ = kernel(key, state)
            return state, state.position  # pyright: ignore[reportAttributeAccessIssue]

        return jax.lax.scan(advance, state, jax.random.split(run, SAMPLES))[1]

    chains = jax.jit(jax.vmap(chain))(keys, jnp.asarray(starts))
    return np.asarray(chains), np.asarray(potential_scale_reduction(chains)), np.asarray(effective_sample_size(chains))
