"""The schema of every configuration: one tree that knows each key, its type and its range."""

import dataclasses
from dataclasses import dataclass, field, make_dataclass
from enum import Enum
from typing import Annotated, Any

from omegaconf import MISSING
from pydantic import Field, TypeAdapter, ValidationError

from calibration.inputs import load_inputs
from calibration.markets.inputs import parameter_rows


class BeliefKind(Enum):
    surprise = "surprise"
    perfect_foresight = "perfect_foresight"
    sequential = "sequential"
    slow_learning = "slow_learning"
    extrapolative = "extrapolative"
    crash_wedge = "crash_wedge"


class Uncertainty(Enum):
    none = "none"
    posterior = "posterior"


class Device(Enum):
    auto = "auto"
    cpu = "cpu"
    gpu = "gpu"


class TerminalCondition(Enum):
    saddle = "saddle"
    steady = "steady"


class Executor(Enum):
    here = "here"
    ray = "ray"
    slurm = "slurm"


@dataclass
class HouseholdsConfig:
    """The group has no number of its own: those of households are the economy's."""


@dataclass
class BeliefsConfig:
    """Also a table of ranges; a number that its kind does not use is null."""

    kind: BeliefKind = BeliefKind.surprise
    persistence: float | None = None
    delay: float | None = None
    gain: float | None = None
    trend_chasing: float | None = None
    hazard: float | None = None
    half_life: float | None = None


@dataclass
class SolverConfig:
    """Also a table of ranges, which pydantic checks."""

    horizon: int = 240
    terminal: TerminalCondition = TerminalCondition.saddle
    smoothing: float = 1e-5
    tolerance: float = 1e-10
    iterations: int = 80


SOLVER_RANGES = {
    "horizon": (Annotated[int, Field(ge=80, le=2000)], "80 to 2000 quarters"),
    "smoothing": (Annotated[float, Field(ge=1e-8, le=1e-2)], "1e-8 to 1e-2"),
    "tolerance": (Annotated[float, Field(ge=1e-12, le=1e-6)], "1e-12 to 1e-6"),
    "iterations": (Annotated[int, Field(ge=1, le=10000)], "1 to 10000"),
}


BELIEF_NUMBERS = {
    "sequential": ("persistence",),
    "slow_learning": ("delay", "gain"),
    "extrapolative": ("trend_chasing",),
    "crash_wedge": ("hazard", "half_life"),
}
BELIEF_RANGES = {
    "persistence": (Annotated[float, Field(ge=0, lt=1)], "0 to below 1 [per quarter]"),
    "delay": (Annotated[float, Field(ge=0, le=40)], "0 to 40 [quarters]"),
    "gain": (Annotated[float, Field(gt=0, lt=1)], "above 0, below 1 [per quarter]"),
    "trend_chasing": (Annotated[float, Field(ge=-2, le=2)], "-2 to 2"),
    "hazard": (Annotated[float, Field(ge=0, le=0.2)], "0 to 0.2 [per quarter]"),
    "half_life": (Annotated[float, Field(gt=0, le=200)], "above 0, up to 200 [quarters]"),
}


@dataclass
class CalibrationConfig:
    name: str = "reference"
    targets_file: str | None = None
    targets: Any = None
    draws: str | None = None


@dataclass
class OutputsConfig:
    figures: bool = True
    xlsx: bool = False
    iamc: bool = False


@dataclass
class ClusterConfig:
    executor: Executor = Executor.here
    address: str | None = None
    workers: int | None = None
    options: Any = None


@dataclass
class StudyConfig:
    """Content is checked by `study.design.StudyFile`."""

    name: str = ""
    description: str = ""
    design: str = "grid"
    samples: int = 64
    seed: int = 20260101
    chunk: int = 1024
    axes: dict[str, Any] = field(default_factory=dict)
    maps: list[Any] = field(default_factory=list)


@dataclass
class RuleConfig:
    """Content is checked by `request.rules.RuleFile`."""

    name: str = ""
    description: str = ""
    source: str = ""
    remembering: bool = False
    numbers: dict[str, float] = field(default_factory=dict)
    fixed_quarters: int | None = None
    fixed_rate: float | None = None


@dataclass
class ConditionsConfig:
    """Content is checked by `request.targets.ConditionsFile`."""

    name: str = ""
    description: str = ""
    source: str = ""
    announced: str = "2026Q1"
    targets: list[Any] = field(default_factory=list)


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


def solver_problems(solver):
    """Sentences on solver values out of range."""
    return _out_of_range("solver", SOLVER_RANGES, solver)


def belief_problems(beliefs):
    """Sentences on numbers of a belief regime that are missing, out of range or not used by it."""
    used = BELIEF_NUMBERS.get(beliefs["kind"], ())
    yield from _out_of_range("beliefs", {key: BELIEF_RANGES[key] for key in used}, beliefs)
    for owner, keys in BELIEF_NUMBERS.items():
        for key in keys:
            if key not in used and beliefs[key] is not None:
                yield f"beliefs.{key}: got {beliefs[key]}; beliefs={beliefs['kind']} does not use it, beliefs={owner} does"


def _out_of_range(node, ranges, values):
    for key, (kind, allowed) in ranges.items():
        try:
            TypeAdapter(kind).validate_python(values[key])
        except ValidationError:
            yield f"{node}.{key}: got {values[key]}; allowed {allowed}"


def known_keys(*trees):
    """Every dotted key of the schemas `trees`, of every command without them."""
    return tuple(dict.fromkeys(key for tree in trees or schemas().values() for key in _keys(tree, "")))


def _keys(tree, prefix):
    for entry in dataclasses.fields(tree):
        yield prefix + entry.name
        if dataclasses.is_dataclass(entry.type):
            yield from _keys(entry.type, f"{prefix}{entry.name}.")
