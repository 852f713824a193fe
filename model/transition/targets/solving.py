"""Targets: the changes of instruments that give outcomes the values they are to have.

What happens to the instruments in each quarter is found by `least_moves`, with the derivatives of the solved path, one response
each from one factor; where more can move than is pinned, the least weighted sum of squares (Levine, Lungu and Vitale, 2019, on
such judgment in linear models).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.solvers.outcome import Code, Outcome
from model.solvers.search.least_moves import Moved, least_moves
from model.transition.calendar import path_from
from model.transition.scenarios.scenario import Change, Mover, Scenario, Target
from model.transition.segments import baseline_of
from model.transition.solutions import Baseline, Segment, Solution, without_factors
from model.transition.targets.pinned import Pinned, Powerless, Solve

CLOSE, NEARLY = 1e-9, 1e-3  # of a target, over the outcome's size; of one on the way
PARTS = 4


@dataclass(frozen=True)
class Pin:
    """An outcome in a quarter: what was asked, what came out, and what it would be without the targets."""

    target: Target
    quarter: int
    asked: float
    got: float
    without: float


@dataclass(frozen=True)
class Judgment:
    """What happens to a mover in a quarter so that targets are hit; `share` is in its standard deviations, if known."""

    mover: Mover
    quarter: int
    size: float

    @property
    def share(self) -> float | None:
        return None if self.mover.deviation is None else self.size / self.mover.deviation


@dataclass(frozen=True)
class Found:
    """All that a solution with targets is to tell: `changes` give the same path without targets."""

    pins: tuple[Pin, ...]
    judgments: tuple[Judgment, ...]
    changes: tuple[Change, ...]

    @property
    def largest_gap(self) -> float:
        """Between what was asked and what came out, over the size of the outcome."""
        return max(abs(pin.got - pin.asked) / max(1.0, abs(pin.asked)) for pin in self.pins)


def solve_targets(baseline: Baseline, scenario: Scenario, solve: Solve, exact: bool = True) -> Solution:
    """Solution of a scenario with targets; `solve` solves those without. Its `found` says what was moved.

    `exact`: derivatives are those of the path; else, where people learn quarter by quarter or the natural rate moves too,
    differences of whole solves.
    """
    pinned = Pinned(baseline, scenario, solve, exact)
    start = pinned.unmoved()
    if not start.state.outcome.converged:
        return start.state
    moved = Moved(pinned.at, pinned.slopes)
    try:
        end = least_moves(moved, start, pinned.asked, CLOSE) or _in_parts(pinned, moved, start)
    except Powerless as failure:
        return _refused(start.state, str(failure))
    if impossible := list(pinned.outside(end)):
        return _refused(
            start.state, f"to hit them {'; '.join(impossible)}; move the targets or name another instrument"
        )
    return _told(pinned, end, start)


def moved_by(scenario: Scenario, solution: Solution) -> Scenario:
    """The scenario with the changes that a solution found in place of its targets."""
    return replace(scenario, targets=(), changes=(*scenario.changes, *solution.found.changes))


def hits(baseline: Baseline, scenario: Scenario, solution: Solution) -> bool:
    """Does a solution bring all that is pinned to the values asked for?"""
    pinned = Pinned(baseline, scenario, lambda plain, near: solution, exact=True)
    return solution.outcome.converged and pinned.distance(pinned.unmoved()) <= CLOSE


def possible(baseline: Baseline, scenario: Scenario, solution: Solution) -> bool:
    """Do all instruments stay where they can be when a solution's changes come on top of this baseline?"""
    moved, base = moved_by(scenario, solution), baseline.solution
    return not any(moved.outside(base.economy.instruments, base.exogenous))


def by_targets(baseline: Baseline, scenario: Scenario, solution: Solution) -> dict[str, Any]:
    """Derivatives of every outcome by the value of each target, at a solution: `{outcome: (T, pins) or (T, label, pins)}`.

    Pins are in the order of `solution.found.pins`; where more can move than is pinned, the moves stay the least. Raises
    ValueError where a change of the scenario is permanent: its natural rate moves with the targets.
    """
    if scenario.permanent:
        raise ValueError(
            f"scenario {scenario.name}: got a permanent change; expected changes that end, or take differences of solves"
        )
    return Pinned(baseline, scenario, lambda plain, near: solution, exact=True).slopes_by_pins(solution)


def conditioned(baseline: Baseline, solution: Solution) -> Baseline:
    """A baseline that goes on as a solution with targets does from its announcement on, as if that were news."""
    quarter = solution.first_quarter
    held = [s for s in baseline.segments if s.quarter < quarter]
    own = solution.segments or (_segment(baseline, solution),)
    found = baseline_of((*held, *own), baseline.initial, baseline.initial_saddle, baseline.settings)
    return replace(found, solution=replace(found.solution, found=solution.found))


def _segment(baseline, solution):
    """What is expected after the announcement where no news comes."""
    quarter, held, twin = solution.first_quarter, baseline.segments[0], solution.twin
    twin = path_from(held.twin, quarter - held.quarter) if twin is None else twin
    return Segment(quarter, solution, twin, held.learned)


def _in_parts(pinned, moved, start):
    """The point that hits targets too far for one search, by way of targets that lie between; raises Powerless."""
    here = start
    for part in np.arange(1, PARTS + 1) / PARTS:
        between = start.got + part * (pinned.asked - start.got)
        onward = least_moves(moved, here, between, *((CLOSE, True) if part == 1 else (NEARLY, False)))
        if onward is None:
            raise Powerless(pinned.missed(here, between))
        here = onward
    return here


def _refused(solution, sentence):
    outcome = Outcome(Code.INFEASIBLE, f"targets: {sentence}", iterations=solution.outcome.iterations)
    return replace(solution, path=solution.path * np.nan, outcome=outcome, segments=(), found=None)


def _told(pinned, end, start):
    got, without, sizes = end.got * pinned.sizes, start.got * pinned.sizes, pinned.amounts(end.moves)
    pins = [
        Pin(target, quarter, value, float(now), float(before))
        for (target, quarter, value), now, before in zip(pinned.pins, got, without, strict=True)
    ]
    judgments = [
        Judgment(mover, quarter, float(size)) for (mover, quarter), size in zip(pinned.moves, sizes, strict=True)
    ]
    return replace(without_factors(end.state), found=Found(tuple(pins), tuple(judgments), pinned.changes(end.moves)))
