"""Outcomes that are pinned in some quarters, and what may move to bring them there: a solution for each size of the moves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.equilibrium.outcomes.report import reporter
from model.solvers.search.least_moves import Point
from model.transition.calendar import on_calendar
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Baseline, Solution
from model.transition.targets.small_changes import NoDerivatives, came_true, expected_responses, moved_along, responses

SMALL, TINY = 1e-4, 1e-6  # largest change of an unknown along a direction, for derivatives of outcomes
OF_USUAL, OF_UNKNOWN = 1e-3, 1e-5  # for differences of whole solves: of a move's usual size; where none is known
NO_EFFECT = 1e-7  # on an outcome, over its size, of an instrument's unit or usual size
INDEPENDENT = 1e-9  # least singular value of the slopes, over the largest slope

Expected = tuple[Float[np.ndarray, "moves quarters unknowns"], ...]  # of `small_changes.expected_responses`
Solve = Callable[[Scenario, Solution | None], Solution]  # of a scenario, from the guess of a solution near it


class Powerless(Exception):
    """Why the targets cannot be hit."""


class Pinned:
    """`pins` are (target, quarter, value), `moves` (mover, quarter); outcomes are over their `sizes`, moves over what is `usual`.

    Where as much is pinned as moves, what multiplies falls in logarithms, as it cannot become negative: a move of -1 takes it down
    by what is usual at first, and never by more than its `room`.
    """

    def __init__(self, baseline: Baseline, scenario: Scenario, solve: Solve, exact: bool):
        self.baseline, self.solve, self.exact = baseline, solve, exact
        self.pins = [
            (t, quarter, value + self._of_baseline(t, quarter)) for t in scenario.targets for quarter, value in t.pinned
        ]
        values = np.array([value for *_, value in self.pins])
        self.sizes = np.maximum(1.0, np.abs(values))
        self.asked = values / self.sizes
        moves = dict.fromkeys((m, quarter) for t in scenario.targets for quarter, _ in t.pinned for m in t.movers)
        self.moves = sorted(moves, key=lambda move: (move[0].name, move[1]))
        self.usual = np.array([mover.deviation or 1.0 for mover, _ in self.moves])
        self.plain = replace(scenario, targets=())
        self._expected: Expected = ()  # responses to a unit of each move, where derivatives were last taken
        self.room = np.array([self._room(*move) for move in self.moves]) / self.usual

    def _room(self, mover, quarter):
        """How far a mover can fall in a quarter, infinity where it may become negative."""
        instruments, before = self.baseline.economy.instruments, self.baseline.solution.exogenous
        columns = [instruments.index(symbol) for symbol in mover.instruments]
        multiply = all(instruments.entries[i].metadata["low"] == 0 for i in columns)
        if mover.persistence or not multiply or len(self.pins) < len(self.moves):
            return np.inf
        value = self.plain.apply(instruments, before)[quarter + 1, columns].min()
        return value if value > 0 else np.inf

    def amounts(self, moves: Float[np.ndarray, "moves"]) -> Float[np.ndarray, "moves"]:
        """What is added to the instruments."""
        room = np.where(np.isfinite(self.room), self.room, 1.0)
        fallen = room * np.expm1(np.minimum(moves, 0.0) / room)
        return self.usual * np.where((moves < 0) & np.isfinite(self.room), fallen, moves)

    def _amounts_by_moves(self, moves):
        return self.usual * np.exp(np.minimum(moves, 0.0) / self.room)

    def unmoved(self) -> Point:
        """The point without any move; its `state` may not be solved."""
        solution = self.solve(self.plain, None)
        return Point(np.zeros(len(self.moves)), self._got(solution), solution)

    def at(self, moves: Float[np.ndarray, "moves"], near: Point | None = None) -> Point | None:
        """The point with these moves, its `state` a Solution; None where that is not solved."""
        moved = replace(self.plain, changes=(*self.plain.changes, *self.changes(moves)))
        solution = self.solve(moved, None if near is None else self._guess(moves, near))
        return Point(moves, self._got(solution), solution) if solution.outcome.converged else None

    def _guess(self, moves, near):
        """The solution near, moved to first order, as the last derivatives have it."""
        if not self._expected:
            return near.state
        by = self.amounts(moves) - self.amounts(near.moves)
        return moved_along(near.state, [np.tensordot(by, response, 1) for response in self._expected])

    def distance(self, point: Point) -> float:
        """The largest between what is asked and what comes out."""
        return float(np.abs(point.got - self.asked).max())

    def slopes(self, point: Point) -> Float[np.ndarray, "pins moves"]:
        """Derivatives at a point; raises Powerless where they cannot bring all pins to any value."""
        found = self._by_path(point) if self.exact else self._by_differences(point)
        self._check_power(found)
        return found

    def slopes_by_pins(self, solution: Solution) -> dict[str, Any]:
        """Derivatives of every outcome by the value of each pin, with the least moves."""
        directions = self._directions()
        answers = responses(solution, directions)
        slopes = self._by_path(Point(np.zeros(len(self.moves)), self._got(solution), solution))
        found = []
        for chosen in np.linalg.pinv(slopes, rcond=1e-12).T / self.sizes[:, None] * self.usual:
            pushed, moved = (np.tensordot(chosen, part, 1) for part in (directions, answers))
            step = SMALL / max(np.abs(moved).max(), np.abs(pushed).max())
            above, below = (jax.device_get(self._along(solution, h * pushed, h * moved)) for h in (step, -step))
            found.append({name: (above[name] - below[name]) / (2 * step) for name in above})
        return {name: np.stack([one[name] for one in found], -1) for name in found[0]}

    def changes(self, moves: Float[np.ndarray, "moves"]) -> tuple[Change, ...]:
        """What is added to each instrument, from its first move to the horizon, or where nothing stays, to its last."""
        found, horizon = [], self.baseline.settings.horizon
        sizes = self.amounts(moves)
        for mover in dict.fromkeys(mover for mover, _ in self.moves):
            course = np.zeros(horizon)
            own = [(quarter, size) for (m, quarter), size in zip(self.moves, sizes, strict=True) if m == mover]
            for quarter, size in own:
                course[quarter:] += size * mover.persistence ** np.arange(horizon - quarter)
            first = own[0][0]
            last = horizon - 1 if mover.persistence else own[-1][0]
            path = tuple(float(v) for v in course[first : last + 1])
            found += [Change(symbol, "add", path, first, last) for symbol in mover.instruments]
        return tuple(found)

    def outside(self, point: Point) -> Iterator[str]:
        """Sentences on instruments that the moves take where they cannot be."""
        moved = replace(self.plain, changes=(*self.plain.changes, *self.changes(point.moves)))
        return moved.outside(self.baseline.economy.instruments, self.baseline.solution.exogenous)

    def missed(self, point: Point, asked: Float[np.ndarray, "pins"]) -> str:
        """A sentence on the pin that is furthest from what is asked."""
        worst = int(np.abs(point.got - asked).argmax())
        target, quarter, value = self.pins[worst]
        got, between = point.got[worst] * self.sizes[worst], asked[worst] * self.sizes[worst]
        return (
            f"{target.outcome} in {self._label(quarter)} comes to {got:.4g} on the way to {value:g}, and no change of its instruments "
            f"was found that brings it to {between:.4g}: a bound stops it, or the target is too far; move it, or name more instruments in `moves`"
        )

    def _label(self, quarter):
        return self.baseline.economy.units.quarter_label(quarter)

    def _got(self, solution):
        return self._read(self._report(*on_calendar(self.baseline, solution)))

    def _report(self, problem, path):
        """Every outcome, on the device."""
        economy = self.baseline.economy
        given = (jnp.asarray(a) for a in (path, self.baseline.initial, economy.at_rest))
        return reporter(economy)(problem, *given).values

    def _read(self, values):
        """Pinned outcomes over their sizes."""
        here = jax.device_get({target.outcome: values[target.outcome] for target, *_ in self.pins})
        return np.array([_value(here, target, quarter) for target, quarter, _ in self.pins]) / self.sizes

    def _of_baseline(self, target, quarter):
        """What a target is over: the baseline's own outcome, or nothing."""
        return _value(self._baseline_values, target, quarter) if target.over_baseline else 0.0

    @cached_property
    def _baseline_values(self):
        return jax.device_get(self._report(*on_calendar(self.baseline, self.baseline.solution)))

    def _by_path(self, point):
        solution, directions, columns = point.state, self._directions(), []
        try:
            self._expected = expected_responses(solution, directions)
        except NoDerivatives as failure:
            raise Powerless(str(failure)) from None
        for pushed, moved in zip(directions, came_true(solution, self._expected), strict=True):
            step = TINY / max(np.abs(moved).max(), np.abs(pushed).max())
            columns.append((self._read(self._along(solution, step * pushed, step * moved)) - point.got) / step)
        return np.array(columns).T * self._amounts_by_moves(point.moves)

    def _by_differences(self, point):
        columns = []
        for k, (mover, quarter) in enumerate(self.moves):
            step = OF_USUAL if mover.deviation else OF_UNKNOWN
            onward = self.at(point.moves + step * np.eye(len(self.moves))[k], point)
            if onward is None:
                raise Powerless(
                    f"a small change of {mover.name} in {self._label(quarter)} leads to no path; move the target"
                )
            columns.append((onward.got - point.got) / step)
        return np.array(columns).T

    def _along(self, solution, pushed, moved):
        """Outcomes where instruments and unknowns are moved by these."""
        problem, path = on_calendar(self.baseline, solution)
        exogenous = jnp.asarray(np.asarray(problem.exogenous) + pushed)
        return self._report(problem._replace(exogenous=exogenous), path + moved)

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
        """Raises Powerless where nothing that may move can reach the targets."""
        for (target, quarter, _), row in zip(self.pins, slopes, strict=True):
            if np.abs(row).max() < NO_EFFECT:
                names = ", ".join(mover.name for mover in target.movers)
                raise Powerless(
                    f"{names} cannot move {target.outcome} in {self._label(quarter)}, or a bound stops it; name another instrument in `moves`"
                )
        rank = int(np.linalg.matrix_rank(slopes, tol=INDEPENDENT * np.abs(slopes).max()))
        if rank < len(self.pins):
            raise Powerless(
                f"{len(self.pins)} values are pinned, but the instruments move them in {rank} independent ways; "
                "give rows instruments of different effect"
            )


def _value(values, target, quarter):
    found = values[target.outcome][quarter]
    return float(found if target.column is None else found[target.column])
