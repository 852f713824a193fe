"""Solves views, each from the one before; a few economies and answers are kept."""

import time
from collections import OrderedDict
from dataclasses import dataclass, replace

from calibration import calibrate
from calibration.inputs import Inputs
from experiments.answer.certificate import BASELINE_DESCRIPTION, Solved, beyond_horizon, certified_solution, refused
from experiments.explore.view import NAME, moved_numbers, scenario_body
from experiments.request.errors import InputError
from experiments.request.scenarios import build_scenario, scenario_problems
from model.transition.batch.ahead import report_ahead
from model.transition.solutions import BASELINE, Baseline, NotSolved, without_factors
from model.transition.solve import horizon_gap, solve_scenario

ECONOMIES, ANSWERS = 80, 60


@dataclass
class Economy:
    """A baseline of `inputs` with its `Solved`, or the reason why there is none."""

    inputs: Inputs
    baseline: Baseline | None
    solved: Solved


@dataclass(frozen=True)
class Answer:
    """A view solved: the baseline beside it, and the solution from which the horizon is checked later."""

    baseline: Solved
    solved: Solved
    solution: object
    economy: Economy
    seconds: float

    @property
    def checked(self):
        """Has the path been solved past its horizon, or is there none?"""
        return not self.solved.certified or self.solved.certificate["horizon_gap"] is not None


class Solver:
    """Not for several threads at once."""

    def __init__(self, inputs, settings, stops):
        self.inputs, self.settings, self.stops = inputs, settings, stops
        self._economies, self._answers = OrderedDict(), OrderedDict()
        self._near, self._last = None, None

    def solve(self, view):
        """`Answer` of a view."""
        if (known := _recent(self._answers, view)) is not None:
            return known
        started = time.perf_counter()
        economy = self.economy(moved_numbers(view, self.stops))
        body = scenario_body(view)
        if body is None or economy.baseline is None:
            solved, solution = economy.solved, economy.baseline and economy.baseline.solution
        else:
            solved, solution = self._scenario(economy, body)
        answer = Answer(economy.solved, solved, solution, economy, time.perf_counter() - started)
        _keep(self._answers, view, answer, ANSWERS)
        return answer

    def checked(self, view):
        """`Answer` of a view with its horizon checked: the certificate says so, or is withdrawn."""
        answer = self.solve(view)
        if not answer.checked:
            gap = horizon_gap(answer.solution, answer.economy.baseline.settings)
            answer = replace(answer, solved=beyond_horizon(answer.solved, gap))
            _keep(self._answers, view, answer, ANSWERS)
        return answer

    def economy(self, moved):
        """`Economy` with these numbers moved."""
        key = tuple(sorted(moved.items()))
        if (known := _recent(self._economies, key)) is not None:
            return known
        inputs = self.inputs.with_values(moved)
        calibrated = calibrate(smoothing=self.settings.smoothing, inputs=inputs)
        report_ahead(calibrated.economy, calibrated.parameters, calibrated.initial, self.settings)
        try:
            baseline = calibrated.baseline(self.settings)
            solved = certified_solution(baseline, baseline.solution, BASELINE, BASELINE_DESCRIPTION, beyond=False)
            found = Economy(inputs, baseline, solved)
        except NotSolved as failure:
            units = calibrated.economy.units
            found = Economy(
                inputs, None, refused(BASELINE, BASELINE_DESCRIPTION, failure.outcome, self.settings, units)
            )
        _keep(self._economies, key, found, ECONOMIES)
        return found

    def ahead(self):
        """Numbers of the economies worth solving before anybody asks: one stop moved, the nearest first, then two."""
        ones = sorted(
            (abs(i - s.middle), s.number, value)
            for s in self.stops
            for i, value in enumerate(s.values)
            if i != s.middle
        )
        yield from ({number: value} for _, number, value in ones)
        for k, (_, number, value) in enumerate(ones):
            yield from ({number: value, other: v} for _, other, v in ones[:k] if other != number)

    def knows(self, moved):
        """Is this economy solved?"""
        return tuple(sorted(moved.items())) in self._economies

    def _scenario(self, economy, body):
        """`(Solved, solution)` of a scenario, from where the last one of this economy ended."""
        scenario = build_scenario(NAME, body, inputs=economy.inputs)
        problems = scenario_problems(scenario, economy.inputs, self.settings)
        if problems:
            raise InputError(problems)
        scenario = scenario.later(economy.baseline.economy.units.first_shown)
        baseline = economy.baseline
        solution = solve_scenario(baseline, scenario, self._near if economy is self._last else None)
        self._near, self._last = solution, economy
        solution = without_factors(solution)
        return certified_solution(baseline, solution, NAME, body["description"], beyond=False), solution


def _recent(known, key):
    if key in known:
        known.move_to_end(key)
    return known.get(key)


def _keep(known, key, value, most):
    known[key] = value
    while len(known) > most:
        known.popitem(last=False)
