"""Many calibrated economies solved together: inversion, both steady states, natural-rate twin and baseline path."""

from typing import NamedTuple

import jax
import numpy as np

from calibration.calibrate import calibrate, catch_up_of
from calibration.inversion import invert
from model.core.programs import program
from model.equilibrium.nouns import VARIABLES
from model.scenarios.catch_up import at_rest, catch_up_path, terminal_instruments
from model.solve import (
    BASELINE,
    ECONOMY,
    FLEXIBILITY,
    HOMOTOPY_STEPS,
    RSTAR,
    Baseline,
    LongRun,
    NotSolved,
    Solution,
    between,
    check_initial,
    learned_slowly,
    path_problem,
    spurious,
    with_flexibility,
    with_intercept,
    with_natural_rate,
    with_pipelines,
)
from model.solvers.lanes import across_lanes, lane_of, over_lanes, stacked
from model.solvers.outcome import Code
from model.solvers.saddle_path import condensed_steady, counted
from model.solvers.steady_state import steady_state_by_continuation
from model.sweep import Experience, Lane, outcome_of_answer, solve_lanes, sweep_devices


class _Ends(NamedTuple):
    """An economy between its two steady states, before its path is known."""

    parameters: object
    initial: np.ndarray  # (n,)
    start: np.ndarray  # (carried,)
    initial_saddle: object
    long_run: LongRun
    twin_run: LongRun
    exogenous: np.ndarray  # (T + 2, instruments)


def solve_economies(economies, settings, say=lambda done, count: None):
    """Baselines of calibrated economies, in order: a `Baseline`, or the `NotSolved` that tells why there is none.

    `economies` are `Inputs`; the first is where the others start from. Those that the batch cannot solve are solved one by
    one, with all the patience of `model.solve.solve_baseline`.
    """
    calibrated = _calibrated(economies, settings)
    reference = calibrated[0].baseline(settings)
    ends = _ends(calibrated, settings)
    places = _places(economies)
    inside = [i for i, end in enumerate(ends) if end is not None]
    twins = [_twin_lane(ends[i], ends[0], reference, calibrated[i].catch_up, places[i], settings) for i in inside]
    found = solve_lanes(twins, settings, Experience(places.shape[1]))
    inside = [(i, a.path) for i, a in zip(inside, found, strict=True) if a.converged]
    lanes = [_baseline_lane(ends[i], twin, reference, places[i], settings) for i, twin in inside]
    answers = solve_lanes(lanes, settings, Experience(places.shape[1]), say=say)
    solved = {}
    for (i, twin), lane, answer in zip(inside, lanes, answers, strict=True):
        if answer.converged:
            solved[i] = _baseline(ends[i], twin, lane, answer, settings)
    return [solved[i] if i in solved else _alone(calibrated[i], settings) for i in range(len(economies))]


def _alone(calibrated, settings):
    try:
        return calibrated.baseline(settings)
    except NotSolved as failure:
        return failure


@program
def _inversions():
    return jax.vmap(invert, (0, None))


@program
def _steady_states(devices, width):
    solve = steady_state_by_continuation(ECONOMY)
    return across_lanes(lambda limits, lane: solve(*lane, *limits), devices, width)


@program
def _saddles(devices, width):
    condensed = condensed_steady(ECONOMY)
    return across_lanes(lambda _, lane: condensed(*lane), devices, width)


def _calibrated(economies, settings):
    first = calibrate(smoothing=settings.smoothing, inputs=economies[0])
    given = []
    for inputs in economies:
        tree = inputs.tree()
        tree.pop("catch_up")
        given.append(tree)
    parameters, initial = jax.device_get(_inversions()(stacked(given), settings.smoothing))
    rest = [
        first._replace(
            parameters=lane_of(parameters, i),
            initial=lane_of(initial, i),
            catch_up=catch_up_of(economies[i]),
            inputs=economies[i],
        )
        for i in range(1, len(economies))
    ]
    return [first, *rest]


def _ends(calibrated, settings):
    """`_Ends` of every economy, None where a condition of the single solve fails."""
    initial = [np.asarray(VARIABLES.pack(c.initial)) for c in calibrated]
    sound = [i for i, c in enumerate(calibrated) if _sound(c.parameters, initial[i])]
    initial_saddles = _saddles_of([(calibrated[i].parameters, at_rest(), initial[i]) for i in sound])
    stages = [
        np.array(
            [terminal_instruments(calibrated[i].catch_up, k / HOMOTOPY_STEPS) for k in range(1, HOMOTOPY_STEPS + 1)]
        )
        for i in sound
    ]
    limits = (settings.tolerance / 10, settings.iterations * 4)
    targets = [calibrated[i].parameters.central_bank.inflation_target for i in sound]
    lanes = [(calibrated[i].parameters, s, initial[i], t) for i, s, t in zip(sound, stages, targets, strict=True)]
    steady = _mapped(_steady_states, limits, lanes)
    points = [(calibrated[i].parameters, s.exogenous, s.x) for i, s in zip(sound, steady, strict=True)]
    saddles = _saddles_of(points)
    flexible = _saddles_of([(with_flexibility(p, FLEXIBILITY[-1]), e, x) for p, e, x in points])
    ends = [None] * len(calibrated)
    for i, before, s, after, twin in zip(sound, initial_saddles, steady, saddles, flexible, strict=True):
        c = calibrated[i]
        found = int(s.newton.code) == Code.CONVERGED and not spurious(c.parameters, s.x)
        if found and before.determinate and after.determinate:
            learned = learned_slowly(float(s.exogenous[RSTAR]), settings.horizon)
            exogenous = with_intercept(catch_up_path(c.catch_up, settings.horizon), learned)
            start = with_pipelines(initial[i], c.catch_up["pipeline"])[ECONOMY.carried]
            runs = LongRun(s, after), LongRun(s, twin)
            ends[i] = _Ends(c.parameters, initial[i], start, before, *runs, exogenous)
    return ends


def _sound(parameters, initial):
    try:
        check_initial(parameters, initial)
    except NotSolved:
        return False
    return True


def _saddles_of(points):
    return [counted(ECONOMY, condensed, rule) for condensed, rule in _mapped(_saddles, (), points)]


def _mapped(program, shared, lanes):
    devices, width = sweep_devices()
    return over_lanes(program(devices, width), shared, lanes, devices, width) if lanes else []


def _places(economies):
    """Coordinates `(economies, numbers that differ)`."""
    names = sorted(set().union(*(inputs.moved for inputs in economies)))
    values = np.array([[inputs.value(name) for name in names] for inputs in economies]).reshape(len(economies), -1)
    spread = np.ptp(values, axis=0)
    return values[:, spread > 0] / spread[spread > 0]


def _twin_lane(ends, first, reference, catch_up, place, settings):
    """The twin's path, expected to lie from the reference's as far as the steady states do."""
    shift = [ends.initial - first.initial, ends.long_run.steady.x - first.long_run.steady.x]
    prior = reference.twin + between(*shift, catch_up, settings.horizon)
    flexible = with_flexibility(ends.parameters, FLEXIBILITY[-1])
    return Lane(place, path_problem(flexible, ends.start, ends.exogenous, ends.twin_run, settings), prior)


def _baseline_lane(ends, twin, reference, place, settings):
    exogenous = with_natural_rate(ends.exogenous, ends.parameters, twin, ends.long_run.steady)
    prior = twin + reference.solution.path - reference.twin
    return Lane(place, path_problem(ends.parameters, ends.start, exogenous, ends.long_run, settings), prior)


def _baseline(ends, twin, lane, answer, settings):
    outcome = outcome_of_answer(answer, BASELINE)
    solution = Solution(BASELINE, lane.problem, answer.path, outcome, ends.long_run)
    return Baseline(solution, ends.initial, ends.initial_saddle, twin, settings)
