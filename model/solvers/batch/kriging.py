"""Guesses from what is known nearby: kriging, whose length scales are learned from what is known.

Along some coordinates of a sweep the answers change fast, along others slowly. Under a Gaussian process that says so, the
guess of least expected error is a weighted sum of the known values (Matheron, 1963; Rasmussen and Williams, 2006, sections
2.7 and 5.4.1).
"""

from collections.abc import Sequence

import numpy as np
import scipy.linalg
import scipy.optimize
from jaxtyping import Float, Int

FIRST_SCALE, SMALLEST_SCALE, LARGEST_SCALE = 1.0, 0.02, 50.0
FIRST_NOISE, LEAST_NOISE, MOST_NOISE = 1e-4, 1e-8, 1.0  # of the variance: what the coordinates do not tell
TREND = 10.0  # variance of a linear trend over one length scale
ROUNDING = 1e-12  # of the mean variance, lest close places make a matrix that is not positive
PUPILS = 96  # known values that scales are learned from


class Kriging:
    """Scales of `coordinates` coordinates, and the weights that follow from them."""

    def __init__(self, coordinates: int):
        self.scales, self.noise = np.full(coordinates, FIRST_SCALE), FIRST_NOISE

    def nearest(
        self, one: Float[np.ndarray, "coordinates"], others: Float[np.ndarray, "known coordinates"], most: int
    ) -> Int[np.ndarray, "nearest"]:
        """Positions of at most so many of `others`, the nearest to `one` first."""
        return np.argsort((((others - one) / self.scales) ** 2).sum(1), kind="stable")[:most]

    def weights(
        self, one: Float[np.ndarray, "coordinates"], others: Float[np.ndarray, "known coordinates"]
    ) -> Float[np.ndarray, "known"]:
        """Weights of the values at `others` in a guess at `one`; they add up to one."""
        apart = (others - one) / self.scales
        known = _with_noise(_covariance(apart), self.noise)
        there = _covariance(apart, np.zeros((1, apart.shape[1])))[:, 0]
        factor = scipy.linalg.cho_factor(known)
        weights, uniform = scipy.linalg.cho_solve(factor, np.stack([there, np.ones(len(apart))], 1)).T
        return weights + uniform * (1 - weights.sum()) / uniform.sum()

    def learn(
        self,
        places: Float[np.ndarray, "known coordinates"],
        values: Sequence[np.ndarray] | Float[np.ndarray, "known numbers"],
    ) -> None:
        """Take the scales under which the `values` at `places` are likeliest."""
        chosen = np.linspace(0, len(places) - 1, min(PUPILS, len(places))).astype(int)
        places, pupils = places[chosen], np.array([values[k] for k in chosen], float)
        pupils = pupils - pupils.mean(0)
        products = pupils @ pupils.T
        if not products.trace() > 0:
            return
        start = np.log([*self.scales, self.noise])
        bounds = [np.log([SMALLEST_SCALE, LARGEST_SCALE])] * len(self.scales) + [np.log([LEAST_NOISE, MOST_NOISE])]
        found = scipy.optimize.minimize(
            _unlikelihood, start, (places, products), jac=True, bounds=bounds, method="L-BFGS-B"
        ).x
        self.scales, self.noise = np.exp(found[:-1]), float(np.exp(found[-1]))


def _covariance(one, other=None):
    """Of values at scaled places: Matern's with smoothness 5/2, and a linear trend."""
    other = one if other is None else other
    near = _matern(np.linalg.norm(one[:, None] - other, axis=2))[0]
    return near + TREND * one @ other.T


def _with_noise(covariance, noise):
    return covariance + (noise + ROUNDING * covariance.trace() / len(covariance)) * np.eye(len(covariance))


def _matern(distance):
    """The covariance at a distance, and its derivative by the squared distance, times -2."""
    r = np.sqrt(5) * distance
    decay = np.exp(-r)
    return (1 + r + r**2 / 3) * decay, 5 / 3 * (1 + r) * decay


def _unlikelihood(logs, places, products):
    """Minus the log likelihood of values with these inner products, their variance at its likeliest, and its slopes."""
    scales, noise, count = np.exp(logs[:-1]), np.exp(logs[-1]), len(places)
    apart = (places - places.mean(0)) / scales
    squares = (apart[:, None] - apart) ** 2
    near, slope = _matern(np.sqrt(squares.sum(2)))
    known = _with_noise(near + TREND * apart @ apart.T, noise)
    inverse = scipy.linalg.cho_solve(scipy.linalg.cho_factor(known), np.eye(count))
    explained = inverse @ products
    surprise = explained.trace()
    pull = inverse - count * explained @ inverse / surprise
    by_distance = np.einsum("ij,ij,ijc->c", pull, slope, squares)
    by_trend = -2 * TREND * np.einsum("ij,ic,jc->c", pull, apart, apart)
    value = np.linalg.slogdet(known)[1] + count * np.log(surprise)
    return value, np.append(by_distance + by_trend, noise * pull.trace())
