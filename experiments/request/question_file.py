"""Files of questions of policy, those in conf/policy/ and those of a user: their rows, and how they are read."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from experiments.request.errors import InputError, nearest
from experiments.request.ranges import out_of_range
from experiments.request.strict_yaml import read_mapping

QUESTIONS = Path(__file__).parents[2] / "conf" / "policy"
BASELINE_ITSELF = "baseline"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=False, allow_inf_nan=False)


class ControlRow(_Row):
    """Instruments that are set together; without `to` for ever, without `every` in one step."""

    name: str | None = None
    instruments: str | list[str]
    first: str = Field(alias="from")
    last: str | None = Field(alias="to", default=None)
    every: Literal["quarter", "year"] | None = None
    low: float | None = None
    high: float | None = None
    scale: float | None = Field(default=None, gt=0)
    change_cost: float = Field(default=0.0, ge=0)


class WelfareRow(_Row):
    """Whose welfare: `weights` by their name or by group, and how much more a dollar of the poor counts."""

    weights: str | dict[str, float] = "by_head"
    inequality_aversion: float = Field(default=1.0, ge=0, le=10)


class CourseRow(_Row):
    """An outcome over some quarters."""

    outcome: str
    label: str | None = None
    first: str = Field(alias="from")
    last: str = Field(alias="to")


class LossRow(CourseRow):
    """The square of what an outcome is from a target, a number or the baseline's course."""

    target: float | Literal["baseline"] = BASELINE_ITSELF
    weight: float = Field(default=1.0, gt=0)
    discount: float = Field(default=1.0, gt=0, le=1)


class LimitRow(CourseRow):
    """What an outcome is to stay below or above, over nothing or over the baseline, in each quarter or on average."""

    at_most: float | None = None
    at_least: float | None = None
    over: Literal["baseline"] | None = None
    mean: bool = False


class VarianceRow(_Row):
    """The variance of an outcome under the estimated shocks, of its level or of its change from quarter to quarter."""

    outcome: str
    label: str | None = None
    of: Literal["level", "change"] = "level"
    weight: float = Field(default=1.0, gt=0)


class Objective(_Row):
    """What is to be best: one of these, or the least variances where coefficients of a rule are set."""

    welfare: WelfareRow | None = None
    loss: list[LossRow] | None = None
    most: CourseRow | None = None
    least: CourseRow | None = None


class Variances(_Row):
    variances: list[VarianceRow] = Field(min_length=1)


class CoefficientRow(_Row):
    """A number of a rule; `scale` is a usual change of it."""

    name: str | None = None
    number: str
    low: float
    high: float
    scale: float | None = Field(default=None, gt=0)


class Frontier(_Row):
    """A number of the question by its place, such as limits.0.at_most, and the values it takes one after another."""

    number: str
    values: list[float]


class HangsOn(_Row):
    """A number of the calibration, its `name` in words, and the values that the best policy is found again at."""

    number: str
    name: str = ""
    values: list[float] = Field(min_length=1)


class PolicyFile(_Row):
    """A file in conf/policy/."""

    name: str
    question: str = ""  # in words
    description: str = ""
    announced: str = "2026Q1"
    during: str | None = None  # a scenario that the economy goes through
    objective: Objective
    controls: list[ControlRow]
    limits: list[LimitRow] = []
    compare: list[str] = []  # scenarios that are brought to the same limits
    frontier: Frontier | None = None
    hangs_on: list[HangsOn] = []


class RuleFile(_Row):
    """A file in conf/policy/ that asks for the best coefficients of a rule; `compare` names files in conf/rule/."""

    name: str
    question: str = ""
    description: str = ""
    objective: Variances
    coefficients: list[CoefficientRow] = Field(min_length=1)
    compare: list[str] = []
    frontier: Frontier | None = None
    hangs_on: list[HangsOn] = []


def read_question(path: str | Path) -> dict[str, Any]:
    """The contents of a user's file, as those in conf/policy/; raises InputError."""
    return read_mapping(path, "policy_file", "a YAML file as those in conf/policy/")


def elsewhere_problems(file: "PolicyFile | RuleFile", inputs: Any) -> Iterator[str]:
    """Sentences on the numbers of the calibration that a question varies, and on the values it gives them."""
    for i, row in enumerate(file.hangs_on):
        if row.number not in inputs.names:
            yield f"policy.hangs_on.{i}.number: no number {row.number!r}{nearest(row.number, inputs.names)}"
            continue
        for value in row.values:
            yield from (f"policy.hangs_on.{i}: {sentence}" for sentence in out_of_range(inputs, {row.number: value}))


def check_frontier(raw: dict[str, Any], frontier: Frontier | None, build: Callable[[dict[str, Any]], object]) -> None:
    """Build the question at each value of its frontier; raises InputError with what is wrong there."""
    alone = {key: value for key, value in raw.items() if key != "frontier"}
    problems: list[str] = []
    for value in frontier.values if frontier else ():
        try:
            build(with_number(alone, frontier.number, value))
        except InputError as error:
            problems += [f"policy.frontier: at {value:g}: {sentence}" for sentence in error.sentences]
    if problems:
        raise InputError(problems)


def with_number(raw: dict[str, Any], place: str, value: float) -> dict[str, Any]:
    """A question's mapping with another number in a place such as `limits.0.at_most`; raises InputError."""
    changed = node = copy.deepcopy(raw)
    *way, last = place.split(".")
    try:
        for part in way:
            node = node[int(part)] if isinstance(node, list) else node[part]
        key = int(last) if isinstance(node, list) else last
        if not isinstance(node[key], int | float):
            raise TypeError(key)
        node[key] = value
    except (KeyError, IndexError, ValueError, TypeError):
        raise InputError(f"policy.frontier.number: got {place}; the question has no such number") from None
    return changed
