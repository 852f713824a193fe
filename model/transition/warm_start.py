"""Scenarios that differ little, solved one after another: each from the path and the factor of the last."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.solvers.newton import Known
from model.solvers.outcome import outcome_of
from model.solvers.path import nearby_path_solver, no_factor
from model.transition.lower_bound import led_to_lower_bound
from model.transition.news import heard, hearing
from model.transition.scenarios.scenario import Scenario
from model.transition.segments import held_after, joined
from model.transition.solutions import Baseline, Segment, Solution, path_problem
from model.transition.solve import solve_scenario


class Nearby(NamedTuple):
    """Where the last search ended: a path, and the factor it leaves."""

    path: Float[np.ndarray, "quarters unknowns"]
    known: Known


def blank_factor(baseline: Baseline) -> Known:
    """What stands for a factor before the first search; the same for all economies."""
    base = baseline.solution
    return no_factor(base.economy, base.problem, jnp.asarray(base.path))


def nearby_baseline(baseline: Baseline, scenario: Scenario, blank: Known) -> tuple[Nearby, ...]:
    """Where the first search begins: one `Nearby` for each view of the baseline that the scenario's people hold."""
    held = held_after(baseline, scenario.announced)
    return tuple(Nearby(hearing(baseline, segment, scenario, None).prior, blank) for segment in held)


def solve_nearby(
    baseline: Baseline, scenario: Scenario, nearby: tuple[Nearby, ...]
) -> tuple[Solution, tuple[Nearby, ...]]:
    """`(Solution, Nearby of each view)` of a scenario that ends; as `solve.solve_scenario`.

    Where the search from `nearby` does not lead to a solution, or to the lower bound, it begins again at the baseline.
    """
    told: list[Segment] = []
    onward = []
    for held, near in zip(held_after(baseline, scenario.announced), nearby, strict=True):
        found = _segment_nearby(baseline, held, scenario, told[-1] if told else None, near)
        if found is None:
            return solve_scenario(baseline, scenario), nearby
        told.append(found[0])
        onward.append(found[1])
    return joined(scenario.name, told, scenario.announced, baseline.settings)[0], tuple(onward)


def _segment_nearby(baseline, held, scenario, last, near):
    """`(Segment, Nearby)` under the view of the segment `held`, or None."""
    settings, economy, base = baseline.settings, baseline.economy, held.solution
    ahead = hearing(baseline, held, scenario, last)
    problem = path_problem(base.problem.parameters, ahead.start, ahead.exogenous, base.long_run, settings)
    at_once = problem._replace(smoothing=problem.smoothing[-1:])
    search = nearby_path_solver(economy)
    result = search(at_once, jnp.asarray(near.path), near.known, settings.tolerance, settings.iterations)
    outcome = outcome_of(result, economy.rows, f"{scenario.name}: ")
    path = np.asarray(result.x)
    if not outcome.converged or led_to_lower_bound(economy, base.problem.parameters, path, ahead.prior):
        return None
    solution = Solution(scenario.name, economy, problem, path, outcome, base.long_run)
    known = Known(result.factor, result.replaced, jnp.asarray(True))
    return heard(ahead, solution), Nearby(path, known)
