"""A scenario whose changes end on its way through the news of its baseline, one segment after the other."""

import numpy as np

from model.transition.calendar import instruments_from, state_at
from model.transition.news import heard, hearing, held_after, joined
from model.transition.solutions import Solution, path_problem
from model.transition.sweep import Lane, outcome_of_answer


class Course:
    """The scenario of a `Point` on its `baseline`; segments are counted as the baseline's."""

    def __init__(self, baseline, point):
        self.baseline, self.point = baseline, point
        self.scenario = point.scenario.later(baseline.economy.units.first_shown)
        self._first = len(baseline.segments) - len(held_after(baseline, self.scenario.announced))
        self._told = ()

    def hears(self, k):
        """Do its people hold the view of the `k`-th segment?"""
        return self._first <= k < len(self.baseline.segments)

    def hearing(self, k):
        """What lies ahead in the `k`-th segment, all before it solved."""
        return hearing(self.baseline, self.baseline.segments[k], self.scenario, self._told[-1] if self._told else None)

    def lane(self, k, ahead):
        """The path to be solved."""
        base = self.baseline.segments[k].solution
        problem = self._problem(base, ahead.start, ahead.exogenous)
        return Lane(np.array(self.point.coordinates), problem, ahead.prior)

    def baseline_lane(self, k, ahead):
        """The baseline over the same quarters, `(lane, path)`."""
        held = self.baseline.segments[k]
        base, late = held.solution, ahead.quarter - held.quarter
        problem = self._problem(base, state_at(base, late), instruments_from(base.exogenous, late))
        return Lane(np.array(self.point.origin), problem, ahead.prior), ahead.prior

    def _problem(self, base, start, exogenous):
        return path_problem(base.problem.parameters, start, exogenous, base.long_run, self.baseline.settings)

    def add(self, k, ahead, lane, answer):
        """Go on with the answer to the `lane`."""
        name, economy, held = self.scenario.name, self.baseline.economy, self.baseline.segments[k]
        outcome = outcome_of_answer(economy, answer, name)
        solution = Solution(name, economy, lane.problem, answer.path, outcome, held.solution.long_run)
        self._told = (*self._told, heard(self.baseline, held, ahead, solution))

    def solution(self):
        """What came true, all segments solved."""
        return joined(self.scenario.name, self._told, self.scenario.announced, self.baseline.settings)[0]
