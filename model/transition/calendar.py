"""Where a path stands in time: what is known at an announcement, what came before it, what lies beyond the horizon."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.types import Real
from model.solvers.path import PathProblem
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Baseline, Settings, Solution

Start = tuple[
    Float[np.ndarray, "carried"], Float[np.ndarray, "periods instruments"], Float[np.ndarray, "quarters unknowns"]
]

CHECK_TOLERANCE = 1e-7  # of equations


def announcement(baseline: Baseline, scenario: Scenario) -> Start:
    """What is carried into the quarter of a scenario's announcement, the instruments from there on and the baseline's path."""
    base, t = baseline.solution, scenario.announced
    return (
        state_at(base, t),
        instruments_from(scenario.apply(base.economy.instruments, base.exogenous), t),
        path_from(base.path, t),
    )


def on_calendar(baseline: Baseline, solution: Solution) -> tuple[PathProblem, Float[np.ndarray, "quarters unknowns"]]:
    """Problem and path over the baseline's quarters: the baseline until the announcement, the solution after it."""
    t, base = solution.first_quarter, baseline.solution
    if t == 0:
        return solution.problem, solution.path
    path = np.concatenate([base.path[:t], solution.path[:-t]])
    exogenous = np.concatenate([base.exogenous[: t + 1], solution.exogenous[1:-t]])
    problem = solution.problem._replace(start=base.problem.start, exogenous=jnp.asarray(exogenous))
    return problem, path


def checking(settings: Settings) -> Settings:
    """Settings for the second half, whose answer is judged in hundredths."""
    return replace(settings, tolerance=max(settings.tolerance, CHECK_TOLERANCE))


def second_half(solution: Solution, settings: Settings) -> Start:
    """Start, instruments and guess of the path's second half as the first half of another path of the same length."""
    half = settings.horizon // 2
    return state_at(solution, half), instruments_from(solution.exogenous, half), path_from(solution.path, half)


def gap_from(again: Float[np.ndarray, "quarters unknowns"], solution: Solution, settings: Settings) -> float:
    """Largest difference in the first `horizon / 4` quarters of the second half solved `again`, away from the old end."""
    half, quarter = settings.horizon // 2, settings.horizon // 4
    return float(np.abs(again[:quarter] - solution.path[half : half + quarter]).max())


def instruments_from(
    exogenous: Float[Real, "periods instruments"], first: int
) -> Float[np.ndarray, "periods instruments"]:
    """Instruments of a path of the same length that starts `first` quarters later; the last quarter is repeated."""
    return np.concatenate([exogenous[first:], np.repeat(exogenous[-1:], first, axis=0)])


def path_from(path: Float[Real, "quarters unknowns"], first: int) -> Float[np.ndarray, "quarters unknowns"]:
    return np.concatenate([path[first:], np.repeat(path[-1:], first, axis=0)])


def state_at(solution: Solution, first: int) -> Float[np.ndarray, "carried"]:
    if first == 0:
        return np.asarray(solution.problem.start)
    return solution.path[first - 1][solution.economy.carried]
