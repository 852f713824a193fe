"""The condensed block solve on the full model's own derivatives, against sparse LU of the whole path."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from experiments.verify.reference import initial_steady_state
from model.equilibrium.economy import reference
from model.solvers.first_order.saddle_path import saddle_path
from model.solvers.jacobian import linear_path
from model.solvers.path import linearise
from tests.tolerances import SOLVED

QUARTERS = 80
ECONOMY = reference()


@pytest.fixture(scope="module")
def path():
    """Factor of a path at rest, and its matrix."""
    p, e, x = initial_steady_state()
    lin, rule = _at_rest(p, e, x), saddle_path(ECONOMY, p, e, x).rule
    terminal = lin.expected_by_lag + lin.expected_by_now @ rule
    inside = jax.tree.map(lambda a: jnp.tile(a, (QUARTERS, 1, 1)), lin)
    factor = linear_path.factorise(inside, terminal, ECONOMY.carried)
    return factor, _stacked_matrix(*(np.asarray(a) for a in (*lin, terminal)))


@pytest.mark.slow
def test_step_of_the_full_model_equals_sparse_lu(path, rng):
    factor, matrix = path
    residual = rng.normal(size=(QUARTERS, len(ECONOMY.variables)))
    _same(linear_path.solve(factor, jnp.asarray(residual), ECONOMY.carried), matrix, residual)


@pytest.mark.slow
def test_impulses_in_one_quarter_equal_sparse_lu(path, rng):
    factor, matrix = path
    quarters = np.array([0, 33, QUARTERS - 1])
    residuals = rng.normal(size=(len(quarters), len(ECONOMY.variables)))
    steps = linear_path.impulses(factor, jnp.asarray(quarters), jnp.asarray(residuals), ECONOMY.carried)
    for k, quarter in enumerate(quarters):
        residual = np.zeros((QUARTERS, len(ECONOMY.variables)))
        residual[quarter] = residuals[k]
        _same(steps[..., k], matrix, residual)


def _same(step, matrix, residual):
    expected = scipy.sparse.linalg.spsolve(matrix, -residual.ravel()).reshape(residual.shape)
    assert np.abs(np.asarray(step) - expected).max() <= SOLVED * np.abs(expected).max()


def _at_rest(p, e, x):
    """Derivatives of one quarter at the steady state."""

    @jax.jit
    def derivatives(x):
        lag = x[ECONOMY.carried]
        lead = ECONOMY.expectations(p, ECONOMY.quarter(p, e, e, lag, x))
        return linearise(ECONOMY, p, e, e, lag, x, lead)

    return derivatives(x)


def _stacked_matrix(by_lag, by_now, by_lead, expected_by_lag, expected_by_now, terminal):
    """Block-tridiagonal matrix of the path; the last quarter expects what the terminal rule says."""
    pick = np.eye(len(by_now))[ECONOMY.carried]
    inside, last = (by_now + by_lead @ ahead @ pick for ahead in (expected_by_lag, terminal))
    diagonal = scipy.sparse.block_diag([inside] * (QUARTERS - 1) + [last])
    below = scipy.sparse.kron(scipy.sparse.eye(QUARTERS, k=-1), by_lag @ pick)
    above = scipy.sparse.kron(scipy.sparse.eye(QUARTERS, k=1), by_lead @ expected_by_now)
    return (diagonal + below + above).tocsc()
