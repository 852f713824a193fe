"""An estimation whose model is linear, so that estimate, covariance and posterior are known in closed form."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np


class Number(NamedTuple):
    name: str


class Datum(NamedTuple):
    name: str


@dataclass(frozen=True)
class LinearEstimation:
    """Moments `intercept + slope u`, with the interface of `calibration.estimators.problem.Estimation`."""

    slope: np.ndarray
    intercept: np.ndarray
    data: np.ndarray
    errors: np.ndarray
    reach: float = 8.0
    solves: list = field(default_factory=list)

    @property
    def estimated(self):
        return tuple(map(Number, self.names))

    @property
    def names(self):
        return tuple(f"number_{k}" for k in range(self.slope.shape[1]))

    @property
    def rows(self):
        return [Datum(f"datum_{k}") for k in range(len(self.data))]

    def bounds(self):
        return np.array([[-self.reach], [self.reach]]) * np.ones(self.slope.shape[1])

    def solved(self, u):
        self.solves.append(u)
        return None, u

    def measure(self, u):
        return self.intercept + self.slope @ u

    def jacobian(self, _, u):
        return self.slope

    def batch(self, points, say=lambda done, count: None):
        return self.intercept + points @ self.slope.T

    def solve_many(self, points, say=lambda done, count: None):
        return list(points)

    def measure_many(self, answers):
        return np.array([self.measure(u) for u in answers])

    def jacobian_at(self, u, _):
        return self.slope

    def distances(self, moments):
        return (moments - self.data) / self.errors

    @property
    def mode(self):
        """Ridge regression in standard errors."""
        scaled = self.slope / self.errors[:, None]
        return np.linalg.solve(
            scaled.T @ scaled + np.eye(scaled.shape[1]), scaled.T @ ((self.data - self.intercept) / self.errors)
        )


def linear_estimation(moments=5, numbers=3, seed=0, **rest):
    generator = np.random.default_rng(seed)
    return LinearEstimation(
        slope=generator.standard_normal((moments, numbers)),
        intercept=generator.standard_normal(moments),
        data=generator.standard_normal(moments) * 2,
        errors=generator.uniform(0.3, 1.0, moments),
        **rest,
    )
