"""What a policy is judged by: losses and limits as functions of outcomes, on the calendar of the economy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

Values = Mapping[str, Any]  # {outcome: (T,) or (T, label)}


@runtime_checkable
class Criterion(Protocol):
    """A function of the `outcomes` that it names."""

    @property
    def outcomes(self) -> tuple[str, ...]: ...

    def __call__(self, values: Values, initial: Values) -> Float[Array, "numbers"]:
        """A loss `(1,)`, or limits that are kept where they are at most zero."""
        ...

    def since(self, quarter: int) -> "Criterion | None":
        """What is left of it for a planner who thinks again in a quarter; None where nothing is."""
        ...


@dataclass(frozen=True)
class Welfare:
    """What is lost of welfare [-% of spending for life], as it stands in a `quarter`.

    Weights are by group. With an inequality `aversion` of one, a per cent of anybody's spending counts the same, with none a
    dollar does (Atkinson, 1970); levels of living are incomes of the initial steady state.
    """

    quarter: int
    weights: tuple[float, ...]
    aversion: float = 1.0
    outcomes: tuple[str, ...] = ("welfare", "income")

    def __call__(self, values: Values, initial: Values) -> Float[Array, "1"]:
        gained = jnp.log1p(values["welfare"][self.quarter] / 100)
        worth = jnp.asarray(self.weights) * initial["income"] ** (1 - self.aversion)
        worth = worth / worth.sum()
        if self.aversion == 1.0:
            equal = worth @ gained
        else:
            power = 1 - self.aversion
            equal = jnp.log(worth @ jnp.exp(power * gained)) / power
        return -100 * jnp.expm1(equal)[None]

    def since(self, quarter: int) -> "Welfare":
        return replace(self, quarter=max(self.quarter, quarter))


@dataclass(frozen=True)
class Square:
    """The weighted square of what an outcome, or a `column` of it, is from its `wanted` values, from quarter `first` on."""

    outcome: str
    column: int | None
    wanted: tuple[float, ...]
    first: int
    weight: float
    discount: float = 1.0

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (self.outcome,)

    def __call__(self, values: Values, initial: Values) -> Float[Array, "1"]:
        apart = _course(values, self.outcome, self.column, self.first, len(self.wanted)) - jnp.asarray(self.wanted)
        return (self.weight * self.discount ** np.arange(len(self.wanted)) @ apart**2)[None]

    def since(self, quarter: int) -> "Square | None":
        late = max(0, quarter - self.first)
        if late >= len(self.wanted):
            return None
        weight = self.weight * self.discount**late  # as the first plan weighed what is left
        return replace(self, first=self.first + late, wanted=self.wanted[late:], weight=weight)


@dataclass(frozen=True)
class Mean:
    """The `sign` times the mean of an outcome over some quarters: a loss where it is to be small or, with -1, large."""

    outcome: str
    column: int | None
    first: int
    quarters: int
    sign: float = 1.0

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (self.outcome,)

    def __call__(self, values: Values, initial: Values) -> Float[Array, "1"]:
        return self.sign * _course(values, self.outcome, self.column, self.first, self.quarters).mean()[None]

    def since(self, quarter: int) -> "Mean | None":
        late = max(0, quarter - self.first)
        left = self.quarters - late
        share = left / self.quarters  # as the first plan weighed what is left
        return replace(self, first=self.first + late, quarters=left, sign=self.sign * share) if left > 0 else None


@dataclass(frozen=True)
class Limit:
    """By how much an outcome passes its `ends`, one a quarter from `first` on: at most them or, with `sign` -1, at least.

    `mean`: on average over the quarters, else in each.
    """

    outcome: str
    column: int | None
    ends: tuple[float, ...]
    first: int
    sign: float = 1.0
    mean: bool = False

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (self.outcome,)

    @property
    def count(self) -> int:
        """How many numbers it gives."""
        return 1 if self.mean else len(self.ends)

    def __call__(self, values: Values, initial: Values) -> Float[Array, "numbers"]:
        passed = self.sign * (
            _course(values, self.outcome, self.column, self.first, len(self.ends)) - jnp.asarray(self.ends)
        )
        return passed.mean()[None] if self.mean else passed

    def since(self, quarter: int) -> "Limit | None":
        """On average over quarters, what came before still counts."""
        late = max(0, quarter - self.first)
        if late >= len(self.ends):
            return None
        return self if self.mean else replace(self, first=self.first + late, ends=self.ends[late:])


@dataclass(frozen=True)
class Judged:
    """The sum of the `losses`, then all `limits`."""

    losses: tuple[Criterion, ...]
    limits: tuple[Limit, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(sorted({name for part in (*self.losses, *self.limits) for name in part.outcomes}))

    @property
    def sizes(self) -> Float[np.ndarray, "criteria"]:
        """How large the ends of limits are; of the loss, without end."""
        of_limits = (np.abs([np.mean(part.ends)] if part.mean else part.ends) for part in self.limits)
        return np.concatenate([[np.inf], *(np.maximum(1.0, size) for size in of_limits)])

    def since(self, quarter: int) -> "Judged":
        """What is left to be judged for a planner who thinks again in a quarter."""
        losses = tuple(left for part in self.losses if (left := part.since(quarter)) is not None)
        return Judged(losses, tuple(left for part in self.limits if (left := part.since(quarter)) is not None))

    def __call__(self, values: Values, initial: Values) -> Float[Array, "criteria"]:
        loss = jnp.stack([part(values, initial) for part in self.losses]).sum(0)
        return jnp.concatenate([loss, *(part(values, initial) for part in self.limits)])


def _course(values, outcome, column, first, quarters):
    course = values[outcome][first : first + quarters]
    return course if column is None else course[:, column]
