"""Outcomes of a path and their reverse derivatives, of those alone that are asked for."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
from jaxtyping import Float

from model.compute.programs import program
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.equilibrium.outcomes.register import DISTRIBUTION
from model.equilibrium.outcomes.report import report_on
from model.solvers.path import PathProblem


class Readings(NamedTuple):
    """`{outcome: (T,) or (T, label)}`, and the same of the initial steady state, `() or (label,)`."""

    values: dict[str, Real]
    initial: dict[str, Real]


class Weights(NamedTuple):
    """Derivatives of a number, or of several, by a path and its instruments."""

    by_exogenous: Float[Real, "*numbers periods instruments"]
    by_path: Float[Real, "*numbers quarters unknowns"]


def _read(economy, names):
    asked = names.split()
    report = report_on(economy, any(o.name in asked for o in DISTRIBUTION))

    def read(problem, path, initial, at_rest):
        told = report(problem, path, initial, at_rest)
        return Readings({n: told.values[n] for n in asked}, {n: told.initial[n] for n in asked})

    return read


@program
def reader(economy: Economy, names: str) -> Callable[[PathProblem, Real, Real, Real], Readings]:
    """Compiled `read(problem, path, initial, at_rest) -> Readings` of outcomes, their `names` with spaces between."""
    return _read(economy, names)


@program
def reading_weights(economy: Economy, names: str) -> Callable[[PathProblem, Real, Real, Real, dict[str, Any]], Weights]:
    """Compiled `pull(problem, path, initial, at_rest, by_outcome) -> Weights` from derivatives by outcomes."""
    read = _read(economy, names)

    def pull(problem, path, initial, at_rest, by_outcome):
        def values(exogenous, path):
            return read(problem._replace(exogenous=exogenous), path, initial, at_rest).values

        return Weights(*jax.vjp(values, problem.exogenous, path)[1](by_outcome))

    return pull
