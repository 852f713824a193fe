"""Scenarios whose changes end on their way through the news of their baselines, solved together one segment after the other."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from model.core.types import Real
from model.transition.calendar import instruments_from, state_at
from model.transition.news import Hearing, Segment, heard, hearing
from model.transition.scenarios.scenario import Scenario
from model.transition.segments import held_after, joined
from model.transition.solutions import Baseline, Solution, path_problem
from model.transition.sweep import Answer, Lane, Memory, outcome_of_answer, solve_lanes


class Course:
    """A scenario on its `baseline`, whose calendar it is on; segments are counted as the baseline's.

    `coordinates` are as of `sweep.Lane`, `origin` are those of the baseline.
    """

    def __init__(
        self,
        baseline: Baseline,
        scenario: Scenario,
        coordinates: Sequence[float] | Float[Real, "coordinates"],
        origin: Sequence[float] | Float[Real, "coordinates"],
    ):
        self.baseline, self.scenario = baseline, scenario
        self._coordinates, self._origin = np.array(coordinates), np.array(origin)
        self._first = len(baseline.segments) - len(held_after(baseline, scenario.announced))
        self._told: tuple[Segment, ...] = ()

    def hears(self, k: int) -> bool:
        """Do its people hold the view of the `k`-th segment?"""
        return self._first <= k < len(self.baseline.segments)

    def hearing(self, k: int) -> Hearing:
        """What lies ahead in the `k`-th segment, all before it solved."""
        return hearing(self.baseline, self.baseline.segments[k], self.scenario, self._told[-1] if self._told else None)

    def lane(self, k: int, ahead: Hearing) -> Lane:
        """The path to be solved."""
        base = self.baseline.segments[k].solution
        return Lane(self._coordinates, self._problem(base, ahead.start, ahead.exogenous), ahead.prior)

    def baseline_lane(self, k: int, ahead: Hearing) -> tuple[Lane, Float[np.ndarray, "quarters unknowns"]]:
        """The baseline over the same quarters, `(lane, path)`."""
        held = self.baseline.segments[k]
        base, late = held.solution, ahead.quarter - held.quarter
        problem = self._problem(base, state_at(base, late), instruments_from(base.exogenous, late))
        return Lane(self._origin, problem, ahead.prior), ahead.prior

    def _problem(self, base, start, exogenous):
        return path_problem(base.problem.parameters, start, exogenous, base.long_run, self.baseline.settings)

    def add(self, k: int, ahead: Hearing, lane: Lane, answer: Answer) -> None:
        """Go on with the answer to the `lane`."""
        name, economy, held = self.scenario.name, self.baseline.economy, self.baseline.segments[k]
        outcome = outcome_of_answer(economy, answer, name)
        solution = Solution(name, economy, lane.problem, answer.path, outcome, held.solution.long_run)
        self._told = (*self._told, heard(self.baseline, held, ahead, solution))

    def solution(self) -> Solution:
        """What came true, all segments solved."""
        return joined(self.scenario.name, self._told, self.scenario.announced, self.baseline.settings)[0]


def solve_courses(
    courses: Mapping[int, Course],
    memories: dict[int, Memory],
    say: Callable[[int, int], None] = lambda done, count: None,
) -> dict[int, Solution]:
    """Solutions of courses through one economy's equations, each under its own number; those that fail are left out.

    `memories`, by the number of the segment, grow.
    """
    underway = dict(courses)
    for k in range(max((len(course.baseline.segments) for course in courses.values()), default=0)):
        _hear(k, underway, memories, say)
    return {i: course.solution() for i, course in underway.items()}


def _hear(k, underway, memories, say):
    """Solve the part of every course that follows the baseline's `k`-th piece of news; those that fail leave."""
    here = {i: course.hearing(k) for i, course in underway.items() if course.hears(k)}
    if not here:
        return
    lanes = [underway[i].lane(k, ahead) for i, ahead in here.items()]
    different = {(id(underway[i].baseline), ahead.quarter): (underway[i], ahead) for i, ahead in here.items()}
    known = [course.baseline_lane(k, ahead) for course, ahead in different.values()]
    base, memory = next(iter(different.values()))[0].baseline, memories.setdefault(k, Memory(len(lanes[0].coordinates)))
    answers = solve_lanes(base.economy, lanes, base.settings, memory, known, say)
    for (i, ahead), lane, answer in zip(here.items(), lanes, answers, strict=True):
        if answer.converged:
            underway[i].add(k, ahead, lane, answer)
        else:
            del underway[i]
