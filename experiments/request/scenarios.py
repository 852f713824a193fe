"""Scenarios as files and rows: what users write, checked and made into `model.transition.scenarios.scenario.Scenario`."""

import math
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from calibration.calibrate import catch_up_of
from calibration.inputs import load_inputs
from experiments.answer.shapley import coalitions
from experiments.request.errors import InputError, nearest
from experiments.request.instruments import symbol_of, unknown_instrument
from experiments.request.operations import changes_of
from experiments.request.strict_yaml import read_mapping, read_yaml
from experiments.request.targets import TargetRow, build_targets
from experiments.request.validation import validate
from model.core.units import quarter_index
from model.transition.scenarios.catch_up import views_of
from model.transition.scenarios.scenario import OPERATIONS, Change, Scenario
from model.transition.solutions import BASELINE

SCENARIO_FOLDER = Path(__file__).parents[2] / "conf" / "scenario"
KINDS = ("operations", "changes", "targets")  # of rows
RESERVED = (BASELINE, "outcome", "name", "quarters", "date", "baseline unit", "difference in")


class ChangeRow(BaseModel):
    """One row of `changes`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)
    instrument: str
    operation: str
    value: Any
    first: str = Field(alias="from")
    last: str | None = Field(alias="to", default=None)
    divided_by: str | None = None  # a target or parameter that `value` is a multiple of
    component: str | None = None


class OperationRow(BaseModel):
    """One row of `operations`: Treasury or Fed, in dollars, debt shares or basis points, see `experiments.request.operations`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)
    operation: str
    amount: Any
    unit: str
    first: str = Field(alias="from")
    last: str | None = Field(alias="to", default=None)
    held_to: str | None = None
    settled: str | None = None
    component: str | None = None


class ScenarioFile(BaseModel):
    """A file in conf/scenario/."""

    model_config = ConfigDict(extra="forbid")
    description: str = ""
    announced: str = "2026Q1"
    changes: list[ChangeRow] = []
    operations: list[OperationRow] = []
    targets: list[TargetRow] = []


def shipped(name, key="scenarios"):
    """Contents of a scenario in conf/scenario/; raises InputError, naming the `key` it was asked for, if there is none."""
    known = sorted(path.stem for path in SCENARIO_FOLDER.glob("*.yaml"))
    if name not in known:
        raise InputError(f"{key}: no scenario {name!r}{nearest(name, known)}; there are {', '.join(known)}")
    return read_yaml((SCENARIO_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def read_scenarios(path):
    """`(name, body)` of each scenario in a file of the user; raises InputError."""
    content = read_mapping(path, "scenarios_file", "a YAML mapping of scenario names to changes")
    return [(str(name), body) for name, body in content.items()]


def name_problems(names):
    """Sentences on names that cannot be told apart in tables."""
    for name in dict.fromkeys(names):
        if name.strip() in RESERVED:
            yield f"scenario {name}: the name is taken by a column of the tables; give it another"
        if names.count(name) > 1:
            yield f"scenario {name}: given {names.count(name)} times, in scenarios, scenarios_file, changes or targets; expected once"


def part_of(body, components):
    """The contents of a scenario with the rows of these components alone."""
    return body | {key: [row for row in body.get(key, []) if row.get("component") in components] for key in KINDS}


def combinations(name, inputs, perfect_foresight):
    """`(components, {coalition: Scenario})` of a shipped scenario: its rows with their components, in all combinations."""
    body = shipped(name)
    rows = {f"{key}.{i}": row for key in KINDS for i, row in enumerate(body.get(key, []))}
    nameless = [place for place, row in rows.items() if "component" not in row]
    if nameless:
        raise InputError(f"scenario {name}.{nameless[0]}.component: Field required, to tell contributions apart")
    names = tuple(dict.fromkeys(row["component"] for row in rows.values()))
    return names, {
        chosen: build_scenario(" + ".join(chosen), part_of(body, chosen), perfect_foresight, inputs)
        for chosen in coalitions(names)
    }


def build_scenario(name, body, perfect_foresight=False, inputs=None):
    """Scenario from a mapping with `description`, `announced`, `changes`, `operations` and `targets`; raises InputError.

    A list is one of `changes`. Operations that set the policy rate use the rule of `inputs`, values that are divided by a number
    its value there.
    """
    body = {"changes": body} if isinstance(body, list) else body
    read = validate(ScenarioFile, body, f"scenario {name}")
    some = read.changes or read.operations or read.targets
    problems = [] if some else [f"scenario {name}.changes: got none; expected rows of changes, operations or targets"]
    inputs = inputs or load_inputs()
    changes = [_change(row, f"scenario {name}.changes.{i}", inputs, problems) for i, row in enumerate(read.changes)]
    smoothing = inputs.value("central_bank.rate_smoothing")
    try:
        changes += changes_of(read.operations, quarter_index, smoothing, f"scenario {name}")
    except InputError as error:
        problems += error.sentences
    targets = build_targets(read.targets, f"scenario {name}.targets", inputs, problems)
    announced = _quarter(read.announced, f"scenario {name}.announced", problems)
    if problems:
        raise InputError(problems)
    if announced < 0:
        raise InputError(f"scenario {name}.announced: got {read.announced}; expected 2026Q1 or later")
    announced = 0 if perfect_foresight else announced
    return Scenario(name, read.description.strip(), tuple(changes), announced, targets)


def scenario_problems(scenario, inputs, settings):
    """Sentences on what of a scenario cannot be applied in the economy of `inputs`; empty if all is well."""
    return scenario.problems(inputs.economy.instruments, instruments_before(inputs, settings))


def instruments_before(inputs, settings):
    """What instruments are without a scenario `(periods, instruments)`, from the quarter before the first shown on."""
    economy = inputs.economy
    views = views_of(economy, catch_up_of(inputs), settings.horizon, settings.catch_up_complete)
    return views[-1].exogenous[economy.units.first_shown :]


def _change(row: ChangeRow, where, inputs, problems):
    symbol = symbol_of(row.instrument, inputs)
    if symbol is None:
        problems.append(f"{where}.instrument: {unknown_instrument(row.instrument, inputs)}")
    if row.operation not in OPERATIONS:
        problems.append(f"{where}.operation: got {row.operation!r}; expected one of {', '.join(OPERATIONS)}")
    values = tuple(row.value) if isinstance(row.value, list) else (row.value,)
    if not values or not all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in values
    ):
        problems.append(f"{where}.value: got {row.value!r}; expected a finite number or a list of them")
    elif row.divided_by is not None:
        if row.divided_by not in inputs.names:
            problems.append(f"{where}.divided_by: no number {row.divided_by!r}{nearest(row.divided_by, inputs.names)}")
        else:
            divisor = inputs.value(row.divided_by)
            if divisor == 0:
                problems.append(f"{where}.divided_by: {row.divided_by} is 0; expected a number that can divide")
            values = tuple(value / (divisor or 1.0) for value in values)
    first = _quarter(row.first, f"{where}.from", problems)
    last = None if row.last is None else _quarter(row.last, f"{where}.to", problems)
    return Change(symbol or row.instrument, row.operation, values, first, last)


def _quarter(label, where, problems):
    try:
        return quarter_index(label)
    except ValueError as error:
        problems.append(f"{where}: {error}")
        return 0
