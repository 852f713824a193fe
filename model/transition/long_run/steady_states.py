"""The steady states at both ends of a path, and their saddle paths."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from model.compute.programs import light_program
from model.core.axes import ASSET
from model.core.fields import ByName
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.solvers.first_order.saddle_path import UNCOUNTED, SaddlePath, saddle_path
from model.solvers.outcome import Code, Outcome, outcome_of
from model.solvers.steady_state import steady_residual, steady_state_solver
from model.transition.solutions import SLOW_FACTOR, LongRun, NotSolved, Settings

HOMOTOPY_STEPS = 6
SPURIOUS_ROOT = 1e-8
INITIAL_TOLERANCE = 1e-8  # of any equation in the calibrated steady state


def check_initial(economy: Economy, parameters: ByName, x0: Float[np.ndarray, "unknowns"]) -> None:
    """Raise NotSolved unless the calibrated initial steady state solves the equations with sensible signs."""
    problem = (
        _not_finite(economy, x0) or _owing(parameters) or _distasteful(parameters) or _unsolved(economy, parameters, x0)
    )
    if problem:
        raise NotSolved(Outcome(Code.INFEASIBLE, f"initial steady state: {problem}"))


def _not_finite(economy, x0):
    finite = np.isfinite(x0)
    if not finite.all():
        bad = economy.variables.symbols[int(np.argmin(finite))]
        return f"{bad} is not a positive number; move the target nearest to it"
    return None


def _owing(parameters):
    owed = (np.asarray(parameters.portfolio.base_share) < 0).any(0)
    if owed.any():
        asset = ASSET.labels[int(owed.argmax())]
        return f"households hold less than nothing of {asset}: foreigners and spenders would have more than there is; move what there is of it (government.bond_share, targets.public_debt) or what foreigners have (targets.foreign_claims, targets.foreign_bond_share)"
    return None


def _distasteful(parameters):
    if (np.asarray(parameters.households.wealth_utility) <= 0).any():
        return "a group's taste for wealth is not positive; lower households.discount_factor"
    return None


def _unsolved(economy, parameters, x0):
    residual = np.abs(_residual_at_rest(economy)(parameters, jnp.asarray(x0), jnp.asarray(economy.at_rest)))
    if (residual <= INITIAL_TOLERANCE).all():
        return None
    worst = int(np.argmax(np.where(np.isnan(residual), np.inf, residual)))
    return (
        f"it does not solve the equations; worst: {economy.rows[worst]} = {residual[worst]:.1e}, "
        f"allowed {INITIAL_TOLERANCE:.0e}; move the targets nearest to it back"
    )


@light_program
def _residual_at_rest(economy: Economy) -> Callable[[Any, Array, Array], Array]:
    """Compiled `residual(p, x, exogenous) -> (n,)` of a quarter that follows itself."""

    def residual(p, x, exogenous):
        return steady_residual(economy, p, x, exogenous)[0]

    return residual


def solve_long_run(
    economy: Economy,
    parameters: ByName,
    origin: Float[Real, "instruments"],
    stages: Float[Real, "stages instruments"],
    guess: Float[Real, "unknowns"],
    settings: Settings,
) -> LongRun:
    """Steady state at the last of `stages`, with the natural rate as unknown.

    By continuation from `guess`, the steady state at the instruments `origin`.
    """
    solver = steady_state_solver(economy)
    target = parameters.central_bank.inflation_target

    def solve(stages, guess):
        return solver(
            parameters,
            jnp.asarray(stages),
            jnp.asarray(guess),
            target,
            settings.tolerance / 10,
            settings.iterations * 4,
        )

    steady = solve(stages, guess)
    if int(steady.newton.code) != Code.CONVERGED:
        for here in _tenths(origin, stages):
            steady = solve(np.tile(here, (len(stages), 1)), guess)
            if int(steady.newton.code) != Code.CONVERGED:
                break
            guess = steady.x
    outcome = outcome_of(steady.newton, economy.rows, "terminal steady state: ")
    if not outcome.converged:
        raise NotSolved(outcome)
    if spurious(economy, parameters, steady.x):
        raise NotSolved(
            Outcome(Code.INFEASIBLE, "terminal steady state: the spurious root with return = growth was found")
        )
    saddle = determinate_saddle(economy, parameters, steady.exogenous, steady.x, "terminal steady state")
    return LongRun(steady, saddle)


def onward_long_run(
    economy: Economy,
    parameters: ByName,
    before: LongRun,
    terminal_e: Float[np.ndarray, "instruments"],
    settings: Settings,
) -> LongRun:
    """Long run at the instruments `terminal_e`, by continuation from another; their natural rate is found anew."""
    stages = stages_onward(economy, before, terminal_e)
    return solve_long_run(economy, parameters, np.asarray(before.steady.exogenous), stages, before.steady.x, settings)


def stages_from_rest(
    economy: Economy, terminal_e: Float[np.ndarray, "instruments"]
) -> Float[np.ndarray, "stages instruments"]:
    """Instruments on the way from the initial steady state to a long run, in equal (log) steps where they multiply."""
    before, parts = economy.at_rest, np.arange(1, HOMOTOPY_STEPS + 1)[:, None] / HOMOTOPY_STEPS
    multiplies = (before > 0) & (terminal_e > 0)
    logs = np.log(np.where(multiplies, before, 1.0)), np.log(np.where(multiplies, terminal_e, 1.0))
    added = before + parts * (terminal_e - before)
    return np.where(multiplies, np.exp(logs[0] + parts * (logs[1] - logs[0])), added)


def stages_onward(
    economy: Economy, before: LongRun, terminal_e: Float[np.ndarray, "instruments"]
) -> Float[np.ndarray, "stages instruments"]:
    """Instruments on the way from one long run to another, in equal steps; their natural rate is that of the first."""
    here, pinned = np.asarray(before.steady.exogenous), economy.pinned.instrument
    stages = np.array([here + (terminal_e - here) * k / HOMOTOPY_STEPS for k in range(1, HOMOTOPY_STEPS + 1)])
    stages[:, pinned] = here[pinned]
    return stages


def _tenths(origin, stages):
    """The instruments of the same continuation in steps of a tenth."""
    for before, after in pairwise([origin, *stages]):
        for k in range(1, SLOW_FACTOR + 1):
            yield before + (after - before) * k / SLOW_FACTOR


def spurious(economy: Economy, parameters: ByName, x: Float[Real, "unknowns"]) -> bool:
    """Is `x` the root at which the return on liquid assets equals growth?"""
    unknowns = economy.variables.unpack(np.asarray(x))
    rate = unknowns.central_bank.policy_rate + parameters.portfolio.deposit_spread
    bill_return = (1 + rate) / unknowns.central_bank.inflation
    return abs(float(bill_return) - float(parameters.production.trend_growth)) < SPURIOUS_ROOT


def determinate_saddle(
    economy: Economy,
    parameters: ByName,
    e: Float[Real, "instruments"],
    x: Float[Real, "unknowns"],
    where: str,
) -> SaddlePath:
    """Saddle path of a steady state; raises NotSolved, with the remedy, unless exactly one stable path exists."""
    saddle = saddle_path(economy, parameters, jnp.asarray(e), jnp.asarray(x))
    if saddle.determinate:
        return saddle
    if saddle.stable_roots == UNCOUNTED:
        raise NotSolved(
            Outcome(Code.INFEASIBLE, f"{where}: its stable roots could not be counted; move a number a little")
        )
    count = f"{where}: {saddle.stable_roots} stable roots for {saddle.predetermined} unknowns"
    if saddle.stable_roots < saddle.predetermined:
        remedy = "public debt or foreign claims explode: raise government.debt_response"
    else:
        remedy = "many stable paths: raise central_bank.inflation_response above 1"
    raise NotSolved(Outcome(Code.INFEASIBLE, f"{count}; {remedy}"))
