"""The numbers a calibration starts from: `targets.csv` (data) and `parameters.csv` (primitive parameters)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from calibration.numbers.tables import (
    LEVEL,
    PARAMETER_COLUMNS,
    SET_COLUMNS,
    TARGET_COLUMNS,
    Row,
    TableError,
    read_table,
    target_range,
)
from model.core.units import quarter_index
from model.equilibrium.economy import ECONOMIES, Economy

FOLDER = Path(__file__).parent
TARGETS_FILE, PARAMETERS_FILE = FOLDER / "targets.csv", FOLDER / "parameters.csv"
ADDED_FILES = {  # of parameters beside those of the reference economy
    "two_sector": (FOLDER / "two_sector.csv",),
    "two_sector_remembering": (FOLDER / "two_sector.csv", FOLDER / "remembered_gap.csv"),
}
SETS, DRAWS = FOLDER / "sets", FOLDER / "draws"
REFERENCE = "reference"


class Made(NamedTuple):
    """What a set of values is of: its economy, the path moments it is to hit, and which numbers are estimated on them."""

    economy_name: str
    moments: Path | None  # in the place of the path rows of targets.csv
    estimated: Path


OF_REFERENCE = Made(REFERENCE, None, FOLDER / "estimated.csv")
OF_2022 = Made("two_sector", FOLDER / "vintages" / "moments_2022q4.csv", FOLDER / "vintages" / "estimated_2022q4.csv")


@dataclass(frozen=True)
class Inputs:
    """Targets and primitive parameters by name; `tree()` gives the nested arrays that the inversion takes."""

    targets: dict[str, Row]
    parameters: dict[str, Row]
    moved: dict[str, float] = field(default_factory=dict)
    name: str = REFERENCE
    moments: dict[str, Row] = field(default_factory=dict)  # targets that are not levels
    targets_file: str = ""  # name of one that is not shipped
    economy_name: str = REFERENCE

    def with_values(self, values: Mapping[str, float]) -> "Inputs":
        """The same with other values, `{name: number}`; a target's name has the prefix `targets.`."""
        return replace(self, moved={**self.moved, **values})

    def with_set(self, name: str, values: Mapping[str, float]) -> "Inputs":
        """The same with a named set of values, as if the tables had them."""
        targets, parameters = dict(self.targets), dict(self.parameters)
        for key, value in values.items():
            rows, row = (targets, key.removeprefix("targets.")) if key.startswith("targets.") else (parameters, key)
            rows[row] = replace(rows[row], value=value)
        return replace(self, targets=targets, parameters=parameters, name=name)

    def with_moments(self, path: str | Path) -> "Inputs":
        """The same with the path moments of another table; raises TableError."""
        kept = {key: row for key, row in self.moments.items() if row.kind != "path"}
        return replace(self, moments=kept | read_table(path, TARGET_COLUMNS))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all numbers, those of targets with their prefix."""
        return (*(f"targets.{name}" for name in self.targets), *self.parameters)

    @property
    def economy(self) -> Economy:
        """The economy that these are numbers of."""
        return ECONOMIES[self.economy_name]()

    @property
    def has_news(self) -> bool:
        """Do people change what they believe of AI after the first quarter?"""
        return any(name.startswith("catch_up.belief.") for name in self.parameters)

    @cached_property
    def numbers(self) -> tuple[str | float, ...]:
        """What tells one calibrated economy from another: its name and the values of all numbers, in the order of `names`."""
        return (self.economy_name, *(self.value(name) for name in self.names))

    def row(self, name: str) -> Row:
        """The row of a number; KeyError if there is none."""
        return self.targets[name.removeprefix("targets.")] if name.startswith("targets.") else self.parameters[name]

    def value(self, name: str) -> float:
        return self.moved[name] if name in self.moved else self.row(name).value

    def labelled(self, stem: str) -> dict[str, float]:
        """Values of a parameter by its labels, `{"gas": 1.3, ...}`."""
        return {name.rpartition(".")[2]: self.value(name) for name in self.parameters if name.startswith(f"{stem}.")}

    def tree(self) -> dict[str, dict[str, Any]]:
        """Nested dictionaries, labels stacked into arrays: `tree["energy"]["start_elasticity"]` is `(technology,)`."""
        nested = {}
        for name in self.names:
            *path, last = name.split(".")
            node = nested
            for part in path:
                node = node.setdefault(part, {})
            node[last] = self.value(name)
        return {block: {name: _stacked(leaf) for name, leaf in fields.items()} for block, fields in nested.items()}

    def named(self, tree: Mapping[str, Mapping[str, Any]]) -> dict[str, np.ndarray]:
        """`{name: number}` of a tree like `tree()`, whose leaves may have the same leading axes everywhere."""
        positions = self.with_values({name: i for i, name in enumerate(self.names)}).tree()
        found = {}
        for block, numbers in positions.items():
            for name, position in numbers.items():
                values = np.asarray(tree[block][name])
                values = values.reshape(*values.shape[: values.ndim - position.ndim], -1)
                found |= {self.names[int(i)]: values[..., k] for k, i in enumerate(position.ravel())}
        return found


def _stacked(leaf):
    return np.array([_stacked(v) for v in leaf.values()]) if isinstance(leaf, dict) else np.float64(leaf)


def load_inputs(
    targets_file: str | Path = TARGETS_FILE, name: str = REFERENCE, economy_name: str | None = None
) -> Inputs:
    """The shipped tables, with another targets file of the same level rows, and with the set of values called `name`.

    The economy is the one that the set is made for.
    Of targets a set has the last word only where the file says what the shipped one says.
    """
    made = made_of(name)
    economy_name = economy_name or made.economy_name
    parameters = read_table(PARAMETERS_FILE, PARAMETER_COLUMNS)
    for added in ADDED_FILES.get(economy_name, ()):
        parameters |= read_table(added, PARAMETER_COLUMNS)
    rows = read_table(targets_file, TARGET_COLUMNS)
    targets, own, file = {key: row for key, row in rows.items() if row.kind == LEVEL}, set(), ""
    if Path(targets_file) != TARGETS_FILE:
        shipped = read_table(TARGETS_FILE, TARGET_COLUMNS)
        targets = _checked_against(targets, {k: row for k, row in shipped.items() if row.kind == LEVEL}, targets_file)
        own = {f"targets.{key}" for key, row in targets.items() if row.value != shipped[key].value}
        file = Path(targets_file).name
    moments = {key: row for key, row in rows.items() if row.kind != LEVEL}
    inputs = Inputs(targets, parameters, moments=moments, targets_file=file, economy_name=economy_name)
    if made.moments is not None:
        inputs = inputs.with_moments(made.moments)
    if name == REFERENCE:
        return inputs
    return inputs.with_set(name, {key: value for key, value in _set_of(name, inputs).items() if key not in own})


def check_known(rows: Iterable[Row], cut: str) -> None:
    """Raises TableError on a row that was not published by the quarter `cut`, or does not say when it was."""
    for row in rows:
        try:
            later = quarter_index(row.published) > quarter_index(cut)
        except ValueError:
            raise TableError(f"{row.name}: published is {row.published!r}; expected a quarter such as 2024Q3") from None
        if later:
            raise TableError(f"{row.name}: published in {row.published}, after {cut}; leave it out")


def made_of(name: str) -> Made:
    """What a set of values is of: the reference economy, unless it has numbers that only another has."""
    if name == REFERENCE or name not in set_names():
        return OF_REFERENCE
    added = read_table(ADDED_FILES[OF_2022.economy_name][0], PARAMETER_COLUMNS)
    return OF_2022 if any(row.name in added for row in set_rows(name)) else OF_REFERENCE


def set_rows(name: str) -> list[Row]:
    """The rows of a set of values; none of the reference."""
    return [] if name == REFERENCE else list(read_table(SETS / f"{name}.csv", SET_COLUMNS).values())


def set_names() -> tuple[str, ...]:
    """Names of the sets of values that are shipped, with the reference."""
    return (REFERENCE, *sorted(path.stem for path in SETS.glob("*.csv")))


def draws_of(name: str) -> Path | None:
    """The file of posterior draws that came with a calibration, None without one."""
    path = DRAWS / f"{name}.csv"
    return path if path.is_file() else None


def _set_of(name, inputs):
    if name not in set_names():
        raise TableError(f"calibration {name!r}: no such set; expected one of {', '.join(set_names())}")
    values = {row.name: row.value for row in set_rows(name)}
    unknown = [key for key in values if key not in inputs.names]
    if unknown:
        path = SETS / f"{name}.csv"
        raise TableError(f"{path}: unknown row {unknown[0]!r}; expected names of parameters.csv or targets.NAME")
    return values


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
        low, high = target_range(row)
        if not low <= row.value <= high:
            raise TableError(
                f"{path}, line {line}: {name}: value is {row.value:g}; allowed {low:g} to {high:g} [{row.unit}]"
            )
    return {name: rows[name] for name in shipped}
