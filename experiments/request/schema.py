"""The parts of configurations: each key, its type and its range."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError


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
