"""What people live through who revise what they expect on the way."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.solvers.extended_path import News, extended_path_solver
from model.solvers.outcome import Code, Outcome, outcome_sentence
from model.transition.beliefs.regime import World
from model.transition.calendar import instruments_from, path_from
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import (
    NotSolved,
    Settings,
    Solution,
    counted_from,
    path_problem,
    solve_patiently,
)
from model.transition.targets.solving import solve_targets

NEWS = 64  # pieces of one compiled loop


@dataclass(frozen=True)
class Experienced:
    """A path that came true, with what was expected after each piece of news."""

    solution: Solution
    before: Float[np.ndarray, "quarters unknowns"]  # solver coordinates, expected before any news
    quarters: tuple[int, ...]  # of the news
    expected: Float[np.ndarray, "news ..."]  # (news, T, n), each from its own quarter on

    def seen_from(self, quarter: int) -> Float[np.ndarray, "quarters unknowns"]:
        """The path expected in a quarter, from there on; its last row is repeated."""
        last = max((i for i, q in enumerate(self.quarters) if q <= quarter), default=None)
        path, since = (self.before, 0) if last is None else (self.expected[last], self.quarters[last])
        return path_from(path, quarter - since)


@dataclass(frozen=True)
class RevisingWorld(World, ABC):
    """A baseline around which scenarios surprise more than once."""

    @abstractmethod
    def experienced(self, scenario: Scenario) -> Experienced:
        """What people live through in a scenario; raises NotSolved."""

    def solve(self, scenario: Scenario) -> Solution:
        """Solution of a scenario as people lived through it; without one, its outcome says why."""
        if scenario.targets:
            return solve_targets(self.baseline, scenario, lambda plain, near: self.solve(plain), exact=False)
        try:
            return self.experienced(scenario).solution
        except NotSolved as failure:
            base = self.baseline.solution
            return replace(base, name=scenario.name, path=base.path * np.nan, outcome=failure.outcome)


def experience(
    base: Solution, views: Float[np.ndarray, "views periods instruments"], settings: Settings, name: str
) -> Experienced:
    """`Experienced` from the `views` of people who expected the Solution `base` before.

    After the last view everything comes as expected. Raises NotSolved with the quarter of the news that failed.
    """
    quarters = _news(base.exogenous, views)
    learned = np.array([instruments_from(views[q], q) for q in quarters]).reshape(-1, *base.exogenous.shape)
    problem = path_problem(base.problem.parameters, base.problem.start, views[-1], base.long_run, settings)
    limits, economy = (settings.tolerance, settings.iterations), base.economy
    path, expected, worst, iterations = base.path, [], (0.0, 0, 0), 0
    while (done := len(expected)) < len(quarters):
        here, instruments = quarters[done : done + NEWS], learned[done : done + NEWS]
        block = News(_filled(np.array(here)), _filled(instruments), np.asarray(len(here)))
        found = jax.device_get(extended_path_solver(economy)(problem, block, jnp.asarray(path), *limits))
        solved = int(found.done)
        path, expected = found.path, [*expected, *found.expected[:solved]]
        iterations += int(found.iterations[:solved].sum())
        sizes = [(float(found.largest[i]), int(found.position[i]), here[i]) for i in range(solved)]
        worst = max([worst, *sizes])
        if solved < len(here):
            alone = _patiently(base, path, here[solved], learned, len(expected), settings, name)
            path, expected = np.concatenate([path[: here[solved]], alone.path])[: len(path)], [*expected, alone.path]
            iterations += alone.outcome.iterations
            row = economy.rows.index(alone.outcome.worst_equation)
            worst = max(worst, (alone.outcome.max_residual, row, here[solved]))
    size, position, quarter = worst
    late, row = divmod(position, len(economy.rows))
    reason = outcome_sentence(Code.CONVERGED, "", "", size)
    outcome = Outcome(Code.CONVERGED, reason, size, economy.rows[row], quarter + late, iterations)
    solution = Solution(name, economy, problem, path, outcome, base.long_run)
    return Experienced(solution, base.path, quarters, np.array(expected))


def _news(instruments, views):
    """The quarters in which the rest of the view is not what it was before."""
    before = [instruments, *views[:-1]]
    return tuple(q for q, view in enumerate(views) if (view[q + 1 :] != before[q][q + 1 :]).any())


def _filled(array):
    return np.concatenate([array, np.repeat(array[-1:], NEWS - len(array), 0)])


def _patiently(base, path, quarter, learned, position, settings, name):
    """Solution of one piece of news in tenths of the change; raises NotSolved."""
    parameters = base.problem.parameters
    start = base.problem.start if quarter == 0 else path[quarter - 1][base.economy.carried]
    before = instruments_from(base.exogenous, quarter) if position == 0 else learned[position - 1]
    label = f"{name}, as seen in {base.economy.units.quarter_label(quarter)}"
    guess = path_from(path, quarter)
    here = base.economy, parameters, start
    with counted_from(quarter):
        return solve_patiently(*here, before, learned[position], base.long_run, guess, settings, label)
