"""The numbers a calibration starts from: `targets.csv` (data) and `parameters.csv` (primitive parameters)."""

import csv
import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
TARGETS_FILE, PARAMETERS_FILE = FOLDER / "targets.csv", FOLDER / "parameters.csv"
TARGET_COLUMNS = ("name", "symbol", "value", "unit", "period", "publisher", "reference", "note")
PARAMETER_COLUMNS = ("name", "symbol", "value", "unit", "low", "high", "source")


class TableError(ValueError):
    """A table of numbers that cannot be used; the message names file, line and what was expected."""


@dataclass(frozen=True)
class Row:
    """One number of a table; `name` is dotted, its last parts labels on an axis where there are any."""

    name: str
    symbol: str
    value: float
    unit: str
    low: float = -math.inf
    high: float = math.inf
    source: str = ""


@dataclass(frozen=True)
class Inputs:
    """Targets and primitive parameters by name; `tree()` gives the nested arrays that the inversion takes."""

    targets: dict[str, Row]
    parameters: dict[str, Row]
    moved: dict[str, float] = field(default_factory=dict)

    def with_values(self, values):
        """The same with other values, `{name: number}`; a target's name has the prefix `targets.`."""
        return Inputs(self.targets, self.parameters, {**self.moved, **values})

    def value(self, name):
        if name in self.moved:
            return self.moved[name]
        row = self.targets[name.removeprefix("targets.")] if name.startswith("targets.") else self.parameters[name]
        return row.value

    def labelled(self, stem):
        """Values of a parameter by its labels, `{"gas": 1.3, ...}`."""
        return {name.rpartition(".")[2]: self.value(name) for name in self.parameters if name.startswith(f"{stem}.")}

    def tree(self):
        """Nested dictionaries, labels stacked into arrays: `tree["energy"]["start_elasticity"]` is `(technology,)`."""
        nested = {}
        for name in [*(f"targets.{n}" for n in self.targets), *self.parameters]:
            *path, last = name.split(".")
            node = nested
            for part in path:
                node = node.setdefault(part, {})
            node[last] = self.value(name)
        return {block: {name: _stacked(leaf) for name, leaf in fields.items()} for block, fields in nested.items()}

    def named(self, tree):
        """`{name: number}` of a tree like `tree()`, whose leaves may have the same leading axes everywhere."""
        names = [*(f"targets.{n}" for n in self.targets), *self.parameters]
        positions = Inputs(self.targets, self.parameters, {name: i for i, name in enumerate(names)}).tree()
        found = {}
        for block, numbers in positions.items():
            for name, position in numbers.items():
                values = np.asarray(tree[block][name])
                values = values.reshape(*values.shape[: values.ndim - position.ndim], -1)
                found |= {names[int(i)]: values[..., k] for k, i in enumerate(position.ravel())}
        return found


def _stacked(leaf):
    return np.array([_stacked(v) for v in leaf.values()]) if isinstance(leaf, dict) else np.float64(leaf)


def load_inputs(targets_file=TARGETS_FILE):
    """The shipped tables, or the shipped parameters with another targets file of the same rows."""
    parameters = read_table(PARAMETERS_FILE, PARAMETER_COLUMNS)
    targets = read_table(TARGETS_FILE, TARGET_COLUMNS)
    if Path(targets_file) != TARGETS_FILE:
        targets = _checked_against(read_table(targets_file, TARGET_COLUMNS), targets, targets_file)
    return Inputs(targets, parameters)


def read_table(path, columns):
    """Rows by name; raises TableError on a missing column, a duplicate, or a value that is not a finite number."""
    path = Path(path)
    if not path.is_file():
        raise TableError(f"{path}: no such file; expected a CSV with the columns {', '.join(columns)}")
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        missing = [c for c in columns if c not in (reader.fieldnames or ())]
        if missing:
            raise TableError(f"{path}, line 1: missing columns {', '.join(missing)}; expected {', '.join(columns)}")
        rows = {}
        for raw in reader:
            row, line = _row(raw, path, reader.line_num), reader.line_num
            if row.name in rows:
                raise TableError(f"{path}, line {line}: duplicate row {row.name!r}; expected each name once")
            rows[row.name] = row
    return rows


def _row(raw, path, line):
    def number(column):
        try:
            value = float(raw[column])
        except (TypeError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            raise TableError(
                f"{path}, line {line}: {raw['name']}: {column} is {raw[column]!r}; expected a finite number"
            )
        return value

    bounds = {column: number(column) for column in ("low", "high") if column in raw}
    return Row(raw["name"], raw["symbol"], number("value"), raw["unit"], source=raw.get("source") or "", **bounds)


def _checked_against(rows, shipped, path):
    missing = [name for name in shipped if name not in rows]
    unknown = [name for name in rows if name not in shipped]
    if missing:
        raise TableError(f"{path}: missing row {missing[0]!r}; expected the {len(shipped)} rows of {TARGETS_FILE.name}")
    if unknown:
        raise TableError(f"{path}: unknown row {unknown[0]!r}; expected the rows of {TARGETS_FILE.name}")
    for line, (name, row) in enumerate(rows.items(), start=2):
        if row.unit != shipped[name].unit:
            raise TableError(f"{path}, line {line}: {name}: unit is {row.unit!r}; expected {shipped[name].unit!r}")
    return {name: rows[name] for name in shipped}
