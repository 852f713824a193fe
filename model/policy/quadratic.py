"""The least of a convex quadratic form under linear inequalities, by least squares with signs (Lawson and Hanson, 1974, ch. 23)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.linalg import solve_triangular
from scipy.optimize import nnls

CLOSE = 1e-9  # of an end that a row is to keep
INCOMPATIBLE = 1e-12  # what is left of the last row, below which no point keeps all rows


class Least(NamedTuple):
    point: Float[np.ndarray, "numbers"]
    multipliers: Float[np.ndarray, "rows"]  # none negative


def least(
    curvature: Float[np.ndarray, "numbers numbers"],
    slope: Float[np.ndarray, "numbers"],
    rows: Float[np.ndarray, "rows numbers"],
    ends: Float[np.ndarray, "rows"],
) -> Least | None:
    """`Least` of `x curvature x / 2 + slope x` with `rows x <= ends`; None where no point keeps the rows.

    The `curvature` is positive definite.
    """
    lower = np.linalg.cholesky(curvature)
    leaned = solve_triangular(lower, rows.T, lower=True)  # (numbers, rows)
    free = solve_triangular(lower, slope, lower=True)
    wanted = -(ends + free @ leaned)
    stacked = np.vstack([-leaned, wanted])
    size = np.maximum(np.linalg.norm(stacked, axis=0), np.finfo(float).tiny)
    stacked /= size
    if not len(ends):
        return Least(-solve_triangular(lower.T, free), ends)
    weights, _ = nnls(stacked, np.append(np.zeros(len(slope)), 1.0), maxiter=50 * sum(rows.shape))
    left = 1.0 - stacked[-1] @ weights
    if left < INCOMPATIBLE:
        return None
    point = -solve_triangular(lower.T, free + leaned @ (weights / left / size))
    return _sharpened(curvature, slope, rows, ends, weights > 0) or Least(point, weights / left / size)


def _sharpened(curvature, slope, rows, ends, binding):
    """The answer from its own equations, the `binding` rows known; None where it is none."""
    held, count = rows[binding], len(slope)
    equations = np.block([[curvature, held.T], [held, np.zeros((len(held), len(held)))]])
    found = np.linalg.lstsq(equations, np.append(-slope, ends[binding]), rcond=None)[0]
    multipliers = np.zeros(len(ends))
    multipliers[binding] = found[count:]
    passed = rows @ found[:count] - ends
    kept = (passed <= CLOSE * np.maximum(1.0, np.abs(ends))).all() and (multipliers >= 0).all()
    return Least(found[:count], multipliers) if kept else None
