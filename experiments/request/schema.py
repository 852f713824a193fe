"""The parts of configurations: each key, its type and its range."""

from dataclasses import dataclass, field, make_dataclass
from enum import Enum
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from model.transition.beliefs.regimes import REGIMES

BeliefKind = Enum("BeliefKind", {kind: kind for kind in REGIMES})


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


BELIEF_NUMBERS = tuple(name for regime in REGIMES.values() for name in regime.ranges())
BeliefsConfig = make_dataclass(  # a number that its kind does not use is null
    "BeliefsConfig",
    [("kind", BeliefKind, BeliefKind.surprise), *((name, float | None, None) for name in BELIEF_NUMBERS)],
)


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
    for key, (kind, allowed) in SOLVER_RANGES.items():
        try:
            TypeAdapter(kind).validate_python(solver[key])
        except ValidationError:
            yield f"solver.{key}: got {solver[key]}; allowed {allowed}"


def belief_problems(beliefs):
    """Sentences on numbers of a belief regime that are missing, out of range or not used by it."""
    kind = beliefs["kind"]
    used = REGIMES[kind].ranges()
    for key, allowed in used.items():
        if not allowed.allows(beliefs[key]):
            yield f"beliefs.{key}: got {beliefs[key]}; allowed {allowed}"
    for owner, regime in REGIMES.items():
        for key in regime.ranges():
            if key not in used and beliefs[key] is not None:
                yield f"beliefs.{key}: got {beliefs[key]}; beliefs={kind} does not use it, beliefs={owner} does"


def regime_of(beliefs):
    """The belief regime, from its numbers once they are checked."""
    regime = REGIMES[beliefs["kind"]]
    return regime(**{name: beliefs[name] for name in regime.ranges()})
