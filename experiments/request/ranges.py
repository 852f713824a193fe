"""Which values the numbers of the economy may have."""

import math

from calibration.numbers.tables import target_range


def key_of(name):
    """The configuration key of a number, from its name in `Inputs`."""
    return f"calibration.{name}" if name.startswith("targets.") else f"economy.{name}"


def out_of_range(inputs, values):
    """Sentences on values by name that are not numbers or lie outside of their range."""
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            yield f"{key_of(name)}: got {value!r}; expected a number"
            continue
        if name.startswith("targets."):
            row = inputs.targets[name.removeprefix("targets.")]
            low, high = target_range(row)
            if not low <= value <= high:
                yield f"{key_of(name)}: got {value:g}; allowed {low:g} to {high:g} [{row.unit}]"
            continue
        row = inputs.parameters[name]
        if not row.low <= value <= row.high:
            yield f"{key_of(name)}: got {value:g}; allowed {row.low:g} to {row.high:g} [{row.unit}]"
        elif value == 1.0 and row.name.endswith("_elasticity") and row.symbol in {"theta", "sigS", "sigE", "sigV"}:
            yield f"{key_of(name)}: got 1; the Cobb-Douglas limit is approached, not reached: use 0.999 or 1.001"
