"""Roots are counted even where LAPACK's iteration fails, and a steady state whose roots cannot be counted is refused."""

import numpy as np
import pytest
import scipy.linalg

from experiments.verify.reference import initial_steady_state
from model.equilibrium.economy import reference
from model.solvers.first_order import saddle_path
from model.transition.long_run.steady_states import determinate_saddle
from model.transition.solutions import NotSolved

NORMAL = scipy.linalg.eigvals


def failing(monkeypatch, times):
    """LAPACK does not converge that many times."""
    left = [times]

    def eigvals(*pencil, **options):
        left[0] -= 1
        if left[0] >= 0:
            raise np.linalg.LinAlgError("generalized eig algorithm did not converge")
        return NORMAL(*pencil, **options)

    monkeypatch.setattr(saddle_path.scipy.linalg, "eigvals", eigvals)


def test_the_reciprocal_pencil_has_the_same_roots(monkeypatch):
    p, e, x = initial_steady_state()
    usual = determinate_saddle(reference(), p, e, x, "here")
    failing(monkeypatch, 1)
    again = determinate_saddle(reference(), p, e, x, "here")
    assert again.stable_roots == usual.stable_roots == again.predetermined
    np.testing.assert_allclose([again.growing, again.shrinking], [usual.growing, usual.shrinking], rtol=1e-8)


def test_roots_that_nothing_counts_are_a_refusal(monkeypatch):
    failing(monkeypatch, 2)
    with pytest.raises(NotSolved, match="here: its stable roots could not be counted"):
        determinate_saddle(reference(), *initial_steady_state(), "here")
