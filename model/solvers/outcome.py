"""How a solve ended, as a value with one sentence and a remedy; raised only at the outermost unbatched edge."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from model.core.types import Real


class Code(IntEnum):
    RUNNING = 0
    CONVERGED = 1
    OUT_OF_STEPS = 2
    DIVERGED = 3
    SINGULAR = 4
    NOT_FINITE = 5
    INFEASIBLE = 6

    @property
    def label(self) -> str:
        return self.name.lower()


SENTENCES = {
    Code.CONVERGED: "every equation holds to the tolerance",
    Code.OUT_OF_STEPS: "the iteration limit was reached; raise solver.iterations or take a smaller change",
    Code.DIVERGED: "no step along the Newton direction lowers the residuals; take a smaller change or a later start",
    Code.SINGULAR: "the equations do not determine all unknowns here; check that the change leaves each market a price",
    Code.NOT_FINITE: "an equation is not a number at the starting guess; a quantity became zero or negative",
    Code.INFEASIBLE: "no unique stable path exists",
}


@dataclass(frozen=True)
class Outcome:
    """A solve's end; `worst_quarter` is the position on the path, None for a steady state; of what is refused, on the economy's calendar."""

    code: Code
    reason: str
    max_residual: float = float("nan")
    worst_equation: str = ""
    worst_quarter: int | None = None
    iterations: int = 0

    @property
    def converged(self) -> bool:
        return self.code == Code.CONVERGED


@runtime_checkable
class Ended(Protocol):
    """What has to be known of a search that ended, such as a `newton.NewtonResult`."""

    @property
    def residual(self) -> Float[Real, "*quarters unknowns"]: ...

    @property
    def code(self) -> Int[Real, ""] | int: ...

    @property
    def iterations(self) -> Int[Real, ""] | int: ...


def outcome_of(result: Ended, rows: tuple[str, ...], where: str = "") -> Outcome:
    """Outcome of a search for a steady state, `(n,)`, or a path, `(T, n)`; `rows` names the equations."""
    code = Code(int(result.code))
    residual = np.abs(np.atleast_2d(np.asarray(result.residual)))
    size = np.where(np.isfinite(residual), residual, np.inf)
    quarter, row = np.unravel_index(int(size.argmax()), size.shape)
    reason = outcome_sentence(code, where, rows[row], size[quarter, row])
    at = int(quarter) if np.asarray(result.residual).ndim == 2 else None
    return Outcome(code, reason, float(size.max()), rows[row], at, int(result.iterations))


def outcome_sentence(code: Code, where: str, worst_equation: str, residual: float) -> str:
    """How a solve ended, in words; `where` says what was solved."""
    if code == Code.CONVERGED:
        return SENTENCES[code]
    worst = f"worst: {worst_equation} = {residual:.1e}" if np.isfinite(residual) else f"the first is {worst_equation}"
    return f"{where}{SENTENCES[code]}; {worst}"
