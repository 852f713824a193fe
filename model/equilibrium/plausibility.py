"""What a report says that no economy can have, and what would be without example."""

from collections.abc import Mapping

import numpy as np

from model.core.types import Real
from model.equilibrium.outcomes.register import POSSIBLE, SAYS, UNITS, USUAL

ROUNDING = 1e-9


def impossible(values: Mapping[str, Real]) -> list[str]:
    """Sentences on outcomes `{name: (T,) or (T, label)}` that no economy can have."""
    return [_sentence(name, values[name], low, high, "possible is") for name, low, high in _outside(values, POSSIBLE)]


def unusual(values: Mapping[str, Real]) -> list[str]:
    """Sentences on outcomes that would be without example."""
    return [_sentence(name, values[name], low, high, "usual is") for name, low, high in _outside(values, USUAL)]


def _outside(values, ranges):
    for name, (low, high) in ranges.items():
        if name in values and (np.min(values[name]) < low - ROUNDING or np.max(values[name]) > high + ROUNDING):
            yield name, low, high


def _sentence(name, path, low, high, word):
    low_is_worse = low - np.min(path) > np.max(path) - high
    worst = np.min(path) if low_is_worse else np.max(path)
    wanted = f"{low:g} or more" if high == np.inf else f"{low:g} to {high:g}"
    unit = UNITS[name][0].partition(",")[0] if name in UNITS else ""
    return f"{SAYS.get(name, name)} is {f'{worst:.3g} {unit}'.strip()}; {word} {wanted}"
