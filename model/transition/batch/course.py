"""Scenarios on their way through the news of their baselines, solved together one segment after the other."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from jaxtyping import Float

from model.core.types import Real
from model.transition.batch.long_runs import Wanted, solve_long_runs
from model.transition.batch.sweep import Answer, Lane, Memory, outcome_of_answer, solve_lanes
from model.transition.calendar import instruments_from, path_from, state_at
from model.transition.long_run.natural_rate import nearly_flexible, with_flexibility, with_natural_rate
from model.transition.long_run.steady_states import stages_onward
from model.transition.news import Hearing, Segment, heard, hearing, lasting, twin_state, with_learned_rate
from model.transition.scenarios.scenario import Scenario
from model.transition.segments import held_after, joined
from model.transition.solutions import Baseline, LongRun, Solution, path_problem

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
        """Can it be solved with others? Targets take a search."""
        return not self.scenario.targets

    def hears(self, k: int) -> bool:
        """Do its people hold the view of the `k`-th segment?"""
        return self._first <= k < len(self.baseline.segments)

    def hearing(self, k: int) -> Hearing:
        """What lies ahead in the `k`-th segment, all before it solved; of a permanent change not yet as of `lasting`."""
        return hearing(self.baseline, self.baseline.segments[k], self.scenario, self._last)

    def long_run(self, k: int, ahead: Hearing) -> Wanted:
        """The long run of a permanent change that is to be found."""
        stages = stages_onward(self.baseline.economy, ahead.long_run, ahead.exogenous[-1])
        return Wanted(self._parameters(k), stages, ahead.long_run.steady.x)

    def lasting(self, k: int, ahead: Hearing, long_run: LongRun) -> Hearing:
        """What lies ahead of a permanent change with the long run that was found, as of `news.lasting`."""
        return lasting(self.baseline, self.baseline.segments[k], ahead, self._last, long_run)

    def lane(self, k: int, ahead: Hearing) -> Lane:
        """The path to be solved."""
        given = self._parameters(k), ahead.start, ahead.exogenous, ahead.long_run, self.baseline.settings
        return Lane(self._coordinates, path_problem(*given), ahead.prior)

    def _parameters(self, k):
        return self.baseline.segments[k].solution.problem.parameters

    def baseline_lane(self, k: int, ahead: Hearing) -> Known:
        """The baseline over the same quarters."""
        held = self.baseline.segments[k]
        base, late = held.solution, ahead.quarter - held.quarter
        given = state_at(base, late), instruments_from(base.exogenous, late), base.long_run, self.baseline.settings
        path = path_from(base.path, late)
        return Lane(self._origin, path_problem(base.problem.parameters, *given), path), path

    def twin_lane(self, k: int, ahead: Hearing, run: LongRun) -> Lane:
        """The path of the flexible-price economy behind the natural rate of a permanent change, to its long `run`."""
        start = twin_state(self.baseline, ahead.quarter, self._last)
        flexible = with_flexibility(self._parameters(k))
        problem = path_problem(flexible, start, ahead.exogenous, run, self.baseline.settings)
        return Lane(self._coordinates, problem, ahead.twin)

    def baseline_twin_lane(self, k: int, ahead: Hearing) -> Known:
        """That of the baseline over the same quarters."""
        held = self.baseline.segments[k]
        base, late = held.solution, ahead.quarter - held.quarter
        economy, settings = self.baseline.economy, self.baseline.settings
        exogenous = with_learned_rate(economy, base.exogenous, held.learned, held.quarter)
        flexible, run = nearly_flexible(economy, self._parameters(k), base.long_run, settings)
        start, path = twin_state(self.baseline, ahead.quarter, None), path_from(held.twin, late)
        problem = path_problem(flexible, start, instruments_from(exogenous, late), run, settings)
        return Lane(self._origin, problem, path), path

    def with_rate(self, k: int, ahead: Hearing, twin: Float[np.ndarray, "quarters unknowns"]) -> Hearing:
        """What lies ahead with the natural rate of the solved `twin`; the path is expected to move as that does."""
        economy, steady = self.baseline.economy, ahead.long_run.steady
        given = economy, ahead.exogenous, self._parameters(k), twin, steady, self.baseline.settings.saddle
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

    Those that fail are left out, and those that must be solved alone. `memories` of earlier calls serve this one and grow. `say`
    hears how many of all views are solved, one a piece of news and course.
    """
    underway = {i: course for i, course in courses.items() if course.joins}
    news = range(max((len(course.baseline.segments) for course in courses.values()), default=0))
    part = _parts_of(say, sum(course.hears(k) for course in underway.values() for k in news))
    for k in news:
        _hear(k, underway, memories, part)
    return {i: course.solution() for i, course in underway.items()}


def _parts_of(say, total):
    """`part(count)` is what is heard of the next `count` of the `total`."""
    begun = 0

    def part(count):
        nonlocal begun
        before, begun = begun, begun + count
        return lambda done, _: say(before + done, total)

    return part


def _hear(k, underway, memories, part):
    """Solve the part of every course that follows the baseline's `k`-th piece of news; those that fail leave."""
    here = {i: course for i, course in underway.items() if course.hears(k)}
    for permanent in (False, True):
        courses = {i: course for i, course in here.items() if course.scenario.permanent == permanent}
        ahead = {i: course.hearing(k) for i, course in courses.items()}
        if permanent:
            ahead = _with_rates(k, courses, ahead, memories)
        lanes = {i: courses[i].lane(k, a) for i, a in ahead.items()}
        answers = _solved(
            courses, ahead, lanes, partial(Course.baseline_lane, k=k), memories, (k, permanent), part(len(lanes))
        )
        for i, answer in answers.items():
            courses[i].add(ahead[i], lanes[i], answer)
        for i in courses.keys() - answers.keys():
            del underway[i]


def _with_rates(k, courses, ahead, memories):
    """What lies ahead of permanent changes whose long run and natural rate are found."""
    if not ahead:
        return {}
    baseline = next(iter(courses.values())).baseline
    wanted = [courses[i].long_run(k, a) for i, a in ahead.items()]
    found = zip(ahead, solve_long_runs(baseline.economy, wanted, baseline.settings), strict=True)
    runs = {i: both for i, both in found if both}
    ahead = {i: courses[i].lasting(k, ahead[i], run) for i, (run, _) in runs.items()}
    lanes = {i: courses[i].twin_lane(k, ahead[i], twin_run) for i, (_, twin_run) in runs.items()}
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
