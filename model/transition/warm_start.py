"""Scenarios that differ little, solved one after another: each from the path and the factor of the last."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.solvers.newton import Known
from model.solvers.outcome import outcome_of
from model.solvers.path import nearby_path_solver, no_factor
from model.transition.calendar import announcement
from model.transition.lower_bound import led_to_lower_bound
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Baseline, Solution, path_problem
from model.transition.solve import solve_scenario


class Nearby(NamedTuple):
    """Where the last search ended: a path, and the factor it leaves."""

    path: Float[np.ndarray, "quarters unknowns"]
    known: Known


def blank_factor(baseline: Baseline) -> Known:
    """What stands for a factor before the first search; the same for all economies."""
    base = baseline.solution
    return no_factor(base.economy, base.problem, jnp.asarray(base.path))


def solve_nearby(baseline: Baseline, scenario: Scenario, nearby: Nearby) -> tuple[Solution, Nearby]:
    """`(Solution, Nearby)` of a scenario announced in the first quarter that ends; as `solve.solve_scenario`.

    Where the search from `nearby` does not lead to a solution, or to the lower bound, it begins again at the baseline.
    """
    settings, base = baseline.settings, baseline.solution
    start, window, _ = announcement(baseline, scenario)
    problem = path_problem(base.problem.parameters, start, window, base.long_run, settings)
    solve = nearby_path_solver(base.economy)
    at_once = problem._replace(smoothing=problem.smoothing[-1:])
    result = solve(at_once, jnp.asarray(nearby.path), nearby.known, settings.tolerance, settings.iterations)
    outcome = outcome_of(result, base.economy.rows, f"{scenario.name}: ")
    path = np.asarray(result.x)
    if not outcome.converged or led_to_lower_bound(base.economy, base.problem.parameters, path, base.path):
        return solve_scenario(baseline, scenario), nearby
    known = Known(result.factor, result.replaced, jnp.asarray(True))
    solution = Solution(scenario.name, base.economy, problem, path, outcome, base.long_run)
    return solution, Nearby(path, known)
