"""A factor from elsewhere, with rows replaced where bounds begin to bind, leads to the same solution."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.core.formulas import fischer_burmeister
from model.solvers.outcome import Code
from model.solvers.search.kinks import ROOM, Borrowed, slopes
from model.solvers.search.newton import Kinks, Known, Problem, newton, nothing_known

SIZE, EPS = 140, 1e-7
MATRIX = np.eye(SIZE) + 0.1 * np.diag(np.ones(SIZE - 1), 1) - 0.1 * np.diag(np.ones(SIZE - 1), -1)


def bounded(load, replacing=True):
    """x >= 0, MATRIX x - load >= 0, one of them zero in every row: a linear complementarity problem with kinks."""

    def sides(x):
        return jnp.stack([x, MATRIX @ x - load], 1)

    def residual(x, stage):
        return jax.vmap(lambda pair: fischer_burmeister(*pair, EPS))(sides(x)), slopes(sides(x), EPS)

    def factorise(x, byproduct, stage):
        return jax.jacfwd(lambda y: residual(y, stage)[0])(x), byproduct

    def solve(factor, r):
        return -jnp.linalg.solve(factor[0], r)

    def borrowed(factor):
        def along(change):
            return jnp.stack([change, MATRIX @ change], 1)

        return Borrowed(lambda r: solve(factor, r), along, lambda rows: jnp.linalg.inv(factor[0])[:, rows], factor[1])

    kinks = Kinks(borrowed, lambda byproduct: byproduct) if replacing else None
    return Problem(residual, factorise, solve, lambda step: 1.0, 1, kinks=kinks)


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


def distance(x, load):
    """How far from zero the smaller side is at most; the matrix is diagonally dominant, so only the solution has both sides right."""
    return np.abs(np.minimum(x, MATRIX @ np.asarray(x) - load)).max()


def kept(first, factor=None):
    """The factor of the first solution, or another one in its place."""
    blank = nothing_known(bounded(load_at(0)), first.x)
    return Known(first.factor if factor is None else factor, blank.replaced, jnp.asarray(True))


@pytest.mark.parametrize("moved", [1, 3, 12, ROOM])
def test_rows_that_change_sides_are_replaced_and_nothing_is_factorised(first, moved):
    found = solve(load_at(moved), known=kept(first), x=first.x)
    exact = solve(load_at(moved), replacing=False)
    assert int(found.code) == int(exact.code) == Code.CONVERGED
    assert int(found.factorisations) == 0
    assert distance(found.x, load_at(moved)) <= EPS
    np.testing.assert_allclose(found.x, exact.x, rtol=0, atol=1e-10)


def test_more_rows_than_there_is_room_for_are_solved_too(first):
    found = solve(load_at(SIZE), known=kept(first), x=first.x)
    assert int(found.code) == Code.CONVERGED
    np.testing.assert_allclose(found.x, solve(load_at(SIZE), replacing=False).x, rtol=0, atol=1e-10)


def test_a_factor_that_is_not_usable_is_made_at_once(first):
    found = solve(load_at(2), known=nothing_known(bounded(load_at(0)), first.x), x=first.x)
    assert int(found.code) == Code.CONVERGED and int(found.factorisations) >= 1
    np.testing.assert_allclose(found.x, solve(load_at(2), replacing=False).x, rtol=0, atol=1e-10)


def test_a_factor_that_misleads_is_given_up(first):
    jacobian, at = first.factor
    found = solve(load_at(1), known=kept(first, (-jacobian, at)), x=first.x)
    assert int(found.code) == Code.CONVERGED
    np.testing.assert_allclose(found.x, solve(load_at(1), replacing=False).x, rtol=0, atol=1e-10)
