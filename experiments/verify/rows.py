"""One line of evidence: what was expected, from which source, what came out, and whether that is near enough."""

from typing import NamedTuple

import numpy as np

from model.solvers.outcome import Code


class Row(NamedTuple):
    """`expected` and `got` are the pair that is furthest apart, `error` their distance over max(scale, |expected|)."""

    case: str
    source: str
    expected: float
    got: float
    error: float
    tolerance: float

    @property
    def passed(self):
        """Never true of a number that is not finite."""
        return bool(self.error <= self.tolerance)


def row(case, source, expected, got, tolerance, scale=1.0):
    """Row from numbers or arrays that broadcast against each other; `scale` is what counts as a small number."""
    expected, got = np.broadcast_arrays(np.asarray(expected, dtype=float), np.asarray(got, dtype=float))
    error = np.abs(got - expected) / np.maximum(scale, np.abs(expected))
    error = np.where(np.isfinite(error), error, np.inf)
    worst = np.unravel_index(int(error.argmax()), error.shape)
    return Row(case, source, float(expected[worst]), float(got[worst]), float(error[worst]), tolerance)


def refused(case, source, result):
    """Row that passes if a NewtonResult does not claim an answer."""
    return row(case, source, 0.0, int(result.code) == Code.CONVERGED, 0.0)
