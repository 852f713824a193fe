"""Numbered equations and expectations, declared where they stand; an economy puts those of its blocks in order."""

from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.axes import Axis

Function = TypeVar("Function", bound=Callable)


class Equation(NamedTuple):
    """A numbered equation; with an `axis` it stands for one a label, told apart by the labels."""

    number: int
    name: str
    axis: Axis | None
    function: Callable

    @property
    def rows(self) -> tuple[str, ...]:
        """Printable name of each row: `E.54 capacity[nuclear]`."""
        labels = [f"[{label}]" for label in self.axis.labels] if self.axis else [""]
        return tuple(f"E.{self.number} {self.name}{label}" for label in labels)

    @property
    def formula(self) -> str:
        return str(self.function.__doc__).strip().splitlines()[0]


class Expectation(NamedTuple):
    """Something of the next quarter that decisions need to know: `function(p, now)`, `()` or `(axis,)`."""

    name: str
    axis: Axis | None
    function: Callable


def equation(number: int, name: str, axis: Axis | None = None) -> Callable[[Function], Function]:
    """Declare `function(p, now, lead)`, left minus right over a natural scale, as equation E.`number`."""

    def declare(function: Function) -> Function:
        vars(function)["equation"] = Equation(number, name, axis, function)
        return function

    return declare


def expectation(axis: Axis | None = None) -> Callable[[Function], Function]:
    """Declare `function(p, now)` as what last quarter's decisions needed to know of this one, under its own name."""

    def declare(function: Function) -> Function:
        vars(function)["expectation"] = Expectation(function.__name__, axis, function)
        return function

    return declare


def declared(module: ModuleType, kind: str) -> tuple[Any, ...]:
    """All functions of a module that are declared as `kind`, equation or expectation, in the order of the file."""
    functions = (f for f in vars(module).values() if getattr(f, "__module__", None) == module.__name__)
    return tuple(getattr(f, kind) for f in functions if hasattr(f, kind))


class EquationRegister:
    """Equations in the order of their numbers; evaluated together as one residual vector."""

    def __init__(self, equations: Iterable[Equation]):
        self._equations = tuple(sorted(equations, key=lambda e: e.number))

    def __iter__(self) -> Iterator[Equation]:
        return iter(self._equations)

    @property
    def rows(self) -> tuple[str, ...]:
        return tuple(row for e in self._equations for row in e.rows)

    def residual(self, p: Any, now: Any, lead: Any) -> Float[Array, "unknowns"]:
        """All residuals: parameters `p`, this quarter's objects `now`, what it expects of the next, `lead`."""
        return jnp.concatenate([jnp.atleast_1d(e.function(p, now, lead)) for e in self._equations])
