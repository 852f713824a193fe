"""Rows of `targets` and files of `conditions`: outcomes that are to have values, and what moves to give them."""

import math
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from calibration.shocks.stored import usual
from calibration.shocks.tables import shocks
from experiments.request.errors import InputError
from experiments.request.instruments import symbol_of, unknown_instrument
from experiments.request.outcomes import OF_A_QUARTER, labels_of, outcome_problems
from experiments.request.strict_yaml import read_yaml
from experiments.request.validation import validate
from model.core.units import quarter_index, quarter_label
from model.equilibrium.outcomes.register import UNITS
from model.transition.scenarios.scenario import Mover, Scenario, Target

WITHOUT_TREND, WITH_TREND = "without trend", "with trend"
CONDITIONS_FOLDER = Path(__file__).parents[2] / "conf" / "conditions"


class TargetRow(BaseModel):
    """One row of `targets`: `values` a number a quarter from `from` on, null where the quarter is free, or one number until `to`.

    They are levels, or `over: baseline`. `persistence` is that of instruments which are no shock: what is left of a move a quarter later.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=False)
    outcome: str
    label: str | None = None
    values: Any
    unit: str | None = None
    first: str = Field(alias="from")
    last: str | None = Field(alias="to", default=None)
    over: Literal["baseline"] | None = None
    moves: Any
    persistence: float = Field(default=0.0, ge=0.0, lt=1.0)
    component: str | None = None


class ConditionsFile(BaseModel):
    """A file in conf/conditions/: a baseline that follows somebody's projections."""

    model_config = ConfigDict(extra="forbid")
    name: str
    description: str
    source: str
    announced: str = "2026Q1"
    targets: list[TargetRow]


def build_targets(rows, where, inputs, problems):
    """`Target`s of rows, on the calendar of 2026; what is wrong goes to `problems`."""
    return tuple(t for i, row in enumerate(rows) if (t := _target(row, f"{where}.{i}", inputs, problems)) is not None)


def shipped_conditions(name):
    """Contents of a file in conf/conditions/."""
    return read_yaml((CONDITIONS_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def build_conditions(raw, inputs):
    """Conditions as a `Scenario` without changes, from a mapping as in conf/conditions/; raises InputError."""
    read, problems = validate(ConditionsFile, raw, "conditions"), []
    targets = build_targets(read.targets, "conditions.targets", inputs, problems)
    announced = 0
    try:
        announced = quarter_index(read.announced)
    except ValueError as error:
        problems.append(f"conditions.announced: {error}")
    if announced < 0:
        problems.append(f"conditions.announced: got {read.announced}; expected {quarter_label(0)} or later")
    if not read.targets:
        problems.append("conditions.targets: got none; expected rows of outcomes that are to have values")
    if problems:
        raise InputError(problems)
    said = f"{read.description.strip()} Source: {read.source.strip()}"
    return Scenario(read.name, said, (), announced, targets)


def _target(row, where, inputs, problems):
    before = len(problems)
    problems += outcome_problems(where, row, OF_A_QUARTER, "that can be a target")
    if row.outcome not in OF_A_QUARTER:
        return None
    unit = UNITS[row.outcome][0]
    grown = unit.replace(WITHOUT_TREND, WITH_TREND)
    if row.unit is not None and not (row.unit and (unit.startswith(row.unit) or grown.startswith(row.unit))):
        also = f", or {grown!r}" if grown != unit else ""
        problems.append(f"{where}.unit: got {row.unit!r}; {row.outcome} is in {unit!r}{also}")
    values = row.values if isinstance(row.values, list) else [row.values]
    if not all(v is None or _number(v) for v in values):
        problems.append(f"{where}.values: got {row.values!r}; expected finite numbers, or null where a quarter is free")
    names = row.moves if isinstance(row.moves, list) else [row.moves]
    movers = [_mover(name, row.persistence, f"{where}.moves", inputs, problems) for name in names]
    if not names:
        problems.append(f"{where}.moves: got none; expected names of instruments or shocks; see list instrument")
    elif row.persistence and all(mover is not None and mover.deviation is not None for mover in movers):
        problems.append(
            f"{where}.persistence: got {row.persistence:g}; shocks fade as they were estimated to ({', '.join(f'{m.name} {m.persistence:.2g}' for m in movers)}), leave persistence out"
        )
    first = _quarter(row.first, f"{where}.from", problems)
    if row.last is not None:
        last = _quarter(row.last, f"{where}.to", problems)
        if len(values) > 1 or (last is not None and first is not None and last < first):
            problems.append(f"{where}.to: got {row.last}; expected one value from {row.first} until a later quarter")
        elif last is not None and first is not None:
            values = values * (last - first + 1)
    if len(problems) > before:
        return None
    if row.unit and not unit.startswith(row.unit):
        values = [None if v is None else v / _grown(first + k, inputs) for k, v in enumerate(values)]
    column = labels_of(row.outcome).index(row.label) if row.label else None
    told = tuple(None if v is None else float(v) for v in values)
    return Target(row.outcome, column, told, first, tuple(movers), row.over is not None)


def _quarter(label, where, problems):
    try:
        return quarter_index(label)
    except ValueError as error:
        problems.append(f"{where}: {error}")
        return None


def _grown(quarter, inputs):
    """How much larger the economy is by its trend than in its initial steady state, the quarter before its first."""
    return inputs.value("production.trend_growth") ** (inputs.economy.units.first_shown + quarter + 1)


def _number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _mover(name, persistence, where, inputs, problems):
    """A shock by its name, or an instrument: with the persistence and the usual size of its shock, if it has one."""
    symbol = symbol_of(name, inputs)
    for shock in shocks():
        if name == shock.name or (symbol,) == shock.instruments:
            return Mover(name, shock.instruments, *usual(shock.name))
    if symbol is None:
        problems.append(f"{where}: {unknown_instrument(name, inputs, [s.name for s in shocks()])}")
        return None
    return Mover(name, (symbol,), persistence)
