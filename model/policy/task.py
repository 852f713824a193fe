"""What the search for a best policy needs to know: points, what comes of them, and its derivatives."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from model.core.types import Real


class Trial(NamedTuple):
    """A point and what comes of it: the loss, then the limits, which are kept where they are at most zero.

    `criteria` are not a number where there is no path; `held` is what derivatives are taken from.
    """

    point: Float[np.ndarray, "controls"]
    criteria: Float[np.ndarray, "criteria"]
    held: Any = None

    @property
    def solved(self) -> bool:
        return bool(np.isfinite(self.criteria).all())


@runtime_checkable
class Task(Protocol):
    """The least loss within limits and bounds. `scale` is a usual change of each control."""

    low: Float[np.ndarray, "controls"]
    high: Float[np.ndarray, "controls"]
    scale: Float[np.ndarray, "controls"]

    def trials(self, points: Sequence[Real] | Float[np.ndarray, "points controls"]) -> list[Trial]:
        """What comes of the points, all solved together."""
        ...

    def slopes(self, trial: Trial) -> Float[np.ndarray, "criteria controls"]:
        """Derivatives of the criteria of a solved trial."""
        ...
