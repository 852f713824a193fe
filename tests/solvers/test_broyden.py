"""The recursion on steps is Broyden's update of the Jacobian, written out."""

import jax.numpy as jnp
import numpy as np

from model.solvers.search.broyden import broyden_step, no_steps, with_step

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
        direction = broyden_step(steps, taken, jnp.asarray(-r))
        steps, taken = with_step(steps, taken, direction, jnp.ones(LANES, bool)), taken + 1
        x = x + np.asarray(direction.step)
        found.append(np.asarray(direction.step))
    for lane in range(LANES):
        exact = by_updating_matrices(loads[:, lane])
        scale = np.abs(exact).max(1, keepdims=True)
        np.testing.assert_allclose(np.stack(found)[:, :, lane] / scale, exact / scale, rtol=0, atol=10 * SINGLE)


def test_lanes_begin_anew_in_a_slot_that_others_have_used():
    z = jnp.ones((SIZE, LANES))
    nothing, first = no_steps(LANES, STEPS, SIZE), jnp.zeros(LANES, int)
    used = with_step(nothing, first, broyden_step(nothing, first, z), jnp.ones(LANES, bool))
    np.testing.assert_array_equal(broyden_step(used, first, 2 * z).step, 2 * z)


def test_a_lane_that_broke_leaves_nothing_behind():
    nothing, first = no_steps(LANES, STEPS, SIZE), jnp.zeros(LANES, int)
    broken = broyden_step(nothing, first, jnp.full((SIZE, LANES), jnp.nan))
    used = with_step(nothing, first, broken, jnp.zeros(LANES, bool))
    z = jnp.ones((SIZE, LANES))
    np.testing.assert_array_equal(broyden_step(used, first, z).step, z)
