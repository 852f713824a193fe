"""A planner's problem in the full economy, through the news that its people hear: trials in a batch, exact slopes."""

from collections.abc import Hashable, Sequence
from functools import cache, cached_property
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.compute.compile import compiled
from model.compute.side_by_side import side_by_side
from model.core.types import Real
from model.policy.controls import Controls
from model.policy.criteria import Judged
from model.policy.finish import NoAnswer
from model.policy.readings import Readings, Weights, reader, reading_weights
from model.policy.task import Trial
from model.solvers.path import PathProblem
from model.transition.batch.course import Course, solve_courses
from model.transition.batch.sweep import Memory
from model.transition.calendar import on_calendar
from model.transition.derivatives.gradients import (
    announcement_of,
    came_true,
    scenario_chain,
    scenario_roots,
    told_of,
)
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Baseline, Solution, without_factors
from model.transition.solve import solve_scenario
from model.transition.targets.small_changes import NUMBERS, TOGETHER, Factors, NoDerivatives, pulled, responses

FAR = 0.5  # from a limit, over its size: no slope is taken there
CLOSE = 0.01  # usual changes from a solved trial: there its factors solve a trial sooner than a batch does


class Held(NamedTuple):
    """A solved trial with its problem and path on the baseline's calendar, and what was read off them."""

    solution: Solution
    problem: PathProblem
    path: Float[np.ndarray, "quarters unknowns"]
    readings: Readings


class Plan:
    """`task.Task` of `controls` announced in a quarter on top of a baseline, `judged` by outcomes."""

    def __init__(self, baseline: Baseline, announced: int, controls: Controls, judged: Judged):
        self.baseline, self.announced, self.controls, self.judged = baseline, announced, controls, judged
        self.low, self.high, self.scale = controls.low, controls.high, controls.scale
        self._memories: dict[Hashable, Memory] = {}
        self._near: tuple[Real, Solution] | None = None
        self._factors: Factors | None = Factors()

    def scenario(self, point: Float[Real, "controls"], name: str = "policy") -> Scenario:
        """The policy as a scenario of its own."""
        return Scenario(name, "The best policy that was found.", self.controls.changes(point), self.announced)

    def trials(self, points: Sequence[Real] | Float[np.ndarray, "points controls"]) -> list[Trial]:
        """As `task.Task.trials`."""
        points = [np.asarray(point, float) for point in points]
        if len(points) == 1 or self._close(points):
            return list(side_by_side(self._solved, points))
        solutions = self._together(points)
        return [self._trial(p, solutions[i]) if i in solutions else self._solved(p) for i, p in enumerate(points)]

    def _close(self, points):
        """Are all points so close to the last one solved that its factors, which are still there, serve them?"""
        if self._factors is None or self._near is None or not points:
            return False
        return max(np.abs((point - self._near[0]) / self.scale).max() for point in points) < CLOSE

    def _solved(self, point):
        """The trial at a point, begun from the last one solved."""
        found = solve_scenario(self.baseline, self.scenario(point), self._near and self._near[1])
        if found.outcome.converged:
            self._near = point, found if self._factors else without_factors(found)
        return self._trial(point, without_factors(found))

    def forget(self) -> None:
        """Give back the memory that makes trials and slopes cheaper, and keep none for them from now on.

        Of many draws, each with its plan, factors would fill the memory.
        """
        self._memories.clear()
        self._factors = None
        self._near = self._near and (self._near[0], without_factors(self._near[1]))

    def _together(self, points):
        origin = np.zeros(len(self.scale))
        courses = (Course(self.baseline, self.scenario(p), p / self.scale, origin) for p in points)
        return solve_courses(dict(enumerate(courses)), self._memories)

    def judge(self, scenario: Scenario) -> Trial:
        """What comes of a scenario that need not be of the controls."""
        return self._trial(np.zeros(len(self.scale)), solve_scenario(self.baseline, scenario))

    def _trial(self, point, solution):
        if not solution.outcome.converged:
            return Trial(point, np.full(self._count, np.nan))
        held = self._held(solution)
        criteria = np.array(self.judged(held.readings.values, held.readings.initial))
        criteria[0] += self.controls.cost_of_change(point)[0]
        return Trial(point, criteria, held)

    def _held(self, solution):
        problem, path = on_calendar(self.baseline, solution)
        return Held(solution, problem, path, jax.device_get(reader(*self._asked)(problem, path, *self._rest)))

    @property
    def _asked(self):
        return self.baseline.economy, " ".join(self.judged.outcomes)

    @property
    def _rest(self):
        return jnp.asarray(self.baseline.initial), jnp.asarray(self.baseline.economy.at_rest)

    @cached_property
    def _count(self):
        readings = self._held(self.baseline.solution).readings
        return len(self.judged(readings.values, readings.initial))

    @cached_property
    def _directions(self):
        economy, periods = self.baseline.economy, len(self.baseline.solution.exogenous)
        return self.controls.directions(economy.instruments, periods)

    def slopes(self, trial: Trial) -> Float[np.ndarray, "criteria controls"]:
        """As `task.Task.slopes`: through the path, and where a control is for ever through its long run and natural rate."""
        weights, directions = self._weights(trial), self._directions
        if self.controls.permanent:
            found = _along(self._through_long_run(trial, weights), directions)
        else:
            found = _along(weights.by_exogenous, directions)
            try:
                found += self._along_path(trial.held.solution, np.asarray(weights.by_path), directions)
            except NoDerivatives as failure:
                raise NoAnswer(str(failure)) from None
        found[0] += self.controls.cost_of_change(trial.point)[1]
        return found

    def _along_path(self, solution, weights, directions):
        """What the path adds to slopes: forward or in reverse, whichever takes fewer programs."""
        near = weights.any((1, 2))
        if not near.any():
            return np.zeros((len(weights), len(directions)))
        if len(directions) * NUMBERS < near.sum() * TOGETHER:
            return _along(weights, responses(solution, directions, self._factors))
        found = np.zeros((len(weights), len(directions)))
        found[near] = _along(pulled(solution, weights[near], self._factors), directions)
        return found

    def _weights(self, trial):
        """`Weights` of all criteria, stacked; none of limits that are far away."""
        held, near = trial.held, trial.criteria > -FAR * self.judged.sizes
        slopes = _slopes_of(self.judged)(*jax.tree.map(jnp.asarray, held.readings))
        given = held.problem, jnp.asarray(held.path), *self._rest
        pull = reading_weights(*self._asked)
        nothing = Weights(np.zeros(held.problem.exogenous.shape), np.zeros(held.path.shape))
        found = [
            pull(*given, {n: rows[k] for n, rows in slopes.items()}) if near[k] else nothing for k in range(len(near))
        ]
        return Weights(*(np.stack([np.asarray(w[i]) for w in found]) for i in range(2)))

    def _through_long_run(self, trial, weights):
        back = self._chain(trial)
        return np.stack([back(Weights(*map(jnp.asarray, w)))[0] for w in zip(*weights, strict=True)])

    def _chain(self, trial):
        """Reverse derivatives `Weights -> (T + 2, instruments)` of the path that came true by its instruments."""
        baseline, scenario, solution = self.baseline, self.scenario(trial.point), trial.held.solution
        told, roots = told_of(baseline), scenario_roots(baseline, solution)
        announced = announcement_of(scenario, baseline.economy.instruments, baseline.solution.exogenous.shape)
        announced = announced._replace(permanent=True)  # where it stands at nothing too
        before = trial.held.problem, jnp.asarray(trial.held.path)

        def chain(shift):
            own = came_true(
                scenario_chain(baseline.economy, told, announced, shift, roots, baseline.settings), baseline.settings
            )
            return _on_calendar(*before, own, self.announced)

        return jax.vjp(chain, jnp.zeros(baseline.solution.exogenous.shape))[1]


def _on_calendar(problem, path, own, quarter):
    if quarter == 0:
        return Weights(own.problem.exogenous, own.path)
    exogenous = jnp.concatenate([problem.exogenous[: quarter + 1], own.problem.exogenous[1:-quarter]])
    return Weights(exogenous, jnp.concatenate([path[:quarter], own.path[:-quarter]]))


def _along(slopes, directions):
    return np.tensordot(slopes, directions, ((1, 2), (1, 2)))


@cache
def _slopes_of(judged):
    return compiled(jax.jacrev(judged))
