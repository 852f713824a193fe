"""Regimes in which the future, once it is announced, is known."""

from dataclasses import dataclass
from typing import ClassVar

from model.core.axes import TREND_ASSET
from model.transition.beliefs.regime import Regime, number


@dataclass(frozen=True)
class Surprise(Regime):
    """A scenario is a surprise in the quarter it is announced; from then on its whole path is known."""

    kind: ClassVar[str] = "surprise"


@dataclass(frozen=True)
class PerfectForesight(Regime):
    """Every scenario is known in full from the first quarter shown, whenever it is announced."""

    kind: ClassVar[str] = "perfect_foresight"
    foreseen: ClassVar[bool] = True


@dataclass(frozen=True)
class Extrapolative(Regime):
    """Demand for assets chases the trend of their prices."""

    kind: ClassVar[str] = "extrapolative"
    trend_chasing: float = number("", least=-2.0, most=2.0)

    @property
    def numbers_of_the_economy(self) -> dict[str, float]:
        """How much demand for each asset chases its trend."""
        return {f"portfolio.trend_chasing.{asset}": self.trend_chasing for asset in TREND_ASSET.labels}
