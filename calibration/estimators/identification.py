"""What the data say about each number, and which targets stand against each other."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

FLAT = 0.1  # a direction whose distance from the data changes by less than this in a prior standard deviation
LOADED = 0.3  # share of a number in a direction from which it is named
STRONGEST = 3


class Identification(NamedTuple):
    """Everything by coordinates, one of which is a prior standard deviation of the number's log."""

    covariance: np.ndarray  # (numbers, numbers), of the posterior's normal approximation
    sampling: np.ndarray  # (numbers, numbers), of the estimator when data are drawn again
    sensitivity: np.ndarray  # (numbers, moments), of the estimate by the data in standard errors
    singular_values: np.ndarray  # of the derivatives of the distances, largest first
    directions: np.ndarray  # (directions, numbers), of these values
    learned: np.ndarray  # (numbers,), share of the prior variance that the data take away


def identification(jacobian: Float[np.ndarray, "moment number"], errors: Float[np.ndarray, "moment"]) -> Identification:
    """`Identification` from derivatives `(moments, numbers)` at the estimate and standard errors of the data.

    `sensitivity` is that of Andrews, Gentzkow and Shapiro (2017, eq. 3), with the prior as further moments.
    """
    scaled = jacobian / errors[:, None]
    covariance = np.linalg.inv(scaled.T @ scaled + np.eye(scaled.shape[1]))
    sensitivity = covariance @ scaled.T
    _, values, directions = np.linalg.svd(scaled, full_matrices=True)
    values = np.append(values, np.zeros(len(directions) - len(values)))
    return Identification(
        covariance, sensitivity @ sensitivity.T, sensitivity, values, directions, 1 - np.diag(covariance)
    )


def flat_directions(found: Identification, names: Sequence[str]) -> Iterator[str]:
    """Sentences on directions that the data do not inform, with the names of their numbers."""
    for value, direction in zip(found.singular_values, found.directions, strict=True):
        if value < FLAT:
            loaded = [n for n, weight in zip(names, direction, strict=True) if abs(weight) > LOADED]
            yield f"no target informs {' with '.join(loaded)}: {value:.2g} standard errors a prior standard deviation"


def opposed(fit: Any, estimation: Any, missed: int) -> list[str]:
    """Names of the targets that would be missed more if the estimate were pushed to hit moment `missed`, worst first."""
    scaled = fit.jacobian / estimation.errors[:, None]
    hessian = scaled.T @ scaled + np.eye(scaled.shape[1])
    row = scaled[missed]
    towards = np.linalg.solve(hessian, row)
    if row @ towards < 1e-12:
        return []
    distances = estimation.distances(fit.moments)
    step = -towards * distances[missed] / (row @ towards)
    worse = 0.5 * ((distances + scaled @ step) ** 2 - distances**2)
    prior = 0.5 * ((fit.u + step) ** 2 - fit.u**2)
    names = [r.name for r in estimation.rows] + [f"prior of {n}" for n in estimation.names]
    costs = sorted(zip(np.append(worse, prior), names, strict=True), reverse=True)
    return [name for cost, name in costs if cost > 0.5][:STRONGEST]
