"""The sparse forward mode against JAX's own on assorted functions; it may depend on the program, never on values."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from calibration import load
from model.solvers.jacobian.sparse_jacobian import batch_jacobian, dense_jacobian
from model.solvers.path import elimination_order
from tests.tolerances import ROUNDING

MATRIX = np.random.default_rng(2).normal(size=(4, 4))

FUNCTIONS = {
    "elementwise": lambda a, b: jnp.exp(a) * jnp.log(2 + b[:4] ** 2) / jnp.sqrt(1 + a**2),
    "powers": lambda a, b: (2 + a**2) ** b[:4] + (2 + b[:4] ** 2) ** -1.5,
    "powers of zero": lambda a, b: (a - a) ** 1.0 + (b[:4] - b[:4]) ** (2 + a**2),
    "differences": lambda a, b: jnp.concatenate([3 - a, b - 1, -a, a - b[:4]]),
    "logistic and tanh": lambda a, b: jax.nn.sigmoid(a) - jnp.tanh(b[1:]),
    "matrix product": lambda a, b: MATRIX @ a + b[:4],
    "product of vectors": lambda a, b: jnp.stack([a @ b[:4], b @ b, a.sum()]),
    "outer product": lambda a, b: jnp.outer(a, b).ravel(),
    "broadcasting": lambda a, b: (a[:, None] * b[None] + a[0]).sum(0),
    "scalar over vector": lambda a, b: a[0] / (1 + b**2) + b[0] * a[1],
    "cumulative sum": lambda a, b: jnp.cumsum(a * b[:4]),
    "set and add at": lambda a, b: jnp.zeros(6).at[1:5].set(a).at[2].add(b[0] ** 2),
    "reversed and gathered": lambda a, b: a[::-1] * b[jnp.array([4, 0, 0, 2])],
    "every other entry": lambda a, b: jax.lax.slice(a, (0,), (4,), (2,)) * b[:2],
    "one input only": lambda a, b: a**3,
    "same input twice": lambda a, b: a * a + a / (3 + a),
    "reductions": lambda a, b: jnp.stack([jnp.prod(a), a.mean(), b.sum() ** 2]),
    "nested compiled function": lambda a, b: jax.jit(lambda x: jnp.sin(x) * x)(a) + b[:4],
    "linear solve": lambda a, b: jnp.linalg.solve(5 * jnp.eye(4) + jnp.outer(a, a), b[:4]),
    "loop": lambda a, b: jax.lax.scan(lambda s, x: (s * 0.5 + x, s * x), b[0], a)[1],
    "comparison": lambda a, b: jnp.where(a > 0.1, a**2, b[:4]),
    "no input": lambda a, b: jnp.array([1.0, 2.0]),
    "constant row": lambda a, b: jnp.stack([a[0], 0.0 * b[0], 7.0]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_equals_dense_forward_mode_for_every_member_of_a_batch(name, rng):
    a, b = jnp.asarray(rng.normal(size=(4, 3))), jnp.asarray(rng.normal(size=(5, 3)))

    def both(_, a, b):
        return FUNCTIONS[name](a, b), jnp.sin(b)

    batched = jax.jit(lambda a, b: sparse(both, a, b))(a, b)
    for member in range(3):
        _, expected = jax.jit(lambda a, b: dense_jacobian(lambda *x: both((), *x), a, b))(a[:, member], b[:, member])
        for got, want in zip(batched, expected, strict=True):
            assert jnp.abs(got[member] - want).max() <= ROUNDING * (1 + jnp.abs(want).max())


def test_dense_forward_mode_equals_central_differences(rng):
    a, b = jnp.asarray(rng.normal(size=4)), jnp.asarray(rng.normal(size=5))
    function, step = jax.jit(FUNCTIONS["elementwise"]), 1e-6
    _, (jacobian,) = dense_jacobian(lambda a, b: (function(a, b),), a, b)
    columns = [(function(a + step * d, b) - function(a - step * d, b)) / (2 * step) for d in jnp.eye(4)]
    assert jnp.abs(jnp.stack(columns, 1) - jacobian[:, :4]).max() <= 1e-8


@pytest.mark.slow
@pytest.mark.parametrize("calibration", ["us_2026q1", "us_2022q4"])
def test_full_model_and_its_order_of_elimination(calibration, rng):
    """At random states: the sparse mode is exact, and every block depends on itself, those before and the core alone."""
    calibrated, quarters = load(calibration), 4
    economy, p = calibrated.economy, calibrated.parameters
    e, steady = jnp.asarray(economy.at_rest), jnp.asarray(economy.variables.pack(calibrated.initial))
    x = steady[:, None] + 0.02 * jnp.asarray(rng.normal(size=(len(steady), quarters)))
    lag = (steady[:, None] + 0.02 * jnp.asarray(rng.normal(size=(len(steady), quarters))))[economy.carried]
    lead = economy.expectations(p, economy.quarter(p, e, e, steady[economy.carried], steady))
    leads = jnp.tile(lead[:, None], quarters)

    def both(_, lag, lead, x):
        now = economy.quarter(p, e, e, lag, x)
        return economy.residual(p, now, lead), economy.expectations(p, now)

    batched = jax.jit(lambda *v: sparse(both, *v))(lag, leads, x)
    dense = jax.jit(lambda *v: dense_jacobian(lambda *w: both((), *w), *v)[1])
    order = elimination_order(economy)
    for t in range(quarters):
        expected = dense(lag[:, t], lead, x[:, t])
        for got, want in zip(batched, expected, strict=True):
            assert jnp.abs(got[t] - want).max() <= ROUNDING * (1 + jnp.abs(want).max())
        now = expected[0][:, len(lag) + len(lead) :][order.rows][:, order.columns]
        stops = np.cumsum([len(b.rows) for b in order.blocks])
        explicit = now[: stops[-2], : stops[-2]]
        for start, stop in pairwise([0, *stops[:-1]]):
            assert jnp.all(explicit[start:stop, stop:] == 0)
            own = explicit[start:stop, start:stop]
            assert jnp.all(own == jnp.diag(jnp.diagonal(own)))


def sparse(function, *vectors):
    """Dense Jacobians of the function's outputs, one array each."""
    outputs = jax.eval_shape(function, (), *(v[:, 0] for v in vectors))
    entries = batch_jacobian(lambda given, *v: jnp.concatenate(function(given, *v)), (), *vectors, dtype=jnp.float64)
    return jnp.split(entries.dense(), np.cumsum([len(out) for out in outputs])[:-1], 1)
