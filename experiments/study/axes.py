"""The axes of a study: what each moves and between which values."""

from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from experiments.request.errors import InputError, nearest
from experiments.request.ranges import out_of_range
from experiments.request.validation import validate
from model.core.units import quarter_index

MOST_POINTS = 1_000_000  # of a study
NEUTRAL = {"add": 0.0, "scale": 1.0}


class AxisChange(BaseModel):
    """A row of `changes` whose value is the axis's, `times` as large (a scale to the power of `times`)."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    instrument: str
    operation: str
    first: str = Field(alias="from")
    last: str | None = Field(alias="to", default=None)
    times: float = 1.0


class AxisTarget(BaseModel):
    """A row of a scenario's `targets` in which the outcome has the axis's value in every quarter `from` to `to`."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    outcome: str
    label: str | None = None
    first: str = Field(alias="from")
    last: str = Field(alias="to")
    moves: str | list[str]


class AxisFile(BaseModel):
    """An axis in conf/study/: `values`, or `low`, `high` and `points`.

    It moves `parameters` (names as in calibration/parameters.csv, or `targets.NAME`; a stem moves all its labels), to the
    value or, if `relative`, to that multiple of the calibrated number; or it moves instruments by `changes`; or it is what
    outcomes are to be, by `targets`.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    description: str = ""
    parameters: list[str] = []
    changes: list[AxisChange] = []
    targets: list[AxisTarget] = []
    values: list[float] | None = None
    low: float | None = None
    high: float | None = None
    points: int = Field(default=2, ge=2, le=MOST_POINTS)
    logarithmic: bool = False
    relative: bool = False


@dataclass(frozen=True)
class Axis:
    """`values` of a grid, in order; a design takes any number between the first and the last of them."""

    name: str
    description: str
    parameters: tuple[str, ...]
    changes: tuple[AxisChange, ...]
    values: np.ndarray
    logarithmic: bool
    relative: bool
    targets: tuple[AxisTarget, ...] = ()

    def numbers(self, value, inputs):
        """`{name: number}` of the parameters moved."""
        return {name: value * inputs.value(name) if self.relative else value for name in self.parameters}

    def place(self, value):
        """Where a value lies between the first and the last, from 0 to 1."""
        first, last, here = (np.log(v) if self.logarithmic else v for v in (self.values[0], self.values[-1], value))
        return float((here - first) / (last - first))

    def value(self, place):
        """The inverse of `place`."""
        if self.logarithmic:
            return float(self.values[0] * (self.values[-1] / self.values[0]) ** place)
        return float(self.values[0] + (self.values[-1] - self.values[0]) * place)

    def neutral(self, value):
        """The value that stands for no policy change; of a parameter or a target, its own."""
        return NEUTRAL[self.changes[0].operation] if self.changes else value

    def rows(self, value):
        """Rows of a scenario's `changes`."""
        for change in self.changes:
            size = value**change.times if change.operation == "scale" else value * change.times
            row = {"instrument": change.instrument, "operation": change.operation, "value": size, "from": change.first}
            yield row if change.last is None else {**row, "to": change.last}

    def target_rows(self, value):
        """Rows of a scenario's `targets`."""
        for row in self.targets:
            quarters = quarter_index(row.last) - quarter_index(row.first) + 1
            head = {"outcome": row.outcome, "from": row.first, "moves": row.moves, "values": [value] * quarters}
            yield head if row.label is None else {**head, "label": row.label}


def read_axes(raw, inputs):
    """Axes of a study's configuration; raises InputError with every problem."""
    problems, axes = [], []
    for name, body in raw.items():
        try:
            axes.append(_axis(name, validate(AxisFile, body, f"study.axes.{name}"), inputs))
        except InputError as error:
            problems += error.sentences
    if problems:
        raise InputError(problems)
    return tuple(axes)


def _axis(name, read, inputs):
    where = f"study.axes.{name}"
    if [bool(read.parameters), bool(read.changes), bool(read.targets)].count(True) != 1:
        raise InputError(f"{where}: expected either parameters, changes or targets")
    for row in read.targets:
        _check_window(row, where)
    unknown = [c.operation for c in read.changes if c.operation not in NEUTRAL]
    if unknown:
        raise InputError(f"{where}.changes: got operation {unknown[0]!r}; expected one of {', '.join(NEUTRAL)}")
    if read.relative and not read.parameters:
        raise InputError(f"{where}.relative: got true; expected false, as only parameters have a calibrated number")
    unused = {"low", "high", "points"} & read.model_fields_set
    if read.values is not None and unused:
        raise InputError(
            f"{where}: got values and {', '.join(sorted(unused))}; expected values, or low, high and points"
        )
    values = np.array(_values(where, read), float)
    if len(values) < 2 or not np.isfinite(values).all() or values[0] == values[-1]:
        raise InputError(f"{where}: got values {list(values)}; expected two or more, the first and the last different")
    if read.logarithmic and any(c.operation == "add" for c in read.changes):
        raise InputError(
            f"{where}.logarithmic: got true with operation 'add', whose neutral value is 0; expected false"
        )
    if values.min() <= 0 and any(c.operation == "scale" and c.times != 1 for c in read.changes):
        raise InputError(f"{where}: got {values.min():g}, to be taken to the power of times; expected positive values")
    if read.logarithmic and values.min() <= 0:
        raise InputError(f"{where}: got {values.min():g} on a logarithmic axis; expected positive values")
    parameters = tuple(name for stem in read.parameters for name in _names(stem, inputs, where))
    own = parameters, tuple(read.changes), values, read.logarithmic, read.relative, tuple(read.targets)
    axis = Axis(name, read.description, *own)
    problems = dict.fromkeys(s for v in values for s in out_of_range(inputs, axis.numbers(v, inputs)))
    if problems:
        raise InputError([f"{where}: {sentence}" for sentence in problems])
    return axis


def _check_window(row, where):
    try:
        quarters = quarter_index(row.last) - quarter_index(row.first) + 1
    except ValueError as error:
        raise InputError(f"{where}.targets: {error}") from None
    if quarters < 1:
        raise InputError(f"{where}.targets: to is {row.last}, before from, {row.first}")


def _values(where, read):
    if read.values is not None:
        return read.values
    if read.low is None or read.high is None:
        raise InputError(f"{where}: expected values, or low and high")
    space = np.geomspace if read.logarithmic and min(read.low, read.high) > 0 else np.linspace
    return space(read.low, read.high, read.points)


def _names(stem, inputs, where):
    names = [name for name in inputs.names if name == stem or name.startswith(f"{stem}.")]
    if not names:
        raise InputError(f"{where}.parameters: no such name {stem!r}{nearest(stem, inputs.names)}")
    return names
