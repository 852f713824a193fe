"""The files in conf/claim/: what is claimed, how it is measured, what refutes it and what may overturn the answer."""

import re
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.request.errors import InputError, nearest
from experiments.request.schema import validate
from model.equilibrium.outcomes.register import GAINS, UNITS

FOLDER = Path(__file__).resolve().parent.parent.parent / "conf" / "claim"
BASELINE, INITIAL = "baseline", "initial"
MARKETS = "markets."  # prefix of the numbers of the daily block


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Series(_Strict):
    """An outcome along a path, or over another one; its change against another path, in % or in its own unit.

    `against` is a scenario of the claim, `baseline`, or `initial` for the initial steady state; without it the level.
    """

    outcome: str
    label: str | None = None
    over: str | None = None
    over_label: str | None = None
    scenario: str = BASELINE
    against: str | None = None
    change: Literal["%", "own unit"] = "own unit"

    @model_validator(mode="after")
    def _has_such_outcomes(self):
        for outcome, label in ((self.outcome, self.label), (self.over, self.over_label)):
            if outcome is None:
                continue
            if outcome not in UNITS:
                raise ValueError(f"no outcome {outcome!r}{nearest(outcome, UNITS)}")
            labels = UNITS[outcome][1].labels if UNITS[outcome][1] else (None,)
            if label not in labels:
                raise ValueError(f"{outcome}: got label {label!r}; expected one of {', '.join(map(str, labels))}")
        if self.over and {self.outcome, self.over} & GAINS.keys():
            raise ValueError(f"{self.outcome} over {self.over}: a gain is a change already; leave over out")
        return self

    @property
    def scenarios(self):
        """Names of the paths it needs."""
        return {self.scenario, self.against} - {None, INITIAL}


class Measure(_Strict):
    """One number: of a series, of other measures, of daily paths, or by a function of `measures.FUNCTIONS`."""

    says: str
    unit: str
    series: Series | None = None
    quarters: tuple[int, int] = (1, 40)  # the first and the last that count
    statistic: Literal["mean", "last", "largest", "smallest", "sum"] = "mean"
    difference: tuple[str, str] | None = None
    largest_of: list[str] | None = None
    days: str | None = None  # a question of `markets.tables.claims`
    function: str | None = None
    of: list[str] = []  # scenarios that the function takes
    times: float = 1.0
    absolute: bool = False

    @model_validator(mode="after")
    def _has_one_source(self):
        sources = [k for k in ("series", "difference", "largest_of", "days", "function") if getattr(self, k)]
        if len(sources) != 1:
            raise ValueError(
                f"got {', '.join(sources) or 'nothing'}; expected one of series, difference, largest_of, days, function"
            )
        return self

    @property
    def scenarios(self):
        """Names of the paths it needs."""
        return self.series.scenarios if self.series else set(self.of)


class Condition(_Strict):
    """Holds if the measure lies below, or above, a number."""

    measure: str
    below: float | None = None
    above: float | None = None

    @model_validator(mode="after")
    def _has_one_bound(self):
        if (self.below is None) == (self.above is None):
            raise ValueError("expected either below or above")
        return self

    def distance(self, value):
        """How far the claim is from this refutation: negative where the condition holds."""
        return value - self.below if self.above is None else self.above - value


class Rule(_Strict):
    """Refutes the claim if all, or any, of the conditions hold."""

    all: list[Condition] = []
    any: list[Condition] = []

    @property
    def conditions(self):
        return [*self.all, *self.any]

    def distance(self, values):
        """Negative where the claim is refuted, `values` by measure; its size is in the units of the deciding measure."""
        if self.all:
            return max(c.distance(values[c.measure]) for c in self.all)
        return min(c.distance(values[c.measure]) for c in self.any)


class Range(_Strict):
    """A number of the economy, or of the daily block, with the ends between which reasonable people differ."""

    name: str
    moves: dict[str, tuple[float, float]]
    logarithmic: bool = False
    why: str = ""

    def values(self, position):
        """`{number: value}` at a position from 0, the low end, to 1."""
        return {name: self._between(*ends, position) for name, ends in self.moves.items()}

    def _between(self, low, high, position):
        return low * (high / low) ** position if self.logarithmic else low + (high - low) * position

    @property
    def of_days(self):
        return all(name.startswith(MARKETS) for name in self.moves)


class Panel(_Strict):
    """A part of the claim's figure: both paths of a pair, and their difference with its band."""

    title: str
    series: Series


class ClaimFile(_Strict):
    """A file in conf/claim/."""

    number: str
    claim: str
    question: str
    experiment: str
    refuted_if: str  # the rule in words
    objection: str
    economy: dict[str, float] = {}
    beliefs: Literal["surprise", "sequential"] = "surprise"
    scenarios: dict[str, str | dict] = Field(default_factory=dict)
    measures: dict[str, Measure]
    headline: str
    refuted_when: Rule
    draws: bool = True  # do draws of the calibration say anything?
    ranges: list[Range] = []
    panels: list[Panel] = []
    cannot_say: str = ""
    file: str = ""

    @model_validator(mode="after")
    def _names_what_it_has(self):
        known = {BASELINE, *self.scenarios}
        wanted = {s for m in self.measures.values() for s in m.scenarios} | {
            s for p in self.panels for s in p.series.scenarios
        }
        for name in wanted - known:
            raise ValueError(f"no scenario {name!r} in this claim; there are {', '.join(sorted(known))}")
        named = [c.measure for c in self.refuted_when.conditions] + [self.headline]
        named += [n for m in self.measures.values() for n in (*(m.difference or ()), *(m.largest_of or ()))]
        for name in named:
            if name not in self.measures:
                raise ValueError(f"no measure {name!r} in this claim; there are {', '.join(self.measures)}")
        if bool(self.refuted_when.all) == bool(self.refuted_when.any):
            raise ValueError("refuted_when: expected either all or any")
        return self

    @property
    def two_sided(self):
        """May the answer turn over and back on the way to the end of a range?"""
        sides = [(c.measure, c.below is None) for c in self.refuted_when.conditions]
        return len(sides) > len({measure for measure, _ in sides})

    @property
    def of_days(self):
        """Does the daily block answer it?"""
        return any(m.days for m in self.measures.values())

    @cached_property
    def decisive(self):
        """Measures that the rule and the headline need, with those they are made of."""
        names, left = [], [self.headline, *(c.measure for c in self.refuted_when.conditions)]
        while left:
            name = left.pop()
            if name not in names:
                names.append(name)
                left += [*(self.measures[name].difference or ()), *(self.measures[name].largest_of or ())]
        return [name for name in self.measures if name in names]

    def scenarios_of(self, measure):
        """Names of the paths that a measure needs, through those it is made of."""
        m = self.measures[measure]
        made_of = (*(m.difference or ()), *(m.largest_of or ()))
        return m.scenarios.union(*(self.scenarios_of(name) for name in made_of))

    def needed(self, whole):
        """Scenarios that the decisive measures and the panels need, or all of them."""
        if whole:
            return list(self.scenarios)
        needed = {s for name in self.decisive for s in self.scenarios_of(name)}
        needed |= {s for panel in self.panels for s in panel.series.scenarios}
        return [name for name in self.scenarios if name in needed]


def read_claims(wanted=()):
    """Claims in the order of their numbers, all of them or the `wanted` numbers; raises InputError with every problem."""
    claims, problems = [], []
    for path in sorted(FOLDER.glob("*.yaml")):
        try:
            body = yaml.safe_load(path.read_text(encoding="utf-8"))
            claims.append(validate(ClaimFile, body | {"file": path.name}, f"claim {path.name}"))
        except InputError as error:
            problems += error.sentences
    known = [claim.number for claim in claims]
    problems += [
        f"claims: no claim {n!r}{nearest(n, known)}; there are {', '.join(known)}" for n in wanted if n not in known
    ]
    if problems:
        raise InputError(problems)
    claims.sort(key=lambda claim: _order(claim.number))
    return [claim for claim in claims if not wanted or claim.number in wanted]


def _order(number):
    digits, letter = re.fullmatch(r"C(\d+)([a-z]?)", number).groups()
    return int(digits), letter
