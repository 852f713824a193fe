"""Many calibrated economies solved together: inversion, both steady states, natural-rate twin and baseline path."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from calibration.calibrate import Calibrated, calibrate, catch_up_of
from calibration.inputs import Inputs
from calibration.inversion import invert
from model.compute.programs import program
from model.core.fields import ByName
from model.equilibrium.economy import Economy
from model.solvers.lanes import across_lanes, over_lanes
from model.solvers.outcome import Code
from model.solvers.saddle_path import SaddlePath, condensed_steady, counted
from model.solvers.steady_state import steady_state_by_continuation
from model.transition.long_run import check_initial, spurious
from model.transition.natural_rate import (
    FLEXIBILITY,
    learned_slowly,
    with_flexibility,
    with_intercept,
    with_natural_rate,
)
from model.transition.scenarios.catch_up import catch_up_path
from model.transition.solutions import BASELINE, Baseline, LongRun, NotSolved, Settings, Solution, path_problem
from model.transition.solve import between, homotopy, with_pipelines
from model.transition.sweep import Lane, Memory, outcome_of_answer, solve_lanes, sweep_devices


class _Ends(NamedTuple):
    """An economy between its two steady states, before its path is known."""

    economy: Economy
    parameters: ByName
    initial: np.ndarray  # (n,)
    start: np.ndarray  # (carried,)
    initial_saddle: SaddlePath
    long_run: LongRun
    twin_run: LongRun
    exogenous: np.ndarray  # (T + 2, instruments)


class Economies:
    """Solves economies that lie around one, that of the `inputs`; what a call learns of neighbours serves the next."""

    def __init__(self, inputs: Inputs, settings: Settings):
        self.inputs, self.settings = inputs, settings
        self._names = None

    def solve(
        self, economies: Sequence[Inputs], say: Callable[[int, int], None] = lambda done, count: None
    ) -> list[Baseline | NotSolved]:
        """Baselines of the `economies`, `Inputs`, in order: a `Baseline`, or the `NotSolved` that tells why there is none.

        Those that the batch cannot solve are solved one by one, with all the patience of `model.transition.solve.solve_baseline`.
        """
        calibrated, settings = _calibrated(economies, self.settings), self.settings
        if "belief" in calibrated[0].catch_up or self._reference is None:
            return [_alone(c, settings) for c in calibrated]
        first, reference = self._reference
        ends, places = _ends(calibrated, settings), self._places(economies)
        known = [
            (_twin_lane(first, first, reference, catch_up_of(self.inputs), 0 * places[0], settings), reference.twin)
        ]
        inside = [(i, end) for i, end in enumerate(ends) if end is not None]
        twins = [_twin_lane(end, first, reference, calibrated[i].catch_up, places[i], settings) for i, end in inside]
        found = solve_lanes(reference.economy, twins, settings, self._twins, known)
        inside = [(i, end, a.path) for (i, end), a in zip(inside, found, strict=True) if a.converged]
        known = [(_baseline_lane(first, reference.twin, reference, 0 * places[0], settings), reference.solution.path)]
        lanes = [_baseline_lane(end, twin, reference, places[i], settings) for i, end, twin in inside]
        answers = solve_lanes(reference.economy, lanes, settings, self._baselines, known, say)
        solved = {}
        for (i, end, twin), lane, answer in zip(inside, lanes, answers, strict=True):
            if answer.converged:
                solved[i] = _baseline(end, twin, lane, answer, settings)
        return [solved[i] if i in solved else _alone(c, settings) for i, c in enumerate(calibrated)]

    @cached_property
    def _reference(self):
        """The ends and the baseline of the economy that the others lie around; None where the batch cannot solve it."""
        calibrated = calibrate(smoothing=self.settings.smoothing, inputs=self.inputs)
        baseline = _alone(calibrated, self.settings)
        if isinstance(baseline, NotSolved) or (ends := _ends([calibrated], self.settings)[0]) is None:
            return None
        return ends, baseline

    def _places(self, economies):
        """Coordinates `(economies, numbers moved)`: how far each number is from the reference's, in halves of it."""
        names = sorted(set().union(self.inputs.moved, *(inputs.moved for inputs in economies)))
        if names != self._names:
            self._names = names
            self._twins, self._baselines = Memory(len(names)), Memory(len(names))
        origin = np.array([self.inputs.value(name) for name in names])
        values = np.array([[inputs.value(name) for name in names] for inputs in economies]).reshape(len(economies), -1)
        return 2 * (values - origin) / np.where(origin == 0, 1.0, np.abs(origin))


def _alone(calibrated, settings):
    try:
        return calibrated.baseline(settings)
    except NotSolved as failure:
        return failure


@program
def _inversions(economy, devices, width):
    return across_lanes(lambda smoothing, lane: invert(economy, lane, smoothing), devices, width)


@program
def _steady_states(economy, devices, width):
    solve = steady_state_by_continuation(economy)
    return across_lanes(lambda limits, lane: solve(*lane, *limits), devices, width)


@program
def _saddles(economy, devices, width):
    condensed = condensed_steady(economy)
    return across_lanes(lambda _, lane: condensed(*lane), devices, width)


def _calibrated(economies, settings):
    given = []
    for inputs in economies:
        tree = inputs.tree()
        tree.pop("catch_up")
        given.append(tree)
    economy = economies[0].economy
    found = _mapped(partial(_inversions, economy), settings.smoothing, given)
    return [
        Calibrated(solved.parameters, solved.initial, catch_up_of(inputs), inputs, economy)
        for inputs, solved in zip(economies, found, strict=True)
    ]


def _ends(calibrated, settings):
    """`_Ends` of every economy, None where a condition of the single solve fails."""
    economy = calibrated[0].economy
    initial = [np.asarray(c.economy.variables.pack(c.initial)) for c in calibrated]
    sound = [i for i, c in enumerate(calibrated) if _sound(economy, c.parameters, initial[i])]
    initial_saddles = _saddles_of(economy, [(calibrated[i].parameters, economy.at_rest, initial[i]) for i in sound])
    stages = [homotopy(economy, calibrated[i].catch_up) for i in sound]
    limits = (settings.tolerance / 10, settings.iterations * 4)
    targets = [calibrated[i].parameters.central_bank.inflation_target for i in sound]
    lanes = [(calibrated[i].parameters, s, initial[i], t) for i, s, t in zip(sound, stages, targets, strict=True)]
    steady = _mapped(partial(_steady_states, economy), limits, lanes)
    points = [(calibrated[i].parameters, s.exogenous, s.x) for i, s in zip(sound, steady, strict=True)]
    saddles = _saddles_of(economy, points)
    flexible = _saddles_of(economy, [(with_flexibility(p, FLEXIBILITY[-1]), e, x) for p, e, x in points])
    ends: list[_Ends | None] = [None] * len(calibrated)
    for i, before, s, after, twin in zip(sound, initial_saddles, steady, saddles, flexible, strict=True):
        c = calibrated[i]
        found = int(s.newton.code) == Code.CONVERGED and not spurious(economy, c.parameters, s.x)
        if found and before.determinate and after.determinate:
            learned = learned_slowly(float(s.exogenous[economy.pinned.instrument]), settings)
            path = catch_up_path(economy, c.catch_up, settings.horizon, settings.catch_up_complete)
            exogenous = with_intercept(economy, path, learned)
            start = with_pipelines(economy, initial[i], c.catch_up["pipeline"])[economy.carried]
            runs = LongRun(s, after), LongRun(s, twin)
            ends[i] = _Ends(economy, c.parameters, initial[i], np.asarray(start), before, *runs, np.asarray(exogenous))
    return ends


def _sound(economy, parameters, initial):
    try:
        check_initial(economy, parameters, initial)
    except NotSolved:
        return False
    return True


def _saddles_of(economy, points):
    found = _mapped(partial(_saddles, economy), (), points)
    return [counted(economy, condensed, rule) for condensed, rule in found]


def _mapped(made, shared, lanes):
    devices, width = sweep_devices()
    return over_lanes(made(devices, width), shared, lanes, devices, width) if lanes else []


def _twin_lane(ends, first, reference, catch_up, place, settings):
    """The twin's path, expected to lie from the reference's as far as the steady states do."""
    before, after = ends.initial - first.initial, ends.long_run.steady.x - first.long_run.steady.x
    prior = reference.twin + between(before, after, catch_up, settings.horizon)
    flexible = with_flexibility(ends.parameters, FLEXIBILITY[-1])
    return Lane(place, path_problem(flexible, ends.start, ends.exogenous, ends.twin_run, settings), prior)


def _baseline_lane(ends, twin, reference, place, settings):
    steady = ends.long_run.steady
    exogenous = with_natural_rate(ends.economy, ends.exogenous, ends.parameters, twin, steady, settings.saddle)
    prior = twin + reference.solution.path - reference.twin
    return Lane(place, path_problem(ends.parameters, ends.start, exogenous, ends.long_run, settings), prior)


def _baseline(ends, twin, lane, answer, settings):
    outcome = outcome_of_answer(ends.economy, answer, BASELINE)
    solution = Solution(BASELINE, ends.economy, lane.problem, answer.path, outcome, ends.long_run, twin=twin)
    return Baseline(solution, ends.initial, ends.initial_saddle, twin, settings)
