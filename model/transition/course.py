"""Scenarios on their way through the news of their baselines, solved together one segment after the other."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np
from jaxtyping import Float

from model.core.types import Real
from model.transition.calendar import instruments_from, path_from, state_at
from model.transition.natural_rate import nearly_flexible, with_natural_rate
from model.transition.news import Hearing, Segment, heard, hearing, lasting, twin_state, with_learned_rate
from model.transition.scenarios.scenario import Scenario
from model.transition.segments import held_after, joined
from model.transition.solutions import Baseline, NotSolved, Solution, path_problem
from model.transition.sweep import Answer, Lane, Memory, outcome_of_answer, solve_lanes

Known = tuple[Lane, Float[np.ndarray, "quarters unknowns"]]  # a solved lane
Say = Callable[[int, int], None]


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

    @property
    def _last(self):
        return self._told[-1] if self._told else None

    @property
    def joins(self) -> bool:
        """Can it be solved with others? Targets take a search, a permanent change on a baseline without news a twin of its own."""
        return not self.scenario.targets and (len(self.baseline.segments) > 1 or not self.scenario.permanent)

    def hears(self, k: int) -> bool:
        """Do its people hold the view of the `k`-th segment?"""
        return self._first <= k < len(self.baseline.segments)

    def hearing(self, k: int) -> Hearing:
        """What lies ahead in the `k`-th segment, all before it solved, of a permanent change as of `news.lasting`; raises NotSolved."""
        held = self.baseline.segments[k]
        ahead = hearing(self.baseline, held, self.scenario, self._last)
        return lasting(self.baseline, held, ahead, self._last) if self.scenario.permanent else ahead

    def lane(self, k: int, ahead: Hearing) -> Lane:
        """The path to be solved."""
        parameters = self.baseline.segments[k].solution.problem.parameters
        given = parameters, ahead.start, ahead.exogenous, ahead.long_run, self.baseline.settings
        return Lane(self._coordinates, path_problem(*given), ahead.prior)

    def baseline_lane(self, k: int, ahead: Hearing) -> Known:
        """The baseline over the same quarters."""
        held = self.baseline.segments[k]
        base, late = held.solution, ahead.quarter - held.quarter
        given = state_at(base, late), instruments_from(base.exogenous, late), base.long_run, self.baseline.settings
        path = path_from(base.path, late)
        return Lane(self._origin, path_problem(base.problem.parameters, *given), path), path

    def twin_lane(self, k: int, ahead: Hearing) -> Lane:
        """The path of the flexible-price economy behind the natural rate of a permanent change."""
        start = twin_state(self.baseline, ahead.quarter, self._last)
        return self._twin_lane(k, self._coordinates, start, ahead.exogenous, ahead.long_run, ahead.twin)

    def baseline_twin_lane(self, k: int, ahead: Hearing) -> Known:
        """That of the baseline over the same quarters."""
        held = self.baseline.segments[k]
        base, late = held.solution, ahead.quarter - held.quarter
        expected = with_learned_rate(self.baseline.economy, base.exogenous, held.learned, held.quarter)
        start, path = twin_state(self.baseline, ahead.quarter, None), path_from(held.twin, late)
        return self._twin_lane(k, self._origin, start, instruments_from(expected, late), base.long_run, path), path

    def _twin_lane(self, k, coordinates, start, exogenous, long_run, guess):
        economy, settings = self.baseline.economy, self.baseline.settings
        parameters = self.baseline.segments[k].solution.problem.parameters
        flexible, run = nearly_flexible(economy, parameters, long_run, settings)
        return Lane(coordinates, path_problem(flexible, start, exogenous, run, settings), guess)

    def with_rate(self, k: int, ahead: Hearing, twin: Float[np.ndarray, "quarters unknowns"]) -> Hearing:
        """What lies ahead with the natural rate of the solved `twin`; the path is expected to move as that does."""
        economy, steady = self.baseline.economy, ahead.long_run.steady
        parameters = self.baseline.segments[k].solution.problem.parameters
        given = economy, ahead.exogenous, parameters, twin, steady, self.baseline.settings.saddle
        return ahead._replace(exogenous=with_natural_rate(*given), prior=ahead.prior + twin - ahead.twin, twin=twin)

    def add(self, ahead: Hearing, lane: Lane, answer: Answer) -> None:
        """Go on with the answer to the `lane`."""
        name, economy = self.scenario.name, self.baseline.economy
        outcome = outcome_of_answer(economy, answer, name)
        solution = Solution(name, economy, lane.problem, answer.path, outcome, ahead.long_run)
        self._told = (*self._told, heard(ahead, solution))

    def solution(self) -> Solution:
        """What came true, all segments solved."""
        solution, twin = joined(self.scenario.name, self._told, self.scenario.announced, self.baseline.settings)
        return replace(solution, twin=twin if self.scenario.permanent else None)


def solve_courses(
    courses: Mapping[int, Course], memories: dict[Hashable, Memory], say: Say = lambda done, count: None
) -> dict[int, Solution]:
    """Solutions of courses through one economy's equations, each under its own number.

    Those that fail are left out, and those that must be solved alone. `memories` of earlier calls serve this one and grow.
    """
    underway = {i: course for i, course in courses.items() if course.joins}
    for k in range(max((len(course.baseline.segments) for course in courses.values()), default=0)):
        _hear(k, underway, memories, say)
    return {i: course.solution() for i, course in underway.items()}


def _hear(k, underway, memories, say):
    """Solve the part of every course that follows the baseline's `k`-th piece of news; those that fail leave."""
    here = {i: course for i, course in underway.items() if course.hears(k)}
    for permanent in (False, True):
        courses = {i: course for i, course in here.items() if course.scenario.permanent == permanent}
        ahead = _hearings(k, courses)
        if permanent:
            ahead = _with_rates(k, courses, ahead, memories)
        lanes = {i: courses[i].lane(k, a) for i, a in ahead.items()}
        answers = _solved(courses, ahead, lanes, partial(Course.baseline_lane, k=k), memories, (k, permanent), say)
        for i, answer in answers.items():
            courses[i].add(ahead[i], lanes[i], answer)
        for i in courses.keys() - answers.keys():
            del underway[i]


def _hearings(k, courses):
    """`Hearing` of every course that has one."""
    found = {}
    for i, course in courses.items():
        with suppress(NotSolved):
            found[i] = course.hearing(k)
    return found


def _with_rates(k, courses, ahead, memories):
    """What lies ahead of permanent changes whose natural rate is found."""
    lanes = {i: courses[i].twin_lane(k, a) for i, a in ahead.items()}
    answers = _solved(courses, ahead, lanes, partial(Course.baseline_twin_lane, k=k), memories, (k, "natural rate"))
    return {i: courses[i].with_rate(k, ahead[i], answer.path) for i, answer in answers.items()}


def _solved(courses, ahead, lanes, baseline_lane, memories, key, say=lambda done, count: None):
    """`{number: Answer}` of the lanes that are solved, near those of their baselines."""
    if not lanes:
        return {}
    different = {(id(courses[i].baseline), ahead[i].quarter): (courses[i], ahead[i]) for i in lanes}
    known = [baseline_lane(course, ahead=a) for course, a in different.values()]
    wanted = list(lanes.values())
    memory = memories.setdefault(key, Memory(len(wanted[0].coordinates)))
    baseline = next(iter(courses.values())).baseline
    answers = solve_lanes(baseline.economy, wanted, baseline.settings, memory, known, say)
    return {i: answer for i, answer in zip(lanes, answers, strict=True) if answer.converged}
