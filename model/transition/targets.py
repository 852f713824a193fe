"""Targets: the changes of instruments that give outcomes the values they are to have.

Newton's method on what happens to the instruments in each quarter, with the derivatives of the solved path, one response each
from one factor; where more can move than is pinned, the least weighted sum of squares (Levine, Lungu and Vitale, 2019, on
such judgment in linear models).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.equilibrium.outcomes.report import reporter
from model.solvers.outcome import Code, Outcome
from model.transition.calendar import on_calendar, path_from
from model.transition.news import baseline_of
from model.transition.scenarios.scenario import Change, Mover, Scenario, Target
from model.transition.small_changes import responses
from model.transition.solutions import Baseline, Segment, Solution

CLOSE, NEARLY = 1e-9, 1e-3  # of a target, over the outcome's size; of one on the way
PASSES, HALVINGS, PARTS = 12, 3, 4
KEEP_SLOPES_BELOW = 0.3  # contraction of the gap
SMALL, TINY = 1e-4, 1e-6  # largest change of an unknown along a direction, for derivatives of outcomes
NO_EFFECT = 1e-7  # on an outcome, over its size, of an instrument's unit or usual size

Solve = Callable[[Scenario, Solution | None], Solution]  # of a scenario, from the guess of a solution near it


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

    `exact`: derivatives are those of the path; else, where people learn quarter by quarter, differences of whole solves.
    """
    return _Search(baseline, scenario, solve, exact).run()


def by_targets(baseline: Baseline, scenario: Scenario, solution: Solution) -> dict[str, Any]:
    """Derivatives of every outcome by the value of each target, at a solution: `{outcome: (T, pins) or (T, label, pins)}`.

    Pins are in the order of `solution.found.pins`; where more can move than is pinned, the moves stay the least.
    """
    search = _Search(baseline, scenario, lambda plain, near: solution, exact=True)
    return search.slopes_by_pins(solution)


def conditioned(baseline: Baseline, solution: Solution) -> Baseline:
    """A baseline that goes on as a solution with targets does from its announcement on, as if that were news."""
    quarter = solution.first_quarter
    held = [s for s in baseline.segments if s.quarter < quarter]
    own = solution.segments or (_segment(baseline, solution),)
    found = baseline_of((*held, *own), baseline.initial, baseline.initial_saddle, baseline.settings)
    return replace(found, solution=replace(found.solution, found=solution.found))


def _segment(baseline, solution):
    held = baseline.segments[0]
    twin = path_from(held.twin, solution.first_quarter - held.quarter)
    return Segment(solution.first_quarter, solution, twin, held.learned)


class _Powerless(Exception):
    """Why the targets cannot be hit."""


class _Point(NamedTuple):
    """What happens to the movers, the path with it, and the pinned outcomes on it."""

    values: np.ndarray
    solution: Solution
    got: np.ndarray


class _Search:
    """Newton's method on what happens to each mover in each pinned quarter."""

    def __init__(self, baseline: Baseline, scenario: Scenario, solve: Solve, exact: bool):
        self.baseline, self.scenario, self.exact = baseline, scenario, exact
        self.solve = solve
        self.pins = [(t, quarter, value) for t in scenario.targets for quarter, value in t.pinned]
        self.asked = np.array([value for *_, value in self.pins])
        self.size = np.maximum(1.0, np.abs(self.asked))
        moves = dict.fromkeys((m, quarter) for t in scenario.targets for quarter, _ in t.pinned for m in t.movers)
        self.moves = sorted(moves, key=lambda move: (move[0].name, move[1]))
        self.weight = np.array([mover.deviation or 1.0 for mover, _ in self.moves])
        self.plain = replace(scenario, targets=())

    def run(self):
        solution = self._at(np.zeros(len(self.moves)))
        if not solution.outcome.converged:
            return solution
        start = _Point(np.zeros(len(self.moves)), solution, self._outcomes(solution))
        try:
            end = self._reached(start, self.asked, CLOSE) or self._in_parts(start)
        except _Powerless as failure:
            return self._refused(solution, str(failure))
        return self._told(end, start.got)

    def _in_parts(self, start):
        """The point that hits targets too far for one search, by way of targets that lie between."""
        here = start
        for part in np.arange(1, PARTS + 1) / PARTS:
            between = start.got + part * (self.asked - start.got)
            onward = self._reached(here, between, CLOSE if part == 1 else NEARLY)
            if onward is None:
                raise _Powerless(self._missed(int(np.abs(self._gap(here, between)).argmax()), here.got, between))
            here = onward
        return here

    def _gap(self, point, asked):
        return (point.got - asked) / self.size

    def _reached(self, point, asked, close):
        """The point that hits what is asked, from one nearby; None where no step comes nearer."""
        slopes, fresh = np.zeros(0), False
        for _ in range(PASSES):
            gap = self._gap(point, asked)
            if np.abs(gap).max() <= close:
                return point
            fresh = not slopes.size
            if fresh:
                slopes = self._slopes(point) * self.weight / self.size[:, None]
                self._check_power(slopes)
            before = point.values / self.weight
            wanted = np.linalg.lstsq(slopes, slopes @ before - gap, rcond=1e-12)[0] * self.weight
            onward = self._toward(point, wanted, asked)
            if onward is None and fresh:
                return None
            if onward is None:
                slopes = np.zeros(0)
                continue
            slopes = _updated(slopes, onward.values / self.weight - before, self._gap(onward, asked) - gap)
            if np.abs(self._gap(onward, asked)).max() > KEEP_SLOPES_BELOW * np.abs(gap).max():
                slopes = np.zeros(0)
            point = onward
        return None

    def _toward(self, point, wanted, asked):
        """The longest step that comes nearer, None if none does."""
        before = np.abs(self._gap(point, asked)).max()
        for k in range(HALVINGS):
            values = point.values + (wanted - point.values) / 2**k
            solution = self._at(values, point.solution)
            if solution.outcome.converged:
                onward = _Point(values, solution, self._outcomes(solution))
                if np.abs(self._gap(onward, asked)).max() < before:
                    return onward
        return None

    def _at(self, values, near=None):
        return self.solve(replace(self.plain, changes=(*self.plain.changes, *self._changes(values))), near)

    def _changes(self, values) -> tuple[Change, ...]:
        """What is added to each instrument, from its first move to the horizon, or where nothing stays, to its last."""
        found, horizon = [], self.baseline.settings.horizon
        for mover in dict.fromkeys(mover for mover, _ in self.moves):
            course = np.zeros(horizon)
            own = [(quarter, value) for (m, quarter), value in zip(self.moves, values, strict=True) if m == mover]
            for quarter, value in own:
                course[quarter:] += value * mover.persistence ** np.arange(horizon - quarter)
            first = own[0][0]
            last = horizon - 1 if mover.persistence else own[-1][0]
            path = tuple(float(v) for v in course[first : last + 1])
            found += [Change(symbol, "add", path, first, last) for symbol in mover.instruments]
        return tuple(found)

    def _outcomes(self, solution):
        report = self._report(*on_calendar(self.baseline, solution))
        return self._pinned(report)

    def _report(self, problem, path):
        economy = self.baseline.economy
        given = (jnp.asarray(a) for a in (path, self.baseline.initial, economy.at_rest))
        return jax.device_get(reporter(economy)(problem, *given)).values

    def _pinned(self, values: dict[str, Any]) -> np.ndarray:
        found = []
        for target, quarter, _ in self.pins:
            value = values[target.outcome][quarter]
            found.append(value if target.column is None else value[target.column])
        return np.array(found)

    def _slopes(self, point):
        """Derivatives `(pins, moves)`."""
        if not self.exact:
            return self._by_differences(point.values, point.got)
        solution, directions = point.solution, self._directions()
        moves, columns = responses(solution, directions), []
        for pushed, moved in zip(directions, moves, strict=True):
            step = TINY / max(np.abs(moved).max(), np.abs(pushed).max())
            columns.append((self._pinned(self._along(solution, step * pushed, step * moved)) - point.got) / step)
        return np.array(columns).T

    def slopes_by_pins(self, solution):
        """As of `by_targets`."""
        directions = self._directions()
        answers = responses(solution, directions)
        slopes = self._slopes(_Point(np.zeros(len(self.moves)), solution, self._outcomes(solution)))
        moves = np.linalg.pinv(slopes * self.weight, rcond=1e-12).T * self.weight  # (pins, moves)
        found = []
        for chosen in moves:
            pushed, moved = (np.tensordot(chosen, part, 1) for part in (directions, answers))
            step = SMALL / max(np.abs(moved).max(), np.abs(pushed).max())
            above, below = (self._along(solution, h * pushed, h * moved) for h in (step, -step))
            found.append({name: (above[name] - below[name]) / (2 * step) for name in above})
        return {name: np.stack([one[name] for one in found], -1) for name in found[0]}

    def _along(self, solution, pushed, moved):
        """Outcomes where instruments and unknowns are moved by these."""
        problem, path = on_calendar(self.baseline, solution)
        exogenous = jnp.asarray(np.asarray(problem.exogenous) + pushed)
        return self._report(problem._replace(exogenous=exogenous), path + moved)

    def _by_differences(self, values, got):
        columns = []
        for k, weight in enumerate(self.weight):
            step = 1e-3 * weight if self.moves[k][0].deviation else 1e-5
            moved = values.copy()
            moved[k] += step
            columns.append((self._outcomes(self._at(moved)) - got) / step)
        return np.array(columns).T

    def _directions(self) -> Float[np.ndarray, "moves quarters+2 instruments"]:
        """What a unit of each move adds to the instruments, on the baseline's calendar."""
        instruments, horizon = self.baseline.economy.instruments, self.baseline.settings.horizon
        found = np.zeros((len(self.moves), horizon + 2, len(instruments)))
        for k, (mover, quarter) in enumerate(self.moves):
            stays = horizon if mover.persistence else quarter + 1
            for symbol in mover.instruments:
                fading = mover.persistence ** np.arange(stays - quarter)
                found[k, quarter + 1 : stays + 1, instruments.index(symbol)] = fading
        return found

    def _check_power(self, slopes):
        """Raises _Powerless where nothing that may move can reach the targets."""
        for (target, quarter, _), row in zip(self.pins, slopes, strict=True):
            if np.abs(row).max() < NO_EFFECT:
                names = ", ".join(mover.name for mover in target.movers)
                when = self.baseline.economy.units.quarter_label(quarter)
                raise _Powerless(
                    f"{names} cannot move {target.outcome} in {when}, or a bound stops it; name another instrument in `moves`"
                )
        rank = int(np.linalg.matrix_rank(slopes, tol=1e-9 * np.abs(slopes).max()))
        if rank < len(self.pins):
            raise _Powerless(
                f"{len(self.pins)} values are pinned, but the instruments move them in {rank} independent ways; "
                "give rows instruments of different effect"
            )

    def _missed(self, worst, got, between):
        target, quarter, value = self.pins[worst]
        when = self.baseline.economy.units.quarter_label(quarter)
        return (
            f"{target.outcome} in {when} comes to {got[worst]:.4g} on the way to {value:g}, and no change of its instruments brings it to "
            f"{between[worst]:.4g}: a bound stops it, or the target is too far; move the target"
        )

    def _refused(self, solution, sentence):
        outcome = Outcome(Code.INFEASIBLE, f"targets: {sentence}", iterations=solution.outcome.iterations)
        return replace(solution, path=solution.path * np.nan, outcome=outcome, segments=(), found=None)

    def _told(self, point, without):
        pins = tuple(
            Pin(target, quarter, float(value), float(now), float(before))
            for (target, quarter, value), now, before in zip(self.pins, point.got, without, strict=True)
        )
        judgments = tuple(
            Judgment(mover, quarter, float(v)) for (mover, quarter), v in zip(self.moves, point.values, strict=True)
        )
        return replace(point.solution, found=Found(pins, judgments, self._changes(point.values)))


def _updated(slopes, step, change):
    """Broyden's (1965) update: derivatives that say of the last step what it did."""
    return slopes + np.outer(change - slopes @ step, step) / (step @ step)
