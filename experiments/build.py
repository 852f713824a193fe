"""From a configuration to a job: every number checked, every scenario built, nothing solved."""

import math
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from omegaconf import OmegaConf

from calibration.inputs import TARGETS_FILE, Inputs, TableError, draws_of, load_inputs
from calibration.symbols import SymbolError, resolve
from experiments.errors import InputError, nearest, unknown_key
from experiments.posterior import Draws, read_draws
from experiments.ranges import key_of, out_of_range
from experiments.schema import (
    BeliefKind,
    ChangeRow,
    ScenarioFile,
    belief_problems,
    known_keys,
    solver_problems,
    validate,
)
from experiments.shapley import coalitions
from experiments.treasury import changes_of
from model.beliefs import EXPERIENCED, Beliefs
from model.core.axes import TREND_ASSET
from model.core.units import quarter_index
from model.equilibrium.nouns import INSTRUMENTS
from model.scenarios.scenario import OPERATIONS, Change, Scenario
from model.scenarios.views import quarters_of_learning
from model.solutions import Settings

SCENARIO_FOLDER = Path(__file__).parent.parent / "conf" / "scenario"
CUSTOM = "custom"
DRAWS_USED = (2, 100_000)
TREND_CHASING = tuple(f"portfolio.trend_chasing.{label}" for label in TREND_ASSET.labels)
SEVERAL_VIEWS = (*EXPERIENCED, "crash_wedge")
FREE_KEYS = ("parameters", "calibration.targets", "study.axes", "cluster.options")


@dataclass(frozen=True)
class Job:
    """All that a run solves; `draws` are those of the calibration around `inputs`, None without bands."""

    inputs: Inputs
    settings: Settings
    scenarios: tuple[Scenario, ...]
    draws: Draws | None = field(default=None, repr=False)
    beliefs: Beliefs = field(default_factory=Beliefs)

    @property
    def in_batches(self):
        """Can it be solved together with others? Not where the baseline or its scenarios need more than one view."""
        return self.beliefs.kind not in SEVERAL_VIEWS

    def several_views(self, what):
        """Problems of `what`, in the plural, that knows one view of the future, with the beliefs of this job."""
        if not self.in_batches:
            allowed = ", ".join(b.value for b in BeliefKind if b.value not in SEVERAL_VIEWS)
            yield f"beliefs: got {self.beliefs.kind}; {what} are solved with one view of the future: {allowed}"


def prepare(config):
    """Job of a composed configuration; raises InputError with every problem found."""
    raw = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    known = set(known_keys())
    problems = [unknown_key(key, known) for key in _keys(raw) if key not in known]
    if problems:
        raise InputError(problems)
    problems = [*solver_problems(raw["solver"]), *belief_problems(raw["beliefs"])]
    settings = None if problems else Settings(**raw["solver"])
    inputs = _collect(problems, lambda: _inputs(raw))
    scenarios = _collect(problems, lambda: _scenarios(raw, inputs)) or ()
    draws = _collect(problems, lambda: _draws(raw, inputs)) if inputs else None
    beliefs = Beliefs(**{key: value for key, value in raw["beliefs"].items() if key != "trend_chasing"})
    if settings:
        problems += [sentence for scenario in scenarios for sentence in scenario.problems(settings.horizon)]
    if beliefs.kind in EXPERIENCED:
        problems += [
            f"scenario {s.name}: got a change without `to`; with beliefs={beliefs.kind} expected one that ends"
            for s in scenarios
            if s.permanent
        ]
    if settings and not problems and beliefs.kind == "slow_learning":
        problems += _learning_problems(beliefs, settings)
    job = Job(inputs, settings, tuple(scenarios), draws, beliefs)
    if draws or raw["study"]["name"]:
        problems += job.several_views("studies and bands")
    if problems:
        raise InputError(problems)
    return job


def _learning_problems(beliefs, settings):
    count, most = quarters_of_learning(beliefs.delay, beliefs.gain), settings.horizon // 2
    if count > most:
        yield (
            f"beliefs.gain: got {beliefs.gain:g}; at a delay of {beliefs.delay:g} people learn for {count} quarters, "
            f"expected at most half the horizon, {most}: raise beliefs.gain or solver.horizon"
        )


def _keys(raw, prefix=""):
    for key, branch in raw.items():
        yield prefix + key
        if isinstance(branch, dict) and prefix + key not in FREE_KEYS:
            yield from _keys(branch, f"{prefix}{key}.")


def composed(config, inputs):
    """The configuration in full, as plain data, with the economy's numbers as they are used."""
    raw = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    return {**raw, "economy": _filled(raw["economy"], inputs)}


def _filled(tree, inputs, prefix=""):
    return {
        key: _filled(branch, inputs, f"{prefix}{key}.") if isinstance(branch, dict) else inputs.value(prefix + key)
        for key, branch in tree.items()
    }


def _collect(problems, build):
    try:
        return build()
    except InputError as error:
        problems += error.sentences
    except (TableError, SymbolError) as error:
        problems.append(str(error))
    return None


def _inputs(raw):
    calibration = raw["calibration"]
    inputs = load_inputs(calibration["targets_file"] or TARGETS_FILE, calibration["name"])
    values = {
        name: raw["beliefs"]["trend_chasing"] for name in TREND_CHASING if raw["beliefs"]["trend_chasing"] is not None
    }
    values |= dict(_numbers(raw["economy"]))
    problems = []
    for name, value in (calibration["targets"] or {}).items():
        if name not in inputs.targets:
            problems.append(f"calibration.targets.{name}: no such target{nearest(name, inputs.targets)}")
            continue
        values[f"targets.{name}"] = value
    for symbol, value in (raw["parameters"] or {}).items():
        for name, number in resolve(inputs, symbol, value).items():
            if name in values:
                problems.append(f"parameters.{symbol}: also set as {key_of(name)}; set it once")
            values[name] = number
    problems += out_of_range(inputs, values)
    if problems:
        raise InputError(problems)
    return inputs.with_values({name: float(value) for name, value in values.items()})


def _draws(raw, inputs):
    if raw.get("uncertainty", "none") == "none":
        return None
    if raw["study"]["name"]:
        raise InputError("uncertainty: got posterior; a study has no bands, use uncertainty=none")
    low, high = DRAWS_USED
    if not low <= raw["draws"] <= high:
        raise InputError(f"draws: got {raw['draws']}; allowed {low} to {high}")
    return read_draws(raw["calibration"]["draws"] or draws_of(inputs.name), inputs, raw["draws"])


def _numbers(tree, prefix=""):
    for key, branch in tree.items():
        if isinstance(branch, dict):
            yield from _numbers(branch, f"{prefix}{key}.")
        elif branch is not None:
            yield prefix + key, branch


def _scenarios(raw, inputs):
    perfect_foresight = raw["beliefs"]["kind"] == "perfect_foresight"
    problems = []
    named = {name: _collect(problems, lambda name=name: shipped(name, "scenarios")) for name in raw["scenarios"]}
    named = {name: body for name, body in named.items() if body is not None}
    if raw["scenarios_file"]:
        named.update(_read_scenarios(raw["scenarios_file"]))
    if raw["changes"]:
        named[CUSTOM] = {"description": "Changes given on the command line.", "changes": raw["changes"]}
    built = []
    for name, body in named.items():
        try:
            built.append(build_scenario(name, body, perfect_foresight, inputs))
        except InputError as error:
            problems += error.sentences
    if problems:
        raise InputError(problems)
    return tuple(built)


def shipped(name, key):
    """Contents of a scenario in conf/scenario/; raises InputError, naming the `key` it was asked for, if there is none."""
    path = SCENARIO_FOLDER / f"{name}.yaml"
    if not path.is_file():
        known = sorted(p.stem for p in SCENARIO_FOLDER.glob("*.yaml"))
        raise InputError(f"{key}: no scenario {name!r}{nearest(name, known)}; there are {', '.join(known)}")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def combinations(config, inputs):
    """`(components, {coalition: Scenario})` of the one scenario: its rows with their components, in all combinations."""
    name = config.scenarios[0]
    body = shipped(name, "scenarios")
    rows = [(key, row) for key in ("operations", "changes") for row in body.get(key, [])]
    nameless = [
        f"{key}.{i}"
        for key in ("operations", "changes")
        for i, row in enumerate(body.get(key, []))
        if "component" not in row
    ]
    if nameless:
        raise InputError(f"scenario {name}.{nameless[0]}.component: Field required, to tell contributions apart")
    names = tuple(dict.fromkeys(row["component"] for _, row in rows))
    foresight = config.beliefs.kind.value == "perfect_foresight"
    built = {}
    for chosen in coalitions(names):
        part = {
            key: [row for k, row in rows if k == key and row["component"] in chosen]
            for key in ("operations", "changes")
        }
        built[chosen] = build_scenario(" + ".join(chosen), body | part, foresight, inputs)
    return names, built


def _read_scenarios(path):
    path = Path(path)
    if not path.is_file():
        raise InputError(f"scenarios_file: {path}: no such file; expected a YAML mapping of scenario names to changes")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InputError(f"scenarios_file: {path}: not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict):
        raise InputError(f"scenarios_file: {path}: expected a mapping of scenario names to changes")
    return {str(name): {"changes": body} if isinstance(body, list) else body for name, body in content.items()}


def build_scenario(name, body, perfect_foresight=False, inputs=None):
    """Scenario from a mapping with `description`, `announced`, `changes` and `operations`; raises InputError.

    Operations that set the policy rate use the rule of `inputs`, values that are divided by a number its value there.
    """
    read = validate(ScenarioFile, body, f"scenario {name}")
    problems = [] if read.changes or read.operations else [f"scenario {name}.changes: Field required"]
    inputs = inputs or load_inputs()
    changes = [_change(row, f"scenario {name}.changes.{i}", inputs, problems) for i, row in enumerate(read.changes)]
    smoothing = inputs.value("central_bank.rate_smoothing")
    changes += (
        _collect(problems, lambda: changes_of(read.operations, quarter_index, smoothing, f"scenario {name}")) or ()
    )
    announced = _quarter(read.announced, f"scenario {name}.announced", problems)
    if problems:
        raise InputError(problems)
    if announced < 0:
        raise InputError(f"scenario {name}.announced: got {read.announced}; expected 2026Q1 or later")
    return Scenario(name, read.description.strip(), tuple(changes), 0 if perfect_foresight else announced)


def _change(row: ChangeRow, where, inputs, problems):
    if row.instrument not in INSTRUMENTS.symbols:
        known = INSTRUMENTS.symbols
        problems.append(
            f"{where}.instrument: no instrument {row.instrument!r}{nearest(row.instrument, known)}; there are {', '.join(known)}"
        )
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
            values = tuple(value / inputs.value(row.divided_by) for value in values)
    first = _quarter(row.first, f"{where}.from", problems)
    last = None if row.last is None else _quarter(row.last, f"{where}.to", problems)
    return Change(row.instrument, row.operation, values, first, last)


def _quarter(label, where, problems):
    try:
        return quarter_index(label)
    except ValueError as error:
        problems.append(f"{where}: {error}")
        return 0
