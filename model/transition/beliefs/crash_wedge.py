"""A bust of AI equity is expected and never comes."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from model.transition.beliefs.regime import Calibrated, Regime, World, number
from model.transition.scenarios.catch_up import COMPLETE
from model.transition.solutions import Settings


@dataclass(frozen=True)
class CrashWedge(Regime):
    """Investors expect a bust with probability `hazard` a quarter in the first quarter, halved every `half_life` quarters."""

    kind: ClassVar[str] = "crash_wedge"
    one_view: ClassVar[bool] = False
    hazard: float = number("per quarter", least=0.0, most=0.2)
    half_life: float = number("quarters", above=0.0, most=200.0)

    def world(self, calibrated: Calibrated, settings: Settings) -> World:
        """`World` in which the hazard stands in the baseline; raises NotSolved."""
        instruments = calibrated.economy.instruments
        wedge = np.zeros((settings.horizon + 2, len(instruments)))
        wedge[:, instruments.index("hzA")] = fading_hazard(
            settings.horizon, self.hazard, self.half_life, settings.catch_up_complete
        )
        return World(calibrated.baseline(settings, wedge))


def fading_hazard(
    horizon: int, hazard: float, half_life: float, complete: int = COMPLETE
) -> Float[np.ndarray, "periods"]:
    """Expected probability of a bust `(T + 2,)`: `hazard` in quarter 0, halved every `half_life` quarters, then none.

    It is exactly zero from quarter `complete` on, where the paths of instruments are constant, and at the horizon.
    """
    quarter = np.arange(-1, horizon + 1)
    path = hazard * 0.5 ** (np.maximum(quarter, 0) / half_life)
    return np.where((quarter >= 0) & (quarter < min(complete, horizon)), path, 0.0)
