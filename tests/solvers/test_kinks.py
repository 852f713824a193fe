"""A borrowed factor with the rows of turned bounds replaced gives the step of the true Jacobian, for every lane."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.core.formulas import fischer_burmeister
from model.solvers.search.kinks import FREE, ROOM, Borrowed, corrected, nothing_replaced, slopes

SIZE, EPS = 40, 1e-7
MATRIX = np.eye(SIZE) + 0.1 * np.diag(np.ones(SIZE - 1), 1) - 0.1 * np.diag(np.ones(SIZE - 1), -1)
SINGLE = 1e-5  # of columns kept in single precision


def sides(x):
    """x >= 0 and MATRIX x >= 1, one of them with equality in every row."""
    return jnp.stack([x, MATRIX @ x - 1], -1)


def residual(x):
    return fischer_burmeister(*sides(x).T, EPS)


def point(turned):
    """The first bound holds in odd rows and the second in even ones, but for `turned` rows."""
    x = np.where(np.arange(SIZE) % 2, 0.01, 5.0)
    x[:turned] = np.where(np.arange(turned) % 2, 5.0, 0.01)
    return jnp.asarray(x)


@pytest.fixture(scope="module")
def borrowed():
    at = point(0)
    J = jax.jacfwd(residual)(at)
    return Borrowed(
        lambda r: -jnp.linalg.solve(J, r[:, 0])[:, None],
        lambda change: jnp.stack([change[:, 0], MATRIX @ change[:, 0]], -1),
        lambda rows: jnp.linalg.inv(J)[:, None, rows],
        slopes(sides(at), EPS),
    )


def steps(borrowed, points, replaced):
    """Steps `(SIZE, lanes)` and the rows replaced."""
    residuals = jnp.stack([residual(x)[:, None] for x in points], -1)
    turned = jnp.stack([slopes(sides(x), EPS) for x in points], -1)
    z = jax.vmap(borrowed.solve, -1, -1)(residuals)
    step, replaced = jax.jit(lambda *a: corrected(borrowed, *a))(replaced, residuals, z, turned)
    return step[:, 0], replaced


@pytest.mark.parametrize("turned", [(0, 0), (1, 5), (17, 3), (SIZE, 0)])
def test_step_is_that_of_the_true_jacobian(borrowed, turned):
    points = [point(t) for t in turned]
    found, replaced = steps(borrowed, points, nothing_replaced(borrowed, SIZE))
    for lane, x in enumerate(points):
        exact = -jnp.linalg.solve(jax.jacfwd(residual)(x), residual(x))
        np.testing.assert_allclose(found[:, lane], exact, rtol=0, atol=SINGLE * np.abs(exact).max())
    assert (replaced.rows != FREE).sum() <= ROOM


def test_rows_replaced_once_serve_later_steps(borrowed):
    points = [point(7)]
    _, replaced = steps(borrowed, points, nothing_replaced(borrowed, SIZE))
    _, again = steps(borrowed, points, replaced)
    np.testing.assert_array_equal(again.rows, replaced.rows)
    assert set(np.asarray(replaced.rows)) >= set(range(7))


def test_a_broken_lane_harms_no_other(borrowed):
    alone, _ = steps(borrowed, [point(5)], nothing_replaced(borrowed, SIZE))
    beside, _ = steps(borrowed, [point(5), point(0) * np.nan], nothing_replaced(borrowed, SIZE))
    np.testing.assert_allclose(beside[:, 0], alone[:, 0], rtol=0, atol=SINGLE * np.abs(alone).max())
