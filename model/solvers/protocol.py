"""What the solvers need to know of an economy."""

from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from jax import Array
from jaxtyping import Float, Int

from model.core.fields import Layout
from model.core.types import Real, Scalar


class Pinned(NamedTuple):
    """An unknown held at a value in the steady state, and the instrument that is found in its place."""

    unknown: int
    instrument: int


@runtime_checkable
class Economy(Protocol):
    """One quarter of an economy, what is expected of it, and its equations; vectors are in solver coordinates.

    `carried` are the positions of the unknowns that next quarter needs, `rows` the names of the equations, `expectation_count`
    the length of `expectations`. `pinned` is an unknown held fixed in steady states, None without one. `kinked` are the positions of the equations
    `fischer_burmeister(a, b, eps) = 0`, whose a and b are `sides(now)`. An economy may have `blocks`, an order of
    elimination, and `identity`, a text that tells it from others in every process.
    """

    variables: Layout
    instruments: Layout

    @property
    def carried(self) -> Int[np.ndarray, "carried"]: ...

    @property
    def rows(self) -> tuple[str, ...]: ...

    @property
    def pinned(self) -> Pinned | None: ...

    @property
    def expectation_count(self) -> int: ...

    @property
    def kinked(self) -> tuple[int, ...]: ...

    def with_smoothing(self, p: Any, smoothing: Scalar) -> Any:
        """Parameters with another eps in the complementarity conditions."""
        ...

    def quarter(
        self,
        p: Any,
        lag_e: Float[Real, "instruments"],
        e: Float[Real, "instruments"],
        lag: Float[Real, "carried"],
        x: Float[Real, "unknowns"],
    ) -> Any:
        """All objects of a quarter: instruments before and now, what is carried into it, its unknowns."""
        ...

    def expectations(self, p: Any, now: Any) -> Float[Array, "expected"]:
        """The numbers that the quarter before expects of this one."""
        ...

    def sides(self, now: Any) -> Float[Array, "kinked 2"]:
        """Both sides of each bound."""
        ...

    def residual(self, p: Any, now: Any, lead: Float[Real, "expected"]) -> Float[Array, "unknowns"]:
        """Residuals, given what is expected of the next quarter."""
        ...
