"""What the solvers need to know of an economy."""

from typing import Any, Protocol

from jax import Array

from model.core.fields import Layout
from model.solvers.steady_state import Pinned


class Economy(Protocol):
    """One quarter of an economy, what is expected of it, and its equations; vectors are in solver coordinates.

    `carried` are the positions of the unknowns that next quarter needs, `rows` the names of the equations. `pinned` is an
    unknown held fixed in steady states, None without one. `kinked` are the positions of the equations
    `fischer_burmeister(a, b, eps) = 0`, whose a and b are `sides(now)`. An economy may have `blocks`, an order of
    elimination, and `identity`, a text that tells it from others in every process.
    """

    variables: Layout
    carried: Any  # (carried,)
    instruments: Layout
    rows: tuple[str, ...]
    pinned: Pinned | None
    kinked: tuple[int, ...]

    def with_smoothing(self, p: Any, smoothing: Array) -> Any:
        """Parameters with another eps in the complementarity conditions."""

    def quarter(self, p: Any, lag_e: Array, e: Array, lag: Array, x: Array) -> Any:
        """All objects of a quarter: instruments `(instruments,)` before and now, `lag` `(carried,)`, `x` `(n,)`."""

    def expectations(self, p: Any, now: Any) -> Array:
        """The numbers that the quarter before expects of this one."""

    def sides(self, now: Any) -> Array:
        """Both sides of each bound, `(kinked, 2)`."""

    def residual(self, p: Any, now: Any, lead: Array) -> Array:
        """Residuals `(n,)`, given what is expected of the next quarter."""
