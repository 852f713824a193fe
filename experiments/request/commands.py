"""The configuration of each command: which parts of the schema it has, and keys of its own."""

import dataclasses
from dataclasses import dataclass, field, make_dataclass
from enum import Enum
from typing import Any

from omegaconf import MISSING

from calibration.inputs import load_inputs
from calibration.markets.inputs import parameter_rows
from experiments.request.schema import (
    BeliefsConfig,
    CalibrationConfig,
    ClusterConfig,
    ConditionsConfig,
    Device,
    HouseholdsConfig,
    OutputsConfig,
    RuleConfig,
    SolverConfig,
    StudyConfig,
    Uncertainty,
)


def _economy_class():
    """Nested classes of optional numbers, one a row of parameters.csv and two_sector.csv."""
    tree = {}
    for name in load_inputs(economy_name="two_sector").parameters:
        *path, last = name.split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = None
    return _class_of("EconomyConfig", tree)


def _class_of(name, tree):
    fields = []
    for key, branch in tree.items():
        if branch is None:
            fields.append((key, float | None, None))
        else:
            inner = _class_of(f"{name}_{key}", branch)
            fields.append((key, inner, field(default_factory=inner)))
    return make_dataclass(name, fields)


EconomyConfig = _economy_class()


@dataclass
class Config:
    rule: RuleConfig = field(default_factory=RuleConfig)
    economy: EconomyConfig = field(default_factory=EconomyConfig)
    households: HouseholdsConfig = field(default_factory=HouseholdsConfig)
    beliefs: BeliefsConfig = field(default_factory=BeliefsConfig)
    solver: SolverConfig = field(default_factory=SolverConfig)
    calibration: CalibrationConfig = field(default_factory=CalibrationConfig)
    outputs: OutputsConfig = field(default_factory=OutputsConfig)
    scenarios: list[str] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    targets: list[Any] = field(default_factory=list)
    scenarios_file: str | None = None
    parameters: Any = None
    device: Device = Device.auto
    study: StudyConfig = field(default_factory=StudyConfig)
    cluster: ClusterConfig = field(default_factory=ClusterConfig)


@dataclass
class RunConfig(Config):
    conditions: ConditionsConfig = field(default_factory=ConditionsConfig)
    uncertainty: Uncertainty = Uncertainty.none
    draws: int | None = None
    verbose: bool = False


@dataclass
class ResponsesConfig(Config):
    instrument: str = MISSING
    size: float = MISSING
    persistence: float = 0.8


@dataclass
class ExportConfig(Config):
    target: str = MISSING
    check: bool = False


@dataclass
class CalibrateConfig(Config):
    estimated_file: str | None = None
    moments_file: str | None = None
    cut: str | None = None
    first_quarter: str | None = None
    starts: int = 16
    searches: int = 3
    start: str | None = None
    posterior: list[int] = field(default_factory=list)
    normal_draws: int = 0
    left_out: list[str] = field(default_factory=list)
    assumed: Any = None
    leave_one_out: bool = False
    actuals: str | None = None
    seed: int = 20260101
    save: str | None = None


@dataclass
class ContributionsConfig(Config):
    conditions: ConditionsConfig = field(default_factory=ConditionsConfig)


@dataclass
class HistoryConfig(Config):
    first: str = "2015Q1"


@dataclass
class ForecastConfig(Config):
    conditions: ConditionsConfig = field(default_factory=ConditionsConfig)
    quarters: int = 20
    paths: int = 10_000
    score: bool = False
    earlier: str | None = None
    seed: int = 20260101


@dataclass
class QuestionConfig:
    """Content is checked by `request.question_file`."""

    name: str = ""
    question: str = ""
    description: str = ""
    announced: str = "2026Q1"
    during: str | None = None
    objective: Any = None
    controls: list[Any] = field(default_factory=list)
    coefficients: list[Any] = field(default_factory=list)
    limits: list[Any] = field(default_factory=list)
    compare: list[str] = field(default_factory=list)
    frontier: Any = None
    hangs_on: list[Any] = field(default_factory=list)


class Reoptimise(Enum):
    never = "never"
    yearly = "yearly"


@dataclass
class PolicyConfig(Config):
    policy: QuestionConfig = field(default_factory=QuestionConfig)
    policy_file: str | None = None
    starts: int = 8
    draws: int = 0
    reoptimise: Reoptimise = Reoptimise.never
    hangs_on: bool = True


class Coupling(Enum):
    one_way = "one_way"
    two_way = "two_way"


MarketNumbers = make_dataclass("MarketNumbers", [(name, float | None, None) for name in parameter_rows()])


@dataclass
class MarketsConfig(Config):
    months: int = 18
    paths: int = 10_000
    seed: int = 20260101
    coupling: Coupling = Coupling.one_way
    estimate: bool = False
    estimate_also: list[str] = field(default_factory=list)
    markets: MarketNumbers = field(default_factory=MarketNumbers)


@dataclass
class ClaimsConfig(Config):
    claims: list[str] = field(default_factory=list)
    draws: int = 24
    seed: int = 20260101


@dataclass
class ExploreConfig(Config):
    port: int = 8765
    setting: str = ""


def schemas():
    """The root of each command's configuration, by the name it is stored under."""
    return {
        "schema": RunConfig,
        "responses_schema": ResponsesConfig,
        "export_schema": ExportConfig,
        "calibrate_schema": CalibrateConfig,
        "contributions_schema": ContributionsConfig,
        "history_schema": HistoryConfig,
        "forecast_schema": ForecastConfig,
        "policy_schema": PolicyConfig,
        "markets_schema": MarketsConfig,
        "claims_schema": ClaimsConfig,
        "explore_schema": ExploreConfig,
    }


def schema(config_name):
    """`(name that it is stored under, root)` of the schema of the command whose configuration is `config_name`."""
    name = "schema" if config_name == "config" else f"{config_name}_schema"
    return name, schemas()[name]


def known_keys(*trees):
    """Every dotted key of the schemas `trees`, of every command without them."""
    return tuple(dict.fromkeys(key for tree in trees or schemas().values() for key in _keys(tree, "")))


def _keys(tree, prefix):
    for entry in dataclasses.fields(tree):
        yield prefix + entry.name
        if dataclasses.is_dataclass(entry.type):
            yield from _keys(entry.type, f"{prefix}{entry.name}.")
