"""A scenario is learned of quarter by quarter."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from model.transition.beliefs.experience import Experienced, RevisingWorld, experience
from model.transition.beliefs.regime import Calibrated, Regime, number
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Settings


@dataclass(frozen=True)
class Sequential(Regime):
    """What people see of a scenario today they expect to fade at the rate `persistence` a quarter."""

    kind: ClassVar[str] = "sequential"
    one_view: ClassVar[bool] = False
    surprises_again: ClassVar[bool] = True
    persistence: float = number("per quarter", least=0.0, below=1.0)

    def world(self, calibrated: Calibrated, settings: Settings) -> "SequentialWorld":
        """`World` with the baseline of one view; raises NotSolved."""
        return SequentialWorld(calibrated.baseline(settings), self.persistence)


@dataclass(frozen=True)
class SequentialWorld(RevisingWorld):
    """A baseline, around which every quarter of a scenario is a surprise."""

    persistence: float

    def experienced(self, scenario: Scenario) -> Experienced:
        """`Experienced` of a scenario whose changes end; raises NotSolved."""
        base = self.baseline.solution
        changed = scenario.apply(base.economy.instruments, base.exogenous)
        count = quarters_of_news(base.exogenous, changed)
        views = surprised_each_quarter(base.exogenous, changed, self.persistence, count)
        return experience(base, views, self.baseline.settings, scenario.name)


def surprised_each_quarter(
    baseline: Float[np.ndarray, "periods instruments"],
    changed: Float[np.ndarray, "periods instruments"],
    persistence: float,
    quarters: int,
) -> Float[np.ndarray, "views periods instruments"]:
    """Views `(quarters, T + 2, instruments)` of people who learn of each quarter's change only when it comes.

    `baseline` and `changed` are instruments `(T + 2, instruments)`. What is seen in a quarter is expected to fade at the
    rate `persistence` a quarter towards the baseline.
    """
    views = []
    for now in range(quarters):
        view = np.array(baseline)
        view[: now + 2] = changed[: now + 2]
        later = np.arange(1, len(view) - now - 1)
        view[now + 2 :] += persistence ** later[:, None] * (changed[now + 1] - baseline[now + 1])
        views.append(view)
    return np.array(views)


def quarters_of_news(
    baseline: Float[np.ndarray, "periods instruments"], changed: Float[np.ndarray, "periods instruments"]
) -> int:
    """Views needed until the change is over: one for each quarter up to the first that is as in the baseline again."""
    moved = np.flatnonzero((changed != baseline).any(1))
    return 1 if not len(moved) else int(moved[-1]) + 1
