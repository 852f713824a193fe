"""Register of the numbered equations: tag, name, axis and function, in the order of the residual vector."""

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp

from model.core.axes import Axis


class Equation(NamedTuple):
    """A numbered equation; with an `axis` it stands for one equation a label, tagged `first` to `first + len - 1`."""

    first: int
    name: str
    axis: Axis | None
    function: Callable

    @property
    def tags(self):
        return tuple(f"E.{self.first + i}" for i in range(len(self.axis) if self.axis else 1))

    @property
    def rows(self):
        """Printable name of each row: `E.54 capacity[gas]`."""
        labels = [f"[{label}]" for label in self.axis.labels] if self.axis else [""]
        return tuple(f"{tag} {self.name}{label}" for tag, label in zip(self.tags, labels, strict=True))

    @property
    def formula(self):
        return self.function.__doc__.strip().splitlines()[0]


class EquationRegister:
    """Equations collected by decoration; evaluated together as one residual vector."""

    def __init__(self):
        self._equations = []

    def equation(self, first, name, axis=None):
        """Register `function(p, now, lead)`, left minus right over a natural scale, as equation E.`first`."""

        def register(function):
            self._equations.append(Equation(first, name, axis, function))
            self._equations.sort(key=lambda e: e.first)
            return function

        return register

    def __iter__(self):
        return iter(self._equations)

    @property
    def rows(self):
        return tuple(row for e in self._equations for row in e.rows)

    def residual(self, p, now, lead):
        """All residuals `(n,)`: parameters `p`, this quarter's objects `now`, what it expects of the next, `lead`."""
        return jnp.concatenate([jnp.atleast_1d(e.function(p, now, lead)) for e in self._equations])


REGISTER = EquationRegister()
equation = REGISTER.equation
