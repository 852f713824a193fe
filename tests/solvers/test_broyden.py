"""The recursion on steps is Broyden's update of the Jacobian, written out."""

import jax.numpy as jnp
import numpy as np

from model.solvers.broyden import broyden_step, no_steps, with_step

SIZE, LANES, STEPS = 12, 3, 5
SINGLE = 1e-5  # of steps kept in single precision


def residual(x, load):
    return x + 0.2 * np.sin(np.roll(x, 1)) + 0.05 * x**2 - load


def by_updating_matrices(load):
    """Broyden (1965): B + (y - B s) s' / s's, from B = 1."""
    x, B, r, found = np.zeros(SIZE), np.eye(SIZE), residual(np.zeros(SIZE), load), []
    for _ in range(STEPS):
        s = -np.linalg.solve(B, r)
        found.append(s)
        x, before = x + s, r
        r = residual(x, load)
        B += np.outer(r - before - B @ s, s) / (s @ s)
    return np.stack(found)


def test_steps_are_those_of_the_updated_matrix_in_every_lane():
    loads = np.random.default_rng(0).normal(size=(SIZE, LANES))
    x, steps, taken = np.zeros((SIZE, LANES)), no_steps(LANES, STEPS + 2, SIZE), jnp.zeros(LANES, int)
    found = []
    for _ in range(STEPS):
        r = np.stack([residual(x[:, lane], loads[:, lane]) for lane in range(LANES)], -1)
        step = broyden_step(steps, taken, jnp.asarray(-r))
        steps, taken = with_step(steps, taken, step), taken + 1
        x = x + np.asarray(step)
        found.append(np.asarray(step))
    for lane in range(LANES):
        exact = by_updating_matrices(loads[:, lane])
        scale = np.abs(exact).max(1, keepdims=True)
        np.testing.assert_allclose(np.stack(found)[:, :, lane] / scale, exact / scale, rtol=0, atol=10 * SINGLE)


def test_lanes_begin_anew_in_a_slot_that_others_have_used():
    z = jnp.ones((SIZE, LANES))
    used = with_step(no_steps(LANES, STEPS, SIZE), jnp.zeros(LANES, int), z)
    np.testing.assert_array_equal(broyden_step(used, jnp.zeros(LANES, int), 2 * z), 2 * z)
