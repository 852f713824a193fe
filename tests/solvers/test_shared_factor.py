"""Lanes that share a factor take the steps of Broyden's method with matrices of their own."""

import jax.numpy as jnp
import numpy as np

from model.solvers.batch.shared_factor import solve_with_factor
from model.solvers.outcome import Code
from model.solvers.search.kinks import Borrowed

SIZE, LANES, TOLERANCE = 12, 11, 1e-10
LOADS = np.random.default_rng(0).normal(size=(LANES, SIZE))


def residual(x, load, xp=np):
    return x + 0.2 * xp.sin(xp.roll(x, 1)) + 0.05 * x**2 - load


def by_updating_matrices(load, most):
    """Root and steps of Broyden (1965) from B = 1, and from there again after a step shortened to `most`."""
    x, B, taken = np.zeros(SIZE), np.eye(SIZE), 0
    while True:
        r = residual(x, load)
        step = -np.linalg.solve(B, r)
        if max(np.abs(r).max(), np.abs(step).max()) <= TOLERANCE:
            return x, taken
        length = min(1.0, most / np.abs(step).max())
        x, taken = x + length * step, taken + 1
        B = B + np.outer(residual(x, load) - r - B @ step, step) / (step @ step) if length == 1 else np.eye(SIZE)


def solved(most):
    """Answers of all lanes, with steps of at most that length."""
    borrowed = Borrowed(lambda r: -r, lambda change: change[:0], lambda rows: rows, jnp.zeros((0, 2)))
    return solve_with_factor(
        lambda load, x: (residual(x[:, 0], load, jnp)[:, None], jnp.zeros((0, 2))),
        borrowed,
        lambda step: most / jnp.abs(step).max(),
        jnp.asarray(LOADS),
        LANES,
        jnp.zeros((LANES, SIZE, 1)),
        TOLERANCE,
    )


def test_whole_and_shortened_steps_are_those_of_the_updated_matrix():
    for most in (np.inf, 0.9):
        answers = solved(most)
        assert set(np.asarray(answers.code)) == {int(Code.CONVERGED)}
        for lane, load in enumerate(LOADS):
            root, taken = by_updating_matrices(load, most)
            np.testing.assert_allclose(answers.path[lane, :, 0], root, atol=10 * TOLERANCE, rtol=0)
            assert abs(int(answers.iterations[lane]) - taken) <= 1  # steps are kept in single precision
