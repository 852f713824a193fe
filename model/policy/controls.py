"""Controls: what a planner may set, in which quarters, between which bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from model.core.fields import Layout
from model.core.types import Real
from model.transition.scenarios.scenario import Change


@dataclass(frozen=True)
class Control:
    """Instruments to which a planner adds the same, from quarter `first` to `last`, in steps of `every` quarters.

    `last` None: for ever, in one step. `change_cost` is added to the loss for the square of each change from step to step.
    """

    name: str
    instruments: tuple[str, ...]
    first: int
    last: int | None
    every: int | None  # None: one step
    low: float
    high: float
    scale: float  # a usual size
    change_cost: float = 0.0

    @property
    def steps(self) -> tuple[tuple[int, int | None], ...]:
        """First and last quarter of each step."""
        if self.every is None or self.last is None:
            return ((self.first, self.last),)
        starts = range(self.first, self.last + 1, self.every)
        return tuple((start, min(start + self.every - 1, self.last)) for start in starts)


class Controls:
    """All of a planner's controls, their steps one after another.

    `held` are values that the baseline already has of them: a planner who thinks again in `since` sets what is left of each
    step, and values are what comes on top.
    """

    def __init__(self, controls: Sequence[Control], held: Float[Real, "controls"] | None = None, since: int = 0):
        self.each = tuple(controls)
        every = [(control, *step) for control in controls for step in control.steps]
        self.held = np.zeros(len(every)) if held is None else np.asarray(held, float)
        self.free = np.array([last is None or last >= since for _, _, last in every])
        self.steps = [(c, max(first, since), last) for c, first, last in every]
        columns = ([getattr(c, end) for c, *_ in every] for end in ("low", "high", "scale"))
        low, high, self.scale = (np.array(column, float) for column in columns)
        self.low, self.high = (np.where(self.free, end - self.held, 0.0) for end in (low, high))

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def permanent(self) -> bool:
        return any(control.last is None for control in self.each)

    def changes(self, values: Float[Real, "controls"]) -> tuple[Change, ...]:
        """What the `values` are as changes of a scenario."""
        return tuple(
            Change(symbol, "add", (float(value),), first, last)
            for (control, first, last), value, free in zip(self.steps, values, self.free, strict=True)
            for symbol in control.instruments
            if free
        )

    def directions(self, instruments: Layout, periods: int) -> Float[np.ndarray, "controls periods instruments"]:
        """What a unit of each step adds to the instruments in quarters -1 to T."""
        found = np.zeros((len(self), periods, len(instruments)))
        for k, (control, first, last) in enumerate(self.steps):
            if not self.free[k]:
                continue
            rows = slice(first + 1, None if last is None else last + 2)
            for symbol in control.instruments:
                found[k, rows, instruments.index(symbol)] += 1.0
        return found

    def cost_of_change(self, values: Float[Real, "controls"]) -> tuple[float, Float[np.ndarray, "controls"]]:
        """What changes from step to step cost, from none before the first, and its slopes."""
        cost, slopes, k = 0.0, np.zeros(len(self)), 0
        for control in self.each:
            own = slice(k, k := k + len(control.steps))
            moved = np.diff(np.append(0.0, (self.held + values)[own]))
            cost += control.change_cost * float(moved @ moved)
            slopes[own] = 2 * control.change_cost * (moved - np.append(moved[1:], 0.0))
        return cost, slopes
