"""The files in conf/claim/: what is claimed, how it is measured, what refutes it and what may overturn the answer."""

import re
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Literal

import yaml
from pydantic import Field, field_validator, model_validator

from experiments.claims.rules import Credible, Rule, Strict
from experiments.request.errors import InputError, nearest
from experiments.request.validation import validate
from model.core.units import FIRST_SHOWN, UNITS_OF_2025
from model.equilibrium.outcomes.register import GAINS, UNITS

FOLDER = Path(__file__).resolve().parent.parent.parent / "conf" / "claim"
BASELINE, INITIAL = "baseline", "initial"
MARKETS, DOSE = "markets.", "dose."  # prefixes of the numbers of the daily block, and of sizes of a claim's scenarios


SOURCES = ("series", "difference", "ratio", "largest_of", "days", "function")
WITH_BAND = ("band", "range")  # styles of numbers in an answer that have their band beside them
EARLIEST = "2023Q1"  # quarter that is measured


class Series(Strict):
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


class Measure(Strict):
    """One number: of a series, of other measures, of daily paths, or by a function of `measures.FUNCTIONS`."""

    says: str
    unit: str
    series: Series | None = None
    quarters: tuple[str, str] = (FIRST_SHOWN, "2035Q4")  # the first and the last that count
    statistic: Literal["mean", "last", "largest", "smallest", "sum"] = "mean"
    difference: tuple[str, str] | None = None
    ratio: tuple[str, str] | None = None
    largest_of: list[str] | None = None
    days: str | None = None  # a question of `markets.tables.claims`
    function: str | None = None
    of: list[str] = Field(default_factory=list)  # scenarios that the function takes
    times: float = 1.0
    absolute: bool = False

    @model_validator(mode="after")
    def _has_one_source(self):
        sources = [k for k in SOURCES if getattr(self, k)]
        if len(sources) != 1:
            raise ValueError(f"got {', '.join(sources) or 'nothing'}; expected one of {', '.join(SOURCES)}")
        return self

    @field_validator("quarters")
    @classmethod
    def _are_quarters(cls, quarters):
        first, last = (UNITS_OF_2025.quarter_index(label) for label in quarters)
        if not UNITS_OF_2025.quarter_index(EARLIEST) <= first <= last:
            raise ValueError(
                f"got {' to '.join(quarters)}; expected {EARLIEST} or later, and the first before the last"
            )
        return quarters

    @property
    def span(self):
        """First and last quarter, counted from the first shown; those before it are negative."""
        return tuple(UNITS_OF_2025.quarter_index(label) for label in self.quarters)

    @property
    def made_of(self):
        """Names of the measures that it is made of."""
        return (*(self.difference or ()), *(self.ratio or ()), *(self.largest_of or ()))

    @property
    def scenarios(self):
        """Names of the paths it needs."""
        return self.series.scenarios if self.series else set(self.of)


class Published(Strict):
    """A number of others, to stand beside the claim's."""

    says: str
    value: str
    source: str


class Earlier(Strict):
    """The verdict on the reference economy under the rule before this one, and why both changed."""

    verdict: str
    why: str


class Range(Strict):
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


class Panel(Strict):
    """A part of the claim's figure: both paths of a pair, and their difference with its band."""

    title: str
    series: Series


class ClaimFile(Strict):
    """A file in conf/claim/."""

    number: str
    claim: str
    question: str
    answer: str  # the answer with {measure}, {measure:band} or {measure:level} in the place of numbers
    experiment: str
    refuted_if: str  # the rule in words
    objection: str
    economy: dict[str, float] = Field(default_factory=dict)
    doses: dict[str, float] = Field(default_factory=dict)  # sizes in scenarios that ranges move
    scenarios: dict[str, str | dict] = Field(default_factory=dict)
    measures: dict[str, Measure]
    headline: str
    refuted_when: Rule
    credible_when: Credible | None = None
    by_construction: str = ""  # why the answer is in the assumptions
    draws: bool = True  # do draws of the calibration say anything?
    ranges: list[Range] = Field(default_factory=list)
    panels: list[Panel] = Field(default_factory=list)
    published: list[Published] = Field(default_factory=list)
    cannot_say: str = ""
    earlier: Earlier
    file: str = ""

    @model_validator(mode="after")
    def _names_what_it_has(self):
        known = {BASELINE, *self.scenarios}
        wanted = {s for m in self.measures.values() for s in m.scenarios} | {
            s for p in self.panels for s in p.series.scenarios
        }
        for name in wanted - known:
            raise ValueError(f"no scenario {name!r} in this claim; there are {', '.join(sorted(known))}")
        named = [self.headline, *self._ruled, *self.told]
        named += [name for m in self.measures.values() for name in m.made_of]
        for name in named:
            if name not in self.measures:
                raise ValueError(f"no measure {name!r} in this claim; there are {', '.join(self.measures)}")
        moved = [name for spread in self.ranges for name in spread.moves if name.startswith(DOSE)]
        for name in moved:
            if name.removeprefix(DOSE) not in self.doses:
                raise ValueError(f"no dose {name!r} in this claim; there are {', '.join(self.doses) or 'none'}")
        return self

    @property
    def _ruled(self):
        """Measures that the rules are about."""
        rules = [self.refuted_when, *([self.credible_when] if self.credible_when else [])]
        return [c.measure for rule in rules for c in rule.conditions]

    @property
    def told(self):
        """Measures in the sentence of the answer."""
        return [name for _, name, _, _ in Formatter().parse(self.answer) if name]

    @property
    def core_numbers(self):
        """Numbers of the economy that it moves: its own, those of its scenarios and those of its ranges."""
        given = [*self.economy, *(n for r in self.ranges for n in r.moves)]
        given += [n for s in self.scenarios.values() if isinstance(s, dict) for n in s.get("economy", ())]
        return [name for name in dict.fromkeys(given) if not name.startswith((MARKETS, DOSE))]

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
        """Measures that the rules and the headline need, with those they are made of."""
        return self._with_parts([self.headline, *self._ruled])

    @cached_property
    def banded(self):
        """Measures that draws are asked for: those that decide and those that the answer tells with a band."""
        told = [name for _, name, style, _ in Formatter().parse(self.answer) if style in WITH_BAND]
        return self._with_parts([self.headline, *self._ruled, *told])

    def _with_parts(self, left):
        names = set()
        while left:
            name = left.pop()
            if name not in names:
                names.add(name)
                left += self.measures[name].made_of
        return [name for name in self.measures if name in names]

    def scenarios_of(self, measure):
        """Names of the paths that a measure needs, through those it is made of."""
        m = self.measures[measure]
        return m.scenarios.union(*(self.scenarios_of(name) for name in m.made_of))

    def questions_of(self, measure):
        """Questions of days that a measure asks, itself or through those it is made of."""
        m = self.measures[measure]
        return ({m.days} if m.days else set()).union(*(self.questions_of(name) for name in m.made_of))

    def needed(self, measures, panels):
        """Scenarios that these measures need, and its panels if they are asked for."""
        needed = {s for name in measures for s in self.scenarios_of(name)}
        if panels:
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
