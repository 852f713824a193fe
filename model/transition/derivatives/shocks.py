"""The first-order law of shocks of an economy: at rest before all news, and quarter by quarter along its baseline."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from model.core.fields import ByName
from model.equilibrium.economy import Economy
from model.equilibrium.outcomes.first_order import Along, OutcomeSlopes, outcome_slopes_solver
from model.solvers.first_order.law import Law, Shocks, path_law_solver, steady_law_solver
from model.solvers.first_order.saddle_path import SaddlePath
from model.transition.solutions import Baseline


class Lawful(NamedTuple):
    """Quarters with the law of their unknowns, and their outcomes with their slopes (leading axis)."""

    law: Law
    outcomes: OutcomeSlopes


def law_at_rest(economy: Economy, parameters: ByName, x0: Any, saddle: SaddlePath, shocks: Shocks) -> Lawful:
    """Law of a quarter at the initial steady state `x0` in solver coordinates."""
    e = economy.at_rest
    law = steady_law_solver(economy)(parameters, e, x0, saddle.rule, shocks)
    one = jax.tree.map(lambda a: np.asarray(a)[None], law)
    here = Along(*(np.asarray(a)[None] for a in (e, e, x0[economy.carried], x0)))
    return _lawful(economy, parameters, here, one, shocks, x0)


def law_along(baseline: Baseline, shocks: Shocks, count: int) -> Lawful:
    """Law of the first `count` quarters of a baseline: in each of what people expect then, so that news is in it.

    Deviations are from what came true; they carry over from one piece of news to the next.
    """
    economy, base = baseline.economy, baseline.solution
    p, laws = base.problem.parameters, []
    ends = [*(s.quarter for s in baseline.segments[1:]), count]
    for segment, end in zip(baseline.segments, ends, strict=True):
        solution = segment.solution
        steady, saddle = solution.long_run
        beyond = steady_law_solver(economy)(p, steady.exogenous, steady.x, saddle.rule, shocks)
        law = path_law_solver(economy)(solution.problem, jnp.asarray(solution.path), beyond, shocks)
        laws.append(jax.tree.map(lambda a, n=end - segment.quarter: np.asarray(a)[:n], law))
    law = jax.tree.map(lambda *parts: np.concatenate(parts)[:count], *laws)
    lag = np.concatenate([np.asarray(base.problem.start)[None], base.path[: count - 1, economy.carried]])
    along = Along(base.exogenous[:count], base.exogenous[1 : count + 1], lag, base.path[:count])
    return _lawful(economy, p, along, law, shocks, baseline.initial)


def _lawful(economy, parameters, along, law, shocks, initial):
    given = jax.tree.map(jnp.asarray, (parameters, along, shocks.directions, initial, economy.at_rest))
    return Lawful(law, jax.device_get(outcome_slopes_solver(economy)(*given)))
