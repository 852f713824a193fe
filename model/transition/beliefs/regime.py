"""What a belief regime is, and the world of a baseline under it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from math import inf
from typing import Any, ClassVar, Protocol, runtime_checkable

from model.equilibrium.economy import Economy
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Baseline, Settings, Solution
from model.transition.solve import solve_scenario


@runtime_checkable
class Calibrated(Protocol):
    """What a regime needs of a calibrated economy: the `baseline`, with instruments `wedge` on top of the catch-up of AI."""

    economy: Economy
    catch_up: Mapping[str, Any]

    def baseline(self, settings: Settings, wedge: Any = 0.0) -> Baseline: ...


@dataclass(frozen=True)
class World:
    """A baseline under a belief regime, and how scenarios on top of it are solved."""

    baseline: Baseline

    def solve(self, scenario: Scenario) -> Solution:
        """Solution of a scenario; without one, its outcome says why."""
        return solve_scenario(self.baseline, scenario)


@dataclass(frozen=True)
class Range:
    """Which values a number of a regime may have."""

    unit: str
    least: float = -inf
    above: float = -inf
    most: float = inf
    below: float = inf

    def allows(self, value: float | None) -> bool:
        """Is it a number in the range?"""
        return value is not None and self.least <= value <= self.most and self.above < value < self.below

    def __str__(self):
        is_open = self.above > -inf
        low = f"above {self.above:g}," if is_open else f"{self.least:g} to"
        high = f"below {self.below:g}" if self.below < inf else f"up to {self.most:g}" if is_open else f"{self.most:g}"
        return f"{low} {high}" + (f" [{self.unit}]" if self.unit else "")


def number(unit: str, **ends: float) -> Any:
    """A field of a regime for one of its numbers, in a `Range` that ends so."""
    return field(metadata={"range": Range(unit, **ends)})


@dataclass(frozen=True)
class Regime:
    """A belief regime; its fields are its numbers.

    With `one_view` of the future, baseline and scenarios are single paths, which batches can solve. Where a scenario
    `surprises_again` after it is announced, it has to end. One that is `foreseen` is known from the first quarter shown.
    """

    kind: ClassVar[str]
    one_view: ClassVar[bool] = True
    surprises_again: ClassVar[bool] = False
    foreseen: ClassVar[bool] = False

    @classmethod
    def ranges(cls) -> dict[str, Range]:
        """The range of each number by name."""
        return {f.name: f.metadata["range"] for f in fields(cls)}

    @property
    def numbers_of_the_economy(self) -> dict[str, float]:
        """Numbers of the economy that the regime decides, by their names."""
        return {}

    def problems(self, settings: Settings) -> Iterator[str]:
        """Sentences on numbers that do not go with the solver's settings."""
        yield from ()

    def world(self, calibrated: Calibrated, settings: Settings) -> World:
        """`World` of the calibrated economy; raises NotSolved."""
        return World(calibrated.baseline(settings))
