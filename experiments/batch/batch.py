"""Many economies and scenarios solved and certified as one batch, each with the answer that a run of its own would give."""

from functools import partial
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from calibration import calibrate
from calibration.economies import Economies
from calibration.inputs import Inputs
from experiments.answer.certificate import BASELINE_DESCRIPTION, certified, refused, without_baseline
from model.compute.programs import program
from model.compute.side_by_side import side_by_side
from model.equilibrium.outcomes.report import report_on
from model.solvers.batch.lanes import across_lanes, lanes_at_once, stacked
from model.transition.batch.ahead import blank, sweep_ahead, sweep_in_making
from model.transition.batch.course import Course, solve_courses
from model.transition.batch.long_runs import Place, saddle_paths
from model.transition.batch.sweep import Lane, Memory, on_all_devices, solve_lanes, sweep_devices
from model.transition.calendar import checking, gap_from, on_calendar, second_half
from model.transition.long_run.natural_rate import twin_beyond, with_flexibility, with_natural_rate
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import BASELINE, NotSolved, Solution, path_problem
from model.transition.solve import horizon_gap, solve_conditions, solve_scenario

POINTS = 256  # of one batch, about
FEW = 8  # points that are sooner solved one by one than the program that solves many together is made


class Point(NamedTuple):
    """A scenario, or the baseline if there is none, of the economy with these inputs.

    `coordinates` are as of `sweep.Lane`; `origin` are those of the economy's baseline.
    """

    inputs: Inputs
    scenario: Scenario | None
    coordinates: tuple
    origin: tuple

    @property
    def economy(self):
        return self.inputs.numbers


class _Path(NamedTuple):
    """A solution and the baseline it belongs to."""

    baseline: object
    solution: Solution
    name: str
    description: str
    coordinates: tuple


class Batch:
    """Solves points that share `settings`; `inputs` are the economy that others start from.

    What one call learns of neighbours, and the economies it solved, serve the next. `distribution`: answers have the
    outcomes on poverty, inequality and top shares. Every baseline follows the targets of `conditions`, if there are some.
    What `economies` around the same `inputs`, an `Economies`, have learned before serves this batch too.
    """

    def __init__(self, inputs, settings, coordinates, distribution=True, conditions=None, economies=None):
        self.inputs, self.settings, self.economy = inputs, settings, inputs.economy
        self._distribution, self._conditions = distribution, conditions
        self._coordinates = coordinates
        self._economies = economies or Economies(inputs, settings)
        self._whole = {}  # Memory by what `solve_courses` solves together
        self._later = Memory(coordinates), Memory(coordinates)  # second halves of twins and of paths
        self._baselines = {}  # Baseline or NotSolved by economy
        self._solved = {}  # its Solved

    def solve(self, points, say=lambda line: None):
        """`(baselines, solved)`, in the order of the points: the `Solved` of each one's baseline and of itself."""
        new = self._solve_economies(points, say)
        solutions = self._solve_scenarios(points, say)
        origins = {p.economy: p.origin for p in points}
        paths = [
            _Path(self._baselines[key], self._baselines[key].solution, BASELINE, BASELINE_DESCRIPTION, origins[key])
            for key in new
        ]
        paths += [
            _Path(self._baselines[p.economy], solutions[i], p.scenario.name, p.scenario.description, p.coordinates)
            for i, p in enumerate(points)
            if i in solutions
        ]
        memory = None if self._sooner_alone(paths) else self._later
        found = iter(certify(self.economy, paths, self.settings, memory, self._distribution))
        self._solved |= {key: next(found) for key in new}
        baselines = [self._solved[p.economy] for p in points]
        solved = []
        for i, (point, baseline) in enumerate(zip(points, baselines, strict=True)):
            own = next(found) if i in solutions else baseline
            if point.scenario is None or baseline.certified:
                solved.append(own)
            else:
                reason = baseline.certificate["reason"]
                solved.append(without_baseline(point.scenario, self.settings, reason, self.economy.units))
        return baselines, solved

    def forget_economies(self, most=0):
        """Give back the memory of the economies solved so far where they are more than `most`; what was learned of neighbours stays.

        The economy that others start from is kept.
        """
        if len(self._baselines) <= most:
            return
        for known in (self._baselines, self._solved):
            for economy in known.keys() - {self.inputs.numbers}:
                del known[economy]

    def reference(self):
        """`Solved` of the baseline of the economy that others start from."""
        place = (0.0,) * self._coordinates
        return self.solve([Point(self.inputs, None, place, place)])[1][0]

    def _solve_economies(self, points, say):
        """Solve the economies not met before; those of them that have a baseline."""
        new = {p.economy: p.inputs for p in points if p.economy not in self._baselines}
        if not new:
            return []
        if list(new) == [self.inputs.numbers]:
            _programs_ahead(self.inputs, self.settings, self._distribution)
            found = {self.inputs.numbers: self._economies.reference}
        else:
            economies = list(new.values())
            answers = self._economies.solve(
                economies, lambda done, count: say(f"baselines: {done} of {count} views of the future")
            )
            found = dict(zip(new, answers, strict=True))
        found = {key: self._conditioned(baseline) for key, baseline in found.items()}
        self._baselines |= found
        refusals = {key: failure for key, failure in found.items() if isinstance(failure, NotSolved)}
        for key, failure in refusals.items():
            self._solved[key] = refused(
                BASELINE, BASELINE_DESCRIPTION, failure.outcome, self.settings, self.economy.units
            )
        return [key for key in found if key not in refusals]

    def _solve_scenarios(self, points, say):
        """Solutions by position of the point, for those with a scenario and a baseline.

        Targets are solved each alone, as are permanent changes where no news comes, and what the batch cannot solve.
        """
        wanted = [i for i, p in enumerate(points) if p.scenario and self._has_baseline(p)]
        courses = {i: self._course(points[i]) for i in wanted}
        solutions = {}
        if not self._sooner_alone(courses):
            solutions = solve_courses(
                courses, self._whole, lambda done, count: say(f"scenarios: {done} of {count} views of the future")
            )
        left = [i for i in wanted if i not in solutions]
        found = side_by_side(lambda i: solve_scenario(courses[i].baseline, courses[i].scenario), left)
        for done, (i, solution) in enumerate(zip(left, found, strict=True), 1):
            solutions[i] = solution
            say(f"alone {done}/{len(left)}")
        return solutions

    def _sooner_alone(self, paths):
        return len(paths) <= FEW and sweep_in_making(self.economy)

    def _course(self, point):
        scenario = point.scenario.later(self.economy.units.first_shown)
        return Course(self._baselines[point.economy], scenario, point.coordinates, point.origin)

    def _conditioned(self, baseline):
        if self._conditions is None or isinstance(baseline, NotSolved):
            return baseline
        try:
            return solve_conditions(baseline, self._conditions.later(self.economy.units.first_shown))
        except NotSolved as failure:
            return failure

    def _has_baseline(self, point):
        return not isinstance(self._baselines[point.economy], NotSolved)


def _programs_ahead(inputs, settings, distribution):
    """Begin to make what a sweep needs."""
    calibrated = calibrate(smoothing=settings.smoothing, inputs=inputs)
    sweep_ahead(calibrated.economy, calibrated.parameters, calibrated.initial, settings)
    _reports_ahead(calibrated, settings, distribution)


def certify(economy, paths, settings, memory, distribution):
    """`Solved` of every `_Path`, with reports, on the `distribution` too, and horizon checks: together where there is a `memory`."""
    good = [path for path in paths if path.solution.outcome.converged]
    if memory is None:
        gaps = side_by_side(lambda path: horizon_gap(path.solution, settings), good)
    else:
        gaps = _horizon_gaps(economy, good, settings, memory)
    placed = [on_calendar(path.baseline, path.solution) for path in good]
    reports = _reports(economy, placed, [path.baseline.initial for path in good], distribution)
    answers = iter(zip(placed, reports, gaps, strict=True))
    solved = []
    for path in paths:
        if not path.solution.outcome.converged:
            solved.append(refused(path.name, path.description, path.solution.outcome, settings, economy.units))
            continue
        (_, levels), report, gap = next(answers)
        solved.append(certified(path.baseline, path.solution, path.name, path.description, levels, report, gap))
    return solved


def _horizon_gaps(economy, paths, settings, memories):
    """`model.transition.solve.horizon_gap` of every path, solved together."""
    twins, wholes = memories
    settings, lanes = checking(settings), {}
    halves = [second_half(path.solution, settings) for path in paths]
    own = [i for i, path in enumerate(paths) if path.solution.twin is not None and settings.saddle]
    windows = {i: window for i, (_, window, _) in enumerate(halves) if i not in own}
    windows |= _with_rates_beyond(economy, {i: (paths[i], halves[i][1]) for i in own}, settings, twins)
    for i, window in sorted(windows.items()):
        solution, (start, _, guess) = paths[i].solution, halves[i]
        problem = path_problem(solution.problem.parameters, start, window, solution.long_run, settings)
        lanes[i] = Lane(np.array(paths[i].coordinates), problem, guess)
    answers = dict(zip(lanes, solve_lanes(economy, list(lanes.values()), settings, wholes), strict=True))
    return [
        gap_from(answers[i].path, path.solution, settings)
        if i in answers and answers[i].converged
        else horizon_gap(path.solution, settings)
        for i, path in enumerate(paths)
    ]


def _with_rates_beyond(economy, wanted, settings, memory):
    """Instruments of second halves, `{number: (path, instruments)}`, with their natural rates found anew, of those that are found."""
    if not wanted:
        return {}
    solutions = [path.solution for path, _ in wanted.values()]
    flexible = [with_flexibility(s.problem.parameters) for s in solutions]
    ends = [s.long_run.steady for s in solutions]
    saddles = saddle_paths(economy, [Place(p, e.exogenous, e.x) for p, e in zip(flexible, ends, strict=True)])
    lanes = []
    for (path, window), p, saddle in zip(wanted.values(), flexible, saddles, strict=True):
        start, guess = twin_beyond(path.solution, settings)
        problem = path_problem(p, start, window, path.solution.long_run._replace(saddle=saddle), settings)
        lanes.append(Lane(np.array(path.coordinates), problem, guess))
    found = {}
    answers = solve_lanes(economy, lanes, settings, memory)
    for (i, (path, window)), answer in zip(wanted.items(), answers, strict=True):
        if answer.converged:
            given = economy, window, path.solution.problem.parameters, answer.path, path.solution.long_run.steady
            found[i] = with_natural_rate(*given, settings.saddle)
    return found


@program
def _report_program(economy, distribution, devices, width):
    report = report_on(economy, distribution)
    return across_lanes(lambda rest, lane: report(*lane, rest), devices, width)


def _reports_ahead(calibrated, settings, distribution):
    """Begin to make the program of `_reports`."""
    economy, (devices, width) = calibrated.economy, sweep_devices()
    lane = blank(economy, calibrated.parameters, calibrated.initial, settings)
    lanes = stacked([lane] * lanes_at_once(devices, width))
    _report_program(economy, distribution, devices, width).ahead(jnp.asarray(economy.at_rest), lanes)


def _reports(economy, placed, initial, distribution):
    lanes = [(problem, path, x) for (problem, path), x in zip(placed, initial, strict=True)]
    made = partial(_report_program, economy, distribution)
    return on_all_devices(made, jnp.asarray(economy.at_rest), lanes)
