"""What a report says that no economy can have, and what would be without example."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from model.core.types import Real
from model.equilibrium.outcomes.register import POSSIBLE, UNITS, USUAL, spoken

ROUNDING = 1e-9

Range = tuple[float, float]
Labels = Callable[[int], str]


def impossible(values: Mapping[str, Real], quarter_label: Labels) -> list[str]:
    """Sentences on outcomes `{name: (T,) or (T, label)}` that no economy can have."""
    return list(_outside(values, POSSIBLE, "possible is", quarter_label))


def unusual(values: Mapping[str, Real], quarter_label: Labels) -> list[str]:
    """Sentences on outcomes that would be without example."""
    return list(_outside(values, USUAL, "usual is", quarter_label))


def _outside(
    values: Mapping[str, Real], ranges: Mapping[str, Range], word: str, quarter_label: Labels
) -> Iterator[str]:
    """A sentence on the worst value at each end of its range that an outcome passes, with its label and quarter."""
    for name, (low, high) in ranges.items():
        if name not in values:
            continue
        path = np.asarray(values[name])
        passed = [path.argmin()] if path.min() < low - ROUNDING else []
        passed += [path.argmax()] if path.max() > high + ROUNDING else []
        unit, axis = UNITS[name]
        wanted = f"{low:g} or more" if high == np.inf else f"{low:g} to {high:g}"
        for position in passed:
            quarter, *column = np.unravel_index(position, path.shape)
            label = axis.labels[column[0]] if axis is not None and column else None
            value = f"{path.ravel()[position]:.3g} {unit.partition(',')[0]}".strip()
            yield f"{spoken(name, label)} is {value} in {quarter_label(int(quarter))}; {word} {wanted}"
