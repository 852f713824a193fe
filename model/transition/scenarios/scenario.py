"""Scenario = baseline + announced changes of instruments."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from model.core.fields import Layout
from model.core.types import Real
from model.core.units import quarter_label

OPERATIONS = ("add", "scale", "set")


@dataclass(frozen=True)
class Change:
    """One instrument over quarters `first` to `last` (both included; `last` None: for ever)."""

    instrument: str
    operation: str
    values: tuple[float | int, ...]
    first: int
    last: int | None

    @property
    def permanent(self) -> bool:
        return self.last is None


@dataclass(frozen=True)
class Scenario:
    """`announced` is the quarter people learn of the changes; before it they expect the baseline."""

    name: str
    description: str
    changes: tuple[Change, ...]
    announced: int = 0

    @property
    def permanent(self) -> bool:
        return any(change.permanent for change in self.changes)

    def later(self, quarters: int) -> "Scenario":
        """The same so many quarters later: on the calendar of an economy that begins so much earlier."""
        changes = tuple(
            replace(c, first=c.first + quarters, last=None if c.last is None else c.last + quarters)
            for c in self.changes
        )
        return replace(self, changes=changes, announced=self.announced + quarters)

    def apply(
        self, instruments: Layout, exogenous: Float[Real, "periods instruments"]
    ) -> Float[np.ndarray, "periods instruments"]:
        """Values of the `instruments` in quarters -1 to T with the changes, from the baseline's."""
        changed = np.array(exogenous)
        for change in self.changes:
            _apply(changed, instruments.index(change.instrument), change)
        return changed

    def problems(self, instruments: Layout, horizon: int) -> list[str]:
        """Sentences on what cannot be applied; empty if all is well."""
        found = [
            sentence
            for change in self.changes
            for sentence in _problems(self.name, instruments, change, horizon, self.announced)
        ]
        return found or list(self._outside(instruments, horizon))

    def _outside(self, instruments, horizon):
        """Sentences on instruments that the changes move, from their values at rest, to what they cannot be."""
        rest = np.tile([entry.metadata["base"] for entry in instruments.entries], (horizon + 2, 1))
        least, largest = (end(self.apply(instruments, rest), 0) for end in (np.min, np.max))
        for symbol in dict.fromkeys(change.instrument for change in self.changes):
            i = instruments.index(symbol)
            low, high = (instruments.entries[i].metadata[end] for end in ("low", "high"))
            for value in (least[i], largest[i]):
                if not low <= value <= high:
                    yield f"scenario {self.name}, instrument {symbol}: becomes {value:g}; {_allowed(low, high)}"


def _allowed(low, high):
    if high == np.inf:
        return f"expected {low:g} or more"
    return f"expected at most {high:g}" if low == -np.inf else f"expected {low:g} to {high:g}"


def _apply(exogenous, column, change):
    rows = slice(change.first + 1, None if change.last is None else change.last + 2)
    old = exogenous[rows, column]
    new = np.full(len(old), change.values[-1])
    new[: len(change.values)] = change.values[: len(old)]
    exogenous[rows, column] = {"add": old + new, "scale": old * new, "set": new}[change.operation]


def _problems(name, instruments, change, horizon, announced):
    where = f"scenario {name}, instrument {change.instrument}"
    entry = instruments.entries[instruments.index(change.instrument)]
    if change.operation == "scale" and entry.metadata["base"] == 0.0:
        yield f"{where}: scale on an instrument of base 0 changes nothing; use operation: add or set"
    if change.first < 0:
        yield f"{where}: from is {quarter_label(change.first)}; expected {quarter_label(0)} or later"
    last = change.first if change.last is None else change.last
    if max(change.first, last) >= horizon:
        late = quarter_label(max(change.first, last))
        yield f"{where}: {late} is past the horizon, which ends in {quarter_label(horizon - 1)}; raise solver.horizon"
    if change.last is not None and change.last < change.first:
        yield f"{where}: to is {quarter_label(change.last)}, before from, {quarter_label(change.first)}"
    if change.first < announced:
        yield f"{where}: from is {quarter_label(change.first)}, before it is announced, {quarter_label(announced)}"
    length = None if change.last is None else change.last - change.first + 1
    if len(change.values) > 1 and length is not None and len(change.values) != length:
        yield f"{where}: value has {len(change.values)} numbers; expected 1 or {length}, one a quarter"
