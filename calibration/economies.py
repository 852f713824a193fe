"""Many calibrated economies solved together: inversion, both steady states, natural-rate twins and baseline paths."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from calibration.calibrate import Calibrated, calibrate, catch_up_of, gradually
from calibration.inputs import Inputs
from calibration.inversion import invert
from model.compute.programs import program
from model.compute.side_by_side import side_by_side
from model.core.types import Real
from model.solvers.batch.lanes import across_lanes
from model.solvers.first_order.saddle_path import SaddlePath
from model.solvers.outcome import Code
from model.transition.batch.long_runs import Place, Wanted, saddle_paths, solve_long_runs
from model.transition.batch.sweep import Lane, Memory, on_all_devices, outcome_of_answer, solve_lanes
from model.transition.calendar import instruments_from, state_at
from model.transition.long_run.natural_rate import learned_rate, with_flexibility, with_natural_rate
from model.transition.long_run.steady_states import check_initial, stages_from_rest, stages_onward
from model.transition.news import arrival, carried_by_twin, next_segment, with_learned_rate
from model.transition.scenarios.catch_up import View, views_of
from model.transition.segments import baseline_of
from model.transition.solutions import (
    BASELINE,
    Baseline,
    LongRun,
    NotSolved,
    Segment,
    Settings,
    Solution,
    path_problem,
)
from model.transition.solve import between, catch_up_weights, with_pipelines


class _Course(NamedTuple):
    """An economy on its way through the news; `told` are the segments solved so far."""

    calibrated: Calibrated
    initial: np.ndarray  # (n,)
    start: np.ndarray  # (carried,)
    initial_saddle: SaddlePath
    views: tuple[View, ...]
    told: tuple[Segment, ...]
    place: np.ndarray  # coordinates


class _Ahead(NamedTuple):
    """What an economy has before it at a piece of news, its natural rate not yet known."""

    quarter: int
    exogenous: Real  # (T + 2, instruments)
    learned: Real  # (T + 1,)
    long_run: LongRun
    twin_run: LongRun


class Economies:
    """Solves economies that lie around one, that of the `inputs`; what a call learns of neighbours serves the next."""

    def __init__(self, inputs: Inputs, settings: Settings):
        self.inputs, self.settings = inputs, settings
        self._names, self._near, self._unit = None, [], np.zeros(0)

    def solve(
        self, economies: Sequence[Inputs], say: Callable[[int, int], None] = lambda done, count: None
    ) -> list[Baseline | NotSolved]:
        """Baselines of the `economies`, `Inputs`, in order: a `Baseline`, or the `NotSolved` that tells why there is none.

        `say` hears how many of all views are solved, one a piece of news and economy. What the batch cannot solve after one piece
        of news is solved alone, and where that fails too, the whole economy, with all the patience of
        `model.transition.solve.solve_baseline`.
        """
        calibrated, settings = _calibrated(economies, self.settings), self.settings
        near = self.reference
        if isinstance(near, NotSolved):
            return list(side_by_side(lambda c: _alone(c, settings), calibrated))
        courses = _courses(calibrated, self._places(near, economies), settings)
        views = len(near.segments)
        for k in range(views):
            before = k * len(calibrated)
            courses = self._told(courses, k, lambda done, _, before=before: say(before + done, views * len(calibrated)))
        solved = {i: _baseline(course, settings) for i, course in courses.items()}
        left = [i for i in range(len(calibrated)) if i not in solved]
        alone = side_by_side(lambda i: self._alone_near(calibrated[i], near), left)
        found = solved | dict(zip(left, alone, strict=True))
        return [found[i] for i in range(len(calibrated))]

    def _alone_near(self, calibrated, near):
        """As `_alone`, from the reference, and where that fails by way of economies between them."""
        found = _alone(calibrated, self.settings, near)
        if not isinstance(found, NotSolved) or found.outcome.code == Code.INFEASIBLE or len(near.segments) == 1:
            return found
        try:
            return gradually(self.inputs, near, calibrated.inputs, self.settings)
        except NotSolved:
            return found

    def _told(self, courses, k, say):
        """The courses that have a path after the `k`-th piece of news too, with it."""
        near, settings = self._near[k], self.settings
        ahead = _ahead(courses, k, settings)
        twins = [_twin_lane(courses[i], ahead[i], near, settings) for i in ahead]
        found = solve_lanes(near.economy, twins, settings, self._twins[k], [near.twin_lane])
        paths = {i: answer.path for i, answer in zip(ahead, found, strict=True) if answer.converged}
        lanes = {i: _baseline_lane(courses[i], ahead[i], path, near, settings) for i, path in paths.items()}
        found = solve_lanes(near.economy, list(lanes.values()), settings, self._baselines[k], [near.baseline_lane], say)
        onward = {}
        for (i, lane), answer in zip(lanes.items(), found, strict=True):
            if answer.converged:
                onward[i] = _with_segment(courses[i], ahead[i], lane, answer, paths[i])
        left = [i for i in courses if i not in onward]
        found = side_by_side(lambda i: _alone_onward(courses[i], settings), left)
        return onward | {i: course for i, course in zip(left, found, strict=True) if course}

    @cached_property
    def reference(self) -> Baseline | NotSolved:
        """The baseline of the economy that the others lie around."""
        return _alone(calibrate(smoothing=self.settings.smoothing, inputs=self.inputs), self.settings)

    def _places(self, near, economies):
        """Coordinates `(economies, numbers moved)`: how far each number is from the reference's.

        The unit is half of the reference's, or how far the number is moved by the first economies that move these numbers.
        """
        names = sorted(set().union(self.inputs.moved, *(inputs.moved for inputs in economies)))
        origin = np.array([self.inputs.value(name) for name in names])
        values = np.array([[inputs.value(name) for name in names] for inputs in economies]).reshape(len(economies), -1)
        away = values - origin
        if names != self._names:
            self._names, self._near = names, _all_near(near, np.zeros(len(names)))
            self._twins, self._baselines = ([Memory(len(names)) for _ in self._near] for _ in range(2))
            unit = np.maximum(np.abs(origin) / 2, np.abs(away).max(0))
            self._unit = np.where(unit == 0, 1.0, unit)
        return away / self._unit


def _all_near(baseline, origin):
    """`_Near` of every segment of the reference."""
    steady = [(_flexible(s), s.solution.long_run.steady) for s in baseline.segments]
    saddles = saddle_paths(baseline.economy, [Place(p, s.exogenous, s.x) for p, s in steady])
    return [_Near(baseline, k, saddle, origin) for k, saddle in enumerate(saddles)]


class _Near:
    """A segment of the reference, solved: its steady states, its paths, and the lanes whose factors others borrow."""

    def __init__(self, baseline: Baseline, k: int, flexible: SaddlePath, origin: np.ndarray):
        segment, settings = baseline.segments[k], baseline.settings
        self.economy, self.initial = baseline.economy, baseline.initial
        self.before, self.segment = baseline.segments[k - 1] if k else None, segment
        problem, twin_run = segment.solution.problem, segment.solution.long_run._replace(saddle=flexible)
        start = problem.start if self.before is None else carried_by_twin(self.economy, self.before, segment.quarter)
        exogenous = with_learned_rate(self.economy, segment.solution.exogenous, segment.learned, segment.quarter)
        twin_problem = path_problem(_flexible(segment), start, exogenous, twin_run, settings)
        self.twin_lane = Lane(origin, twin_problem, segment.twin), segment.twin
        self.baseline_lane = Lane(origin, problem, segment.solution.path), segment.solution.path


def _flexible(segment):
    return with_flexibility(segment.solution.problem.parameters)


def _alone(calibrated, settings, near=None):
    try:
        return calibrated.baseline(settings, near=near.segments if near and len(near.segments) > 1 else ())
    except NotSolved as failure:
        return failure


@program
def _inversions(economy, devices, width):
    return across_lanes(lambda smoothing, lane: invert(economy, lane, smoothing), devices, width)


def _calibrated(economies, settings):
    given = []
    for inputs in economies:
        tree = inputs.tree()
        tree.pop("catch_up")
        given.append(tree)
    economy = economies[0].economy
    found = on_all_devices(partial(_inversions, economy), settings.smoothing, given)
    return [
        Calibrated(solved.parameters, solved.initial, catch_up_of(inputs), inputs, economy)
        for inputs, solved in zip(economies, found, strict=True)
    ]


def _courses(calibrated, places, settings):
    """`{position: _Course}` of every economy whose start and initial steady state are sound."""
    economy = calibrated[0].economy
    initial = [np.asarray(economy.variables.pack(c.initial)) for c in calibrated]
    sound = [i for i, c in enumerate(calibrated) if _sound(economy, c.parameters, initial[i])]
    saddles = saddle_paths(economy, [Place(calibrated[i].parameters, economy.at_rest, initial[i]) for i in sound])
    courses = {}
    for i, saddle in zip(sound, saddles, strict=True):
        if saddle.determinate:
            c = calibrated[i]
            start = np.asarray(with_pipelines(economy, initial[i], c.catch_up["pipeline"])[economy.carried])
            views = views_of(economy, c.catch_up, settings.horizon, settings.catch_up_complete)
            courses[i] = _Course(c, initial[i], start, saddle, views, (), places[i])
    return courses


def _sound(economy, parameters, initial):
    try:
        check_initial(economy, parameters, initial)
    except NotSolved:
        return False
    return True


def _ahead(courses, k, settings):
    """`{position: _Ahead}` of every course whose long run after the `k`-th piece of news exists and is determinate."""
    if not courses:
        return {}
    economy = next(iter(courses.values())).calibrated.economy
    found = _long_runs(economy, courses, k, settings)
    ahead = {}
    for i, (long_run, twin_run) in found.items():
        course, (quarter, exogenous) = courses[i], courses[i].views[k]
        rate = float(long_run.steady.exogenous[economy.pinned.instrument])
        before = course.told[-1].learned if course.told else None
        learned = learned_rate(before, quarter, rate, settings)
        window = with_learned_rate(economy, instruments_from(np.asarray(exogenous), quarter), learned, quarter)
        ahead[i] = _Ahead(quarter, window, learned, long_run, twin_run)
    return ahead


def _long_runs(economy, courses, k, settings):
    """`{position: (long run, that of the flexible-price economy)}` where they exist and are determinate."""
    wanted = []
    for course in courses.values():
        parameters, terminal = course.calibrated.parameters, np.asarray(course.views[k].exogenous)[-1]
        if course.told:
            before = course.told[-1].solution.long_run
            stages, guess = stages_onward(economy, before, terminal), np.asarray(before.steady.x)
        else:
            stages, guess = stages_from_rest(economy, terminal), course.initial
        wanted.append(Wanted(parameters, stages, guess))
    found = solve_long_runs(economy, wanted, settings)
    return {i: runs for i, runs in zip(courses, found, strict=True) if runs}


def _starts(course, quarter):
    """What the economy and its flexible-price twin carry into a quarter of news."""
    if not course.told:
        return course.start, course.start
    last = course.told[-1]
    return state_at(last.solution, quarter - last.quarter), carried_by_twin(course.calibrated.economy, last, quarter)


def _twin_lane(course, ahead, near, settings):
    """The twin's path, expected to lie from the reference's as far as what came before it and the steady states do."""
    after = ahead.long_run.steady.x - near.segment.solution.long_run.steady.x
    if near.before is None:
        away = between(course.initial - near.initial, after, course.calibrated.catch_up, settings.horizon)
    else:
        elapsed = ahead.quarter - near.before.quarter
        here = course.told[-1].twin[elapsed] - near.before.twin[elapsed]
        away = here + arrival(settings) * (after - here)
    flexible = with_flexibility(course.calibrated.parameters)
    start = _starts(course, ahead.quarter)[1]
    problem = path_problem(flexible, start, ahead.exogenous, ahead.twin_run, settings)
    return Lane(course.place, problem, near.segment.twin + np.asarray(away))


def _baseline_lane(course, ahead, twin, near, settings):
    economy, parameters = course.calibrated.economy, course.calibrated.parameters
    steady = ahead.long_run.steady
    exogenous = with_natural_rate(economy, ahead.exogenous, parameters, twin, steady, settings.saddle)
    prior = twin + near.segment.solution.path - near.segment.twin
    start = _starts(course, ahead.quarter)[0]
    return Lane(course.place, path_problem(parameters, start, exogenous, ahead.long_run, settings), prior)


def _with_segment(course, ahead, lane, answer, twin):
    economy = course.calibrated.economy
    outcome = outcome_of_answer(economy, answer, BASELINE)
    solution = Solution(BASELINE, economy, lane.problem, answer.path, outcome, ahead.long_run, ahead.quarter)
    return course._replace(told=(*course.told, Segment(ahead.quarter, solution, twin, ahead.learned)))


def _alone_onward(course, settings):
    """The course with its next segment, solved as if there were no others; None where there is none."""
    c, view = course.calibrated, course.views[len(course.told)]
    weights = catch_up_weights(c.catch_up, settings.horizon)
    given = c.economy, c.parameters, course.initial, course.start, view, weights, settings, course.told
    with suppress(NotSolved):
        return course._replace(told=(*course.told, next_segment(*given)))
    return None


def _baseline(course, settings):
    return baseline_of(course.told, course.initial, course.initial_saddle, settings)
