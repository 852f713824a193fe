"""Linear algebra and linearity: the block solve against a dense one, and small shocks against the linear response."""

import jax
import jax.numpy as jnp
import numpy as np

from experiments.verify.rows import row
from experiments.verify.tolerances import EXTRAPOLATED, RATE, ROUNDING
from model.examples.economy import solve_path
from model.examples.growth import GROWTH, Parameters, steady_state
from model.solvers.jacobian import linear_path
from model.solvers.jacobian.linear_path import Linearised

QUARTERS, UNKNOWNS, EXPECTED, CARRIED = 12, 7, 3, np.array([1, 4, 5, 6])
HORIZON = 100
ECONOMY = Parameters(capital_share=0.33, depreciation=0.025, discount_factor=0.99, trend_growth=1.005)


def block_solve():
    """Newton step by condensation against LU of the whole matrix, on random quarters and a random terminal rule."""
    rows = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        lin, terminal, residual = _random_path(rng)
        dense = np.linalg.solve(_stacked_matrix(lin, terminal), -residual.ravel()).reshape(residual.shape)
        arrays = Linearised(*map(jnp.asarray, lin))
        step = _block_step(arrays, jnp.asarray(terminal), jnp.asarray(residual))
        rows.append(row(f"step of {QUARTERS} quarters, draw {seed}", "dense LU", dense, step, ROUNDING))
    return rows


@jax.jit
def _block_step(lin, terminal, residual):
    return linear_path.solve(linear_path.factorise(lin, terminal, CARRIED), residual, CARRIED)


def _random_path(rng):
    """Well-conditioned derivatives of a path, the rule expected at its end, and residuals."""
    n, s, z = UNKNOWNS, len(CARRIED), EXPECTED
    shapes = ((n, s), (n, n), (n, z), (z, s), (z, n))
    draws = [0.2 * rng.normal(size=(QUARTERS, *shape)) for shape in shapes]
    draws[1] += np.eye(n)
    return Linearised(*draws), 0.3 * rng.normal(size=(z, s)), rng.normal(size=(QUARTERS, n))


def _stacked_matrix(lin, terminal):
    """Matrix of `A s[t-1] + B dx[t] + C z[t+1]`, with `z[t+1] = L[t+1] s[t] + M[t+1] dx[t+1]`, then the rule."""
    n = UNKNOWNS
    matrix, pick = np.zeros((QUARTERS * n, QUARTERS * n)), np.eye(n)[CARRIED]
    for t in range(QUARTERS):
        here = slice(t * n, (t + 1) * n)
        ahead = terminal if t == QUARTERS - 1 else lin.expected_by_lag[t + 1]
        matrix[here, here] += lin.by_now[t] + lin.by_lead[t] @ ahead @ pick
        if t > 0:
            matrix[here, (t - 1) * n : t * n] += lin.by_lag[t] @ pick
        if t < QUARTERS - 1:
            matrix[here, (t + 1) * n : (t + 2) * n] += lin.by_lead[t] @ lin.expected_by_now[t + 1]
    return matrix


def small_shocks():
    """(path - steady) / size tends to the linear response, and the distance halves with the size."""
    steady = steady_state(ECONOMY)
    x = GROWTH.variables.pack(steady)
    response = _linear_response(x)
    distances = []
    for size in (0.08, 0.04, 0.02):
        levels = solve_path(GROWTH, ECONOMY, steady, size * _impulse(), steady).levels
        path = jnp.log(jnp.stack([levels.consumption, levels.capital], 1))
        distances.append(np.abs((path - x) / size - response).max())
    source = "Taylor's theorem"
    return [
        row("distance at 8 % over distance at 4 %", source, 2.0, distances[0] / distances[1], RATE),
        row("distance at 4 % over distance at 2 %", source, 2.0, distances[1] / distances[2], RATE),
        row("linear response, extrapolated from 4 and 2 %", source, 0.0, 2 * distances[2] - distances[1], EXTRAPOLATED),
    ]


def _impulse():
    """Productivity up by one in the first quarter, fading at .9 and at rest again at the end, `(T + 2, 1)`."""
    impulse = np.append(0.0, 0.9 ** np.arange(HORIZON + 1))[:, None]
    impulse[-10:] = 0.0
    return impulse


@jax.jit
def _linear_response(x):
    """Dense linear solve of the whole path at the steady state, from the equations alone."""

    def residuals(path, exogenous):
        whole = jnp.concatenate([x[None], path.reshape(HORIZON, 2), x[None]])
        quarter = jax.vmap(GROWTH.quarter, (None, 0, 0, 0, 0))
        now = quarter(ECONOMY, exogenous[:-1], exogenous[1:], whole[:-1, GROWTH.carried], whole[1:])
        lead = jax.vmap(GROWTH.expectations, (None, 0))(ECONOMY, now)
        today = jax.tree.map(lambda a: a[:-1], now)
        return jax.vmap(GROWTH.residual, (None, 0, 0))(ECONOMY, today, lead[1:]).ravel()

    path, none = jnp.tile(x, HORIZON), jnp.zeros((HORIZON + 2, 1))
    moved = jax.jvp(lambda e: residuals(path, e), (none,), (jnp.asarray(_impulse()),))[1]
    return -jnp.linalg.solve(jax.jacfwd(residuals)(path, none), moved).reshape(HORIZON, 2)


CASES = (block_solve, small_shocks)
