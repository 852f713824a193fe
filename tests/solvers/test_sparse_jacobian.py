"""The sparse forward mode against JAX's own on assorted functions; it may depend on the program, never on values."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments.verify.reference import initial_steady_state
from model.equilibrium.economy import TwoSectorEconomy
from model.solvers.path import linearise
from model.solvers.sparse_jacobian import dense_jacobian, value_and_jacobian
from tests.tolerances import ROUNDING

MATRIX = np.random.default_rng(2).normal(size=(4, 4))

FUNCTIONS = {
    "elementwise": lambda a, b: jnp.exp(a) * jnp.log(2 + b[:4] ** 2) / jnp.sqrt(1 + a**2),
    "powers": lambda a, b: (2 + a**2) ** b[:4] + (2 + b[:4] ** 2) ** -1.5,
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
    "one input only": lambda a, b: a**3,
    "same input twice": lambda a, b: a * a + a / (3 + a),
    "reductions": lambda a, b: jnp.stack([jnp.prod(a), a.mean(), b.sum() ** 2]),
    "nested compiled function": lambda a, b: jax.jit(lambda x: jnp.sin(x) * x)(a) + b[:4],
    "linear solve": lambda a, b: jnp.linalg.solve(5 * jnp.eye(4) + jnp.outer(a, a), b[:4]),
    "loop": lambda a, b: jax.lax.scan(lambda s, x: (s * 0.5 + x, s * x), b[0], a)[1],
    "constant row": lambda a, b: jnp.stack([a[0], 0.0 * b[0], 7.0]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_equals_dense_forward_mode(name, rng):
    a, b = jnp.asarray(rng.normal(size=4)), jnp.asarray(rng.normal(size=5))

    def both(a, b):
        return FUNCTIONS[name](a, b), jnp.sin(b)

    modes = jax.jit(lambda a, b: (value_and_jacobian(both, a, b), dense_jacobian(both, a, b)))
    (outputs, jacobians), (expected, by_columns) = modes(a, b)
    for got, want in zip([*outputs, *jacobians], [*expected, *by_columns], strict=True):
        assert got.shape == want.shape
        assert jnp.abs(got - want).max() <= ROUNDING * (1 + jnp.abs(want).max())


def test_dense_forward_mode_equals_central_differences(rng):
    a, b = jnp.asarray(rng.normal(size=4)), jnp.asarray(rng.normal(size=5))
    function, step = jax.jit(FUNCTIONS["elementwise"]), 1e-6
    _, (jacobian,) = dense_jacobian(lambda a, b: (function(a, b),), a, b)
    columns = [(function(a + step * d, b) - function(a - step * d, b)) / (2 * step) for d in jnp.eye(4)]
    assert jnp.abs(jnp.stack(columns, 1) - jacobian[:, :4]).max() <= 1e-8


@pytest.mark.slow
def test_full_model():
    p, e, x = initial_steady_state()
    economy = TwoSectorEconomy()
    lead = economy.expectations(p, economy.quarter(p, e, e, x[economy.carried], x))
    arguments = (economy, p, e, e, x[economy.carried], x, lead)
    sparse, dense = (jax.jit(lambda j=j: linearise(*arguments, j))() for j in (value_and_jacobian, dense_jacobian))
    for got, want in zip(sparse, dense, strict=True):
        assert jnp.abs(got - want).max() <= ROUNDING * (1 + jnp.abs(want).max())
