"""A factor from elsewhere, with rows replaced where bounds begin to bind, leads to the same solution."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.core.formulas import fischer_burmeister
from model.solvers.newton import RANK, Known, Problem, Rows, newton, nothing_replaced
from model.solvers.outcome import Code

SIZE, EPS = 30, 1e-7
MATRIX = np.eye(SIZE) + 0.1 * np.diag(np.ones(SIZE - 1), 1) - 0.1 * np.diag(np.ones(SIZE - 1), -1)


def bounded(load, replacing):
    """x >= 0, MATRIX x - load >= 0, one of them zero in every row: a linear complementarity problem with kinks."""

    def residual(x, stage):
        return fischer_burmeister(x, MATRIX @ x - load, EPS), x

    def factorise(x, byproduct, stage):
        return jax.jacfwd(lambda y: residual(y, stage)[0])(x)

    def times(x, byproduct, stage, positions, directions):
        return (factorise(x, byproduct, stage) @ directions.T)[positions]

    rows = Rows(jnp.arange(SIZE), times) if replacing else None
    return Problem(residual, factorise, lambda J, r: -jnp.linalg.solve(J, r), lambda step: 1.0, 1, rows=rows)


def load_at(moved):
    """Positive where the bound does not bind; `moved` rows change sides."""
    sides = np.where(np.arange(SIZE) % 2, 1.0, -1.0)
    sides[:moved] *= -1
    return jnp.asarray(sides)


def solve(load, replacing=True, known=None, x=None, most=60):
    run = jax.jit(lambda x, known: newton(bounded(load, replacing), x, 1e-12, most, known))
    return run(jnp.ones(SIZE) if x is None else x, known)


@pytest.fixture(scope="module")
def first():
    return solve(load_at(0))


@pytest.mark.parametrize("moved", [1, 3, RANK])
def test_rows_that_change_sides_are_replaced_and_nothing_is_factorised(first, moved):
    found = solve(load_at(moved), known=Known(first.factor, nothing_replaced(first.x), jnp.asarray(True)), x=first.x)
    exact = solve(load_at(moved), replacing=False)
    assert int(found.code) == int(exact.code) == Code.CONVERGED
    assert int(found.factorisations) == 0
    np.testing.assert_allclose(found.x, exact.x, rtol=0, atol=1e-10)


def test_more_rows_than_there_is_room_for_are_solved_too(first):
    found = solve(load_at(SIZE), known=Known(first.factor, nothing_replaced(first.x), jnp.asarray(True)), x=first.x)
    assert int(found.code) == Code.CONVERGED
    np.testing.assert_allclose(found.x, solve(load_at(SIZE), replacing=False).x, rtol=0, atol=1e-10)


def test_a_factor_that_is_not_usable_is_made_at_once(first):
    blank = Known(jax.tree.map(jnp.zeros_like, first.factor), nothing_replaced(first.x), jnp.asarray(False))
    found = solve(load_at(2), known=blank, x=first.x)
    assert int(found.code) == Code.CONVERGED and int(found.factorisations) >= 1
    np.testing.assert_allclose(found.x, solve(load_at(2), replacing=False).x, rtol=0, atol=1e-10)


def test_a_factor_that_misleads_is_given_up(first):
    wrong = Known(-first.factor, nothing_replaced(first.x), jnp.asarray(True))
    found = solve(load_at(1), known=wrong, x=first.x)
    assert int(found.code) == Code.CONVERGED
    np.testing.assert_allclose(found.x, solve(load_at(1), replacing=False).x, rtol=0, atol=1e-10)
