"""A block of an economy: what it declares, its equations, what it expects, and which of its unknowns follow from others."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

from model.core.equations import Equation, Expectation, declared
from model.core.outcomes import Outcome


class Block(NamedTuple):
    """`eliminated` are `(symbol, row)` by level: unknowns that a row gives outright once earlier levels are known.

    `stages` are functions `(p, now) -> {name: object}` of the quarter that the block alone decides. A row is the name of an
    equation with its label, `capacity[gas]`.
    """

    name: str
    parameters: type
    instruments: type | None
    variables: type | None
    equations: tuple[Equation, ...]
    expectations: tuple[Expectation, ...]
    stages: tuple[Callable, ...]
    eliminated: tuple[tuple[tuple[str, str], ...], ...]
    outcomes: tuple[Outcome, ...] = ()

    @property
    def members(self) -> tuple[Any, ...]:
        """All classes and functions that the block is made of."""
        functions = (e.function for e in (*self.equations, *self.expectations, *self.outcomes))
        return (*(c for c in (self.parameters, self.instruments, self.variables) if c), *functions, *self.stages)


def block(
    name: str,
    declarations: ModuleType,
    *modules: ModuleType,
    stages: tuple[Callable, ...] = (),
    eliminated: tuple[dict[str, str], ...] = (),
) -> Block:
    """`Block` of the classes in a module of `declarations` and of what is declared in it and in `modules`."""
    modules = (declarations, *modules)
    return Block(
        name,
        declarations.Parameters,
        getattr(declarations, "Instruments", None),
        getattr(declarations, "Variables", None),
        tuple(e for module in modules for e in declared(module, "equation")),
        tuple(e for module in modules for e in declared(module, "expectation")),
        stages,
        tuple(tuple(level.items()) for level in eliminated),
        tuple(e for module in modules for e in declared(module, "outcome")),
    )
