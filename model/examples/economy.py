"""A small economy on the protocol of the solvers, made of declarations, expectations and equations, with a known answer."""

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from model.core.fields import Layout
from model.solvers.newton import NewtonResult
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, Terminal, path_solver
from model.solvers.steady_state import steady_state_solver

MOST_ITERATIONS = 100


class Quarter(NamedTuple):
    lag: eqx.Module  # carried variables only
    x: eqx.Module
    e: eqx.Module


class SmallEconomy:
    """Variables and instruments are classes of fields; `expectations(p, now)` fills the NamedTuple `expected`.

    `equations` are functions `(p, now, lead)`, left minus right, with lead of the class `expected`.
    """

    pinned = None
    kinked = ()

    def __init__(self, variables, instruments, expected, expectations, equations):
        self.variables, self.instruments = Layout(variables), Layout(instruments)
        self._carried = Layout(variables, keep=lambda metadata: metadata["carried"])
        self.carried = np.array([self.variables.index(s) for s in self._carried.symbols])
        self.rows = tuple(equation.__name__ for equation in equations)
        self._expected, self._expectations, self._equations = expected, expectations, equations

    def with_smoothing(self, p, smoothing):
        """Parameters with another eps in the complementarity condition, where there is one."""
        return eqx.tree_at(lambda tree: tree.smoothing, p, smoothing) if hasattr(p, "smoothing") else p

    def quarter(self, p, lag_e, e, lag, x):
        return Quarter(self._carried.unpack(lag), self.variables.unpack(x), self.instruments.unpack(e))

    def sides(self, now):
        return jnp.zeros((0, 2))

    def expectations(self, p, now):
        return jnp.stack(self._expectations(p, now))

    def residual(self, p, now, lead):
        expected = self._expected(*lead)
        return jnp.stack([equation(p, now, expected) for equation in self._equations])


class Solved(NamedTuple):
    levels: eqx.Module  # each (T,), or () for a steady state; not a number where there is no answer
    newton: NewtonResult


def solve_path(economy, parameters, start, exogenous, steady, rule=None, smoothing=(0.0,), tolerance=1e-12):
    """Path under `exogenous` (T + 2, instruments), from the carried levels of `start` to `steady`, the guess."""
    end = economy.variables.pack(steady)
    zeros = jnp.zeros((len(end), len(economy.carried)))
    problem = PathProblem(
        parameters,
        economy.variables.pack(start)[economy.carried],
        jnp.asarray(exogenous, dtype=float),
        Terminal(end, zeros if rule is None else rule),
        jnp.asarray(smoothing),
    )
    guess = jnp.tile(end, (len(exogenous) - 2, 1))
    result = path_solver(economy)(problem, guess, tolerance, MOST_ITERATIONS)
    return _solved(economy, result.x.T, result)


def solve_steady_state(economy, parameters, exogenous, guess, tolerance=1e-13):
    """Steady state from a guess in levels."""
    solve = steady_state_solver(economy)
    steady = solve(
        parameters, jnp.atleast_2d(exogenous), economy.variables.pack(guess), 0.0, tolerance, MOST_ITERATIONS
    )
    return _solved(economy, steady.x, steady.newton)


def _solved(economy, x, result):
    answer = jnp.where(result.code == Code.CONVERGED, x, jnp.nan)
    return Solved(economy.variables.unpack(answer), result)
