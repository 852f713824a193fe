"""Scenario = baseline + announced changes of instruments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from model.core.fields import Layout
from model.core.types import Real
from model.core.units import quarter_label

OPERATIONS = ("add", "scale", "set", "hold")
NEUTRAL = {"add": 0.0, "scale": 1.0, "hold": 0.0}  # values that change nothing


@dataclass(frozen=True)
class Change:
    """One instrument over quarters `first` to `last` (both included; `last` None: for ever).

    To hold it is to take from it a share, the value, of how far it goes from where it is in the quarter before `first`.
    """

    instrument: str
    operation: str
    values: tuple[float | int, ...]
    first: int
    last: int | None

    @property
    def permanent(self) -> bool:
        """Does the instrument end elsewhere than without it? What comes back to where it was ends, whether or not it says so."""
        return self.last is None and self.values[-1] != NEUTRAL.get(self.operation)


@dataclass(frozen=True)
class Mover:
    """Instruments that move together to hit a target; what happens in a quarter fades at `persistence` a quarter after it.

    `deviation` is the standard deviation of what usually happens in a quarter, None where nobody knows.
    """

    name: str
    instruments: tuple[str, ...]
    persistence: float = 0.0
    deviation: float | None = None


@dataclass(frozen=True)
class Target:
    """An outcome, or one `column` of it, that is to have `values` from quarter `first` on; None leaves a quarter free.

    Values are levels, or what it is to have `over_baseline`.
    """

    outcome: str
    column: int | None
    values: tuple[float | None, ...]
    first: int
    movers: tuple[Mover, ...]
    over_baseline: bool = False

    @property
    def pinned(self) -> tuple[tuple[int, float], ...]:
        """Quarters with the values that they are to have."""
        return tuple((self.first + k, value) for k, value in enumerate(self.values) if value is not None)


@dataclass(frozen=True)
class Scenario:
    """`announced` is the quarter people learn of the changes; before it they expect the baseline.

    `targets` are hit by changes that are found, on top of the `changes`.
    """

    name: str
    description: str
    changes: tuple[Change, ...]
    announced: int = 0
    targets: tuple[Target, ...] = ()

    @property
    def permanent(self) -> bool:
        return any(change.permanent for change in self.changes)

    @property
    def last_pinned(self) -> int:
        """The last quarter in which a target is to have a value."""
        return max(quarter for target in self.targets for quarter, _ in target.pinned)

    def later(self, quarters: int) -> "Scenario":
        """The same so many quarters later: on the calendar of an economy that begins so much earlier."""
        changes = tuple(
            replace(c, first=c.first + quarters, last=None if c.last is None else c.last + quarters)
            for c in self.changes
        )
        targets = tuple(replace(t, first=t.first + quarters) for t in self.targets)
        return replace(self, changes=changes, targets=targets, announced=self.announced + quarters)

    def apply(
        self, instruments: Layout, exogenous: Float[Real, "periods instruments"]
    ) -> Float[np.ndarray, "periods instruments"]:
        """Values of the `instruments` in quarters -1 to T with the changes, from the baseline's."""
        changed = np.array(exogenous)
        for change in self.changes:
            _apply(changed, instruments.index(change.instrument), change)
        return changed

    def problems(self, instruments: Layout, before: Float[Real, "periods instruments"]) -> list[str]:
        """Sentences on what cannot be applied to the baseline's instruments in quarters -1 to T; empty if all is well."""
        horizon = len(before) - 2
        if found := [s for change in self.changes for s in _meaningless(self.name, instruments, change)]:
            return found
        if self.announced < 0:
            return [
                f"scenario {self.name}: announced in {quarter_label(self.announced)}; expected {quarter_label(0)} or later"
            ]
        found = [
            sentence
            for change in self.changes
            for sentence in _problems(self.name, instruments, change, horizon, self.announced)
        ]
        found = found or list(self._held_in_vain(instruments, before))
        found += _target_problems(self, horizon)
        return found or [f"scenario {self.name}, {sentence}" for sentence in self.outside(instruments, before)]

    def _held_in_vain(self, instruments, before):
        """Sentences on instruments that are held although nothing moves them."""
        symbols = [change.instrument for change in self.changes]
        for change in self.changes:
            course = np.asarray(before)[change.first :, instruments.index(change.instrument)]
            if change.operation == "hold" and symbols.count(change.instrument) == 1 and (course == course[0]).all():
                yield f"scenario {self.name}, instrument {change.instrument}: hold on an instrument that stays where it is changes nothing; use operation: set or add"

    def outside(self, instruments: Layout, before: Float[Real, "periods instruments"]) -> Iterator[str]:
        """Sentences on instruments that the changes move from what they are `before` to what they cannot be."""
        least, largest = (end(self.apply(instruments, before), 0) for end in (np.min, np.max))
        for symbol in dict.fromkeys(change.instrument for change in self.changes):
            i = instruments.index(symbol)
            low, high = (instruments.entries[i].metadata[end] for end in ("low", "high"))
            for value in (least[i], largest[i]):
                if not low <= value <= high:
                    yield f"instrument {symbol}: becomes {value:.6g}; {_allowed(low, high)}"


def _target_problems(scenario, horizon):
    """Sentences on targets that cannot be: past the horizon, before the announcement, two rows for one thing, too few instruments."""
    pinned, moved = [], set()
    for target in scenario.targets:
        where = f"scenario {scenario.name}, target {target.outcome}"
        last = target.first + len(target.values) - 1
        if target.first < scenario.announced:
            yield f"{where}: from is {quarter_label(target.first)}, before it is announced, {quarter_label(scenario.announced)}"
        if last >= horizon:
            yield f"{where}: {quarter_label(last)} is past the horizon, which ends in {quarter_label(horizon - 1)}; raise solver.horizon"
        if not target.pinned:
            yield f"{where}: values has no number; expected one in at least one quarter"
        pinned += [(target.outcome, target.column, quarter) for quarter, _ in target.pinned]
        moved |= {(mover.name, quarter) for mover in target.movers for quarter, _ in target.pinned}
    twice = sorted({quarter_label(p[2]) for p in pinned if pinned.count(p) > 1})
    if twice:
        yield f"scenario {scenario.name}, targets: one outcome is pinned twice in {', '.join(twice)}; leave one row"
    elif len(moved) < len(pinned):
        yield (
            f"scenario {scenario.name}, targets: pinned values: {len(pinned)}, free to move: {len(moved)}; "
            "give each row an instrument of its own in `moves`"
        )


def _allowed(low, high):
    if high == np.inf:
        return f"expected {low:g} or more"
    return f"expected at most {high:g}" if low == -np.inf else f"expected {low:g} to {high:g}"


def _apply(exogenous, column, change):
    rows = slice(change.first + 1, None if change.last is None else change.last + 2)
    old = exogenous[rows, column]
    new = np.full(len(old), change.values[-1])
    new[: len(change.values)] = change.values[: len(old)]
    held = exogenous[change.first, column]
    results = {"add": old + new, "scale": old * new, "set": new, "hold": old + new * (held - old)}
    exogenous[rows, column] = results[change.operation]


def _meaningless(name, instruments, change):
    if change.instrument not in instruments.symbols:
        yield f"scenario {name}: no instrument {change.instrument!r}"
    if change.operation not in OPERATIONS:
        yield f"scenario {name}: got operation {change.operation!r}; expected one of {', '.join(OPERATIONS)}"
    if not change.values or not np.isfinite(change.values).all():
        yield f"scenario {name}: got values {change.values!r}; expected finite numbers, one or one a quarter"
    elif change.operation == "hold" and not all(0 < value <= 1 for value in change.values):
        yield f"scenario {name}, instrument {change.instrument}: got hold {change.values!r}; expected shares above 0, at most 1"


def _problems(name, instruments, change, horizon, announced):
    where = f"scenario {name}, instrument {change.instrument}"
    entry = instruments.entries[instruments.index(change.instrument)]
    if change.operation == "scale" and entry.metadata["base"] == 0.0:
        yield f"{where}: scale on an instrument of base 0 changes nothing; use operation: add or set"
    if change.first < 0:
        yield f"{where}: from is {quarter_label(change.first)}; expected {quarter_label(0)} or later"
    last = change.first + len(change.values) - 1 if change.last is None else change.last
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
