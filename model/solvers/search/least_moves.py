"""The least moves that bring outcomes to what is asked of them: least squares under nonlinear equations.

Half the sum of squared moves is minimised subject to the outcomes, by sequential quadratic programming with an exact penalty
(Nocedal and Wright, 2006, chapter 18). Derivatives serve several steps: Broyden's (1965) update keeps them true along the steps
taken. Where as much moves as is asked, this is Newton's method.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

STEPS, HALVINGS = 24, 4
KEEP_SLOPES_BELOW = 0.3  # contraction of the steps
SETTLED = 1e-3  # of the largest move, at least of a usual one: a step to the least moves that is not worth taking
NEAR = 0.03  # likewise: how far from where they were taken derivatives still say which moves are least
LONGEST = 100  # usual moves: what needs a longer step is out of reach
ENOUGH = 0.1  # of what the derivatives promise of a step
DEPENDENT = 1e-12  # of the largest singular value


class Point(NamedTuple):
    """Moves in their usual sizes, and the outcomes that they lead to; `state` is whatever belongs to them."""

    moves: Float[np.ndarray, "moves"]
    got: Float[np.ndarray, "outcomes"]
    state: Any


class Moved(NamedTuple):
    """What can be evaluated: `at` a point for moves, from a point nearby, None where there is none; `slopes` at a point."""

    at: Callable[[Float[np.ndarray, "moves"], Point], Point | None]
    slopes: Callable[[Point], Float[np.ndarray, "outcomes moves"]]


class _Step(NamedTuple):
    """To the asked outcomes, from there to the least moves unless they are near, and what a unit of each outcome costs there."""

    back: np.ndarray
    along: np.ndarray
    prices: np.ndarray
    inverse: np.ndarray  # of the slopes

    @property
    def whole(self):
        return self.back + self.along

    @property
    def size(self):
        return np.abs(self.whole).max()


def least_moves(
    moved: Moved, start: Point, asked: Float[np.ndarray, "outcomes"], close: float, least: bool = True
) -> Point | None:
    """The point whose outcomes are `close` to what is asked, from one nearby; None where no step comes nearer.

    `least`: its moves are the least that do so, to `SETTLED`; else any that the search comes by.
    """
    free = len(asked) < len(start.moves)
    here, slopes, taken_at, penalty, size = start, None, start.moves, 1.0, np.inf
    for _ in range(STEPS):
        fresh = slopes is None
        if slopes is None:
            slopes, taken_at = moved.slopes(here), here.moves
        step = _step(slopes, here, asked)
        reached = _distance(here, asked) <= close
        if reached and not (least and step.along.any()):
            if fresh or not (least and free) or np.abs(here.moves - taken_at).max() <= NEAR * _scale(here):
                return here
            slopes = None
            continue
        if not fresh and step.size > KEEP_SLOPES_BELOW * size:
            slopes, size = None, np.inf
            continue
        penalty, size = max(penalty, 2 * np.linalg.norm(step.prices)), step.size
        onward = _onward(moved, here, step, asked, 1 / penalty if free else 0.0)
        if onward is None and fresh:
            return here if reached else None
        slopes = None if onward is None else _updated(slopes, onward.moves - here.moves, onward.got - here.got)
        here = onward or here
    return None


def _distance(point, asked):
    return np.abs(point.got - asked).max()


def _scale(point):
    return max(1.0, np.abs(point.moves).max())


def _step(slopes, here, asked):
    inverse = np.linalg.pinv(slopes, rcond=DEPENDENT)
    back = -inverse @ (here.got - asked)
    along = inverse @ (slopes @ here.moves) - here.moves
    if np.abs(along).max() <= SETTLED * _scale(here):
        along = np.zeros_like(along)
    return _Step(back, along, inverse.T @ (here.moves + back + along), inverse)


def _onward(moved, here, step, asked, weight):
    """The longest step that lowers the distance and `weight` times the moves by enough; None where none does.

    A whole step along curved outcomes is brought back to them first.
    """
    before = np.linalg.norm(here.got - asked)

    def lower(moves):
        return weight * (here.moves @ here.moves - moves @ moves) / 2

    def enough(point, part):
        if point is None:
            return False
        won = before - np.linalg.norm(point.got - asked) + lower(point.moves)
        return won > ENOUGH * (part * before + lower(here.moves + part * step.whole))

    if step.size > LONGEST:
        return None
    for part in 0.5 ** np.arange(HALVINGS):
        onward = moved.at(here.moves + part * step.whole, here)
        if part == 1 and onward is not None and step.along.any() and not enough(onward, part):
            onward = moved.at(onward.moves - step.inverse @ (onward.got - asked), onward)
        if enough(onward, part):
            return onward
    return None


def _updated(slopes, step, change):
    """Broyden's update: derivatives that say of the last step what it did."""
    return slopes + np.outer(change - slopes @ step, step) / (step @ step)
