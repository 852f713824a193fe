"""How far the factor of one path serves others, learned from trials."""

from collections.abc import Iterable

import numpy as np
import scipy.optimize
from jaxtyping import Float

CERTAINTY = 3.0  # log odds that a lane can borrow the factor of its twin
FIRST_WEIGHT = 4.0 * CERTAINTY  # a quarter of a coordinate's range is as far as a factor is expected to serve
FEW = 3  # coordinates; of many each is expected to matter less, and what they do to cancel in part
REMEMBERED = 2048  # trials


class Neighbourhood:
    """How far along each coordinate a factor serves: a logistic regression of success on distances, learned on the way.

    A coordinate along which the model is nearly linear turns out to be short.
    """

    def __init__(self, coordinates: int):
        self._first = FIRST_WEIGHT * min(1.0, FEW / max(coordinates, 1)) ** 2
        self.weights = np.full(coordinates, self._first)
        self.distances, self.successes = [], []

    def log_odds(
        self, one: Float[np.ndarray, "coordinates"], others: Float[np.ndarray, "lanes coordinates"]
    ) -> Float[np.ndarray, "lanes"]:
        """That lanes at `others` can borrow the factor of the lane at `one`."""
        return CERTAINTY - np.abs(others - one) @ self.weights

    def learn(
        self, distances: Iterable[Float[np.ndarray, "coordinates"]], successes: Iterable[bool | np.bool_]
    ) -> None:
        """Take in what was tried."""
        self.distances = [*self.distances, *distances][-REMEMBERED:]
        self.successes = [*self.successes, *successes][-REMEMBERED:]
        if not self.distances or not self.weights.size:
            return
        tried, sign = np.array(self.distances), np.where(self.successes, 1.0, -1.0)

        def surprise(weights):
            odds = sign * (CERTAINTY - tried @ weights)
            prior = weights / self._first
            slope = (sign / (1 + np.exp(np.clip(odds, -500, 500)))) @ tried
            return np.logaddexp(0, -odds).sum() + 0.5 * (prior**2).sum(), slope + prior / self._first

        bounds = [(0.0, None)] * len(self.weights)
        self.weights = scipy.optimize.minimize(surprise, self.weights, jac=True, bounds=bounds, method="L-BFGS-B").x
