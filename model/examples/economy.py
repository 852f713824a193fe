"""A small economy on the protocol of the solvers, made of declarations, expectations and equations, with a known answer."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from model.core.fields import Layout
from model.core.types import Real, Scalar
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver
from model.solvers.protocol import Pinned
from model.solvers.search.newton import NewtonResult
from model.solvers.steady_state import steady_state_solver

MOST_ITERATIONS = 100


class Quarter(NamedTuple):
    lag: Any  # carried variables only
    x: Any
    e: Any


class SmallEconomy:
    """Variables and instruments are classes of fields; `expectations(p, now)` fills the NamedTuple `expected`.

    `equations` are functions `(p, now, lead)`, left minus right, with lead of the class `expected`.
    """

    pinned: Pinned | None = None
    kinked: tuple[int, ...] = ()

    def __init__(
        self,
        variables: type[eqx.Module],
        instruments: type[eqx.Module],
        expected: Callable[..., tuple],
        expectations: Callable[[Any, Any], tuple],
        equations: tuple[Callable[[Any, Any, Any], Any], ...],
    ):
        self.variables, self.instruments = Layout(variables), Layout(instruments)
        self._carried = Layout(variables, keep=lambda metadata: metadata["carried"])
        self.carried = np.array([self.variables.index(s) for s in self._carried.symbols])
        self.rows = tuple(equation.__name__ for equation in equations)
        self.expectation_count = len(cast(Any, expected)._fields)
        self._expected, self._expectations, self._equations = expected, expectations, equations

    def with_smoothing(self, p: Any, smoothing: Scalar) -> Any:
        """Parameters with another eps in the complementarity condition, where there is one."""
        return eqx.tree_at(lambda tree: tree.smoothing, p, smoothing) if hasattr(p, "smoothing") else p

    def quarter(
        self,
        p: Any,
        lag_e: Float[Real, "instruments"],
        e: Float[Real, "instruments"],
        lag: Float[Real, "carried"],
        x: Float[Real, "unknowns"],
    ) -> Quarter:
        return Quarter(self._carried.unpack(lag), self.variables.unpack(x), self.instruments.unpack(e))

    def sides(self, now: Any) -> Float[Array, "kinked 2"]:
        return jnp.zeros((0, 2))

    def expectations(self, p: Any, now: Any) -> Float[Array, "expected"]:
        return jnp.stack(self._expectations(p, now))

    def residual(self, p: Any, now: Any, lead: Float[Real, "expected"]) -> Float[Array, "unknowns"]:
        expected = self._expected(*lead)
        return jnp.stack([equation(p, now, expected) for equation in self._equations])


class Solved(NamedTuple):
    levels: Any  # each (T,), or () for a steady state; not a number where there is no answer
    newton: NewtonResult


def solve_path(
    economy: SmallEconomy,
    parameters: eqx.Module,
    start: eqx.Module,
    exogenous: Float[Real, "quarters instruments"],
    steady: eqx.Module,
    rule: Float[Real, "unknowns carried"] | None = None,
    smoothing: tuple[float, ...] = (0.0,),
    tolerance: float = 1e-12,
) -> Solved:
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
    result = path_solver(economy)(problem, guess, no_factor(economy, len(guess)), tolerance, MOST_ITERATIONS)
    return _solved(economy, result.x.T, result)


def solve_steady_state(
    economy: SmallEconomy,
    parameters: eqx.Module,
    exogenous: Float[Real, "*stages instruments"],
    guess: eqx.Module,
    tolerance: float = 1e-13,
) -> Solved:
    """Steady state from a guess in levels."""
    solve = steady_state_solver(economy)
    steady = solve(
        parameters, jnp.atleast_2d(exogenous), economy.variables.pack(guess), 0.0, tolerance, MOST_ITERATIONS
    )
    return _solved(economy, steady.x, steady.newton)


def _solved(economy, x, result):
    answer = jnp.where(result.code == Code.CONVERGED, x, jnp.nan)
    return Solved(economy.variables.unpack(answer), result)
