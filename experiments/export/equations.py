"""The equations of one quarter as scalar expressions, from the functions that the solver itself evaluates."""

import re
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from experiments.export.expressions import definitions
from experiments.export.scalars import Graph, scalarise

BEFORE, NOW, NEXT = -1, 0, 1
SUFFIX = {BEFORE: "_before", NOW: "", NEXT: "_next"}


class Equations(NamedTuple):
    """Text of one quarter: `locals` `[(name, expression), ...]` in order, `residuals` one expression an equation.

    `shifted` are the instruments of other quarters that are used, `[(symbol, BEFORE or NEXT), ...]`.
    """

    locals: list
    residuals: list
    shifted: list


def coordinate_names(economy):
    """Names of the unknowns in solver coordinates: `ln_pA` where they are solved in logs, else the symbol."""
    variables = economy.variables
    return [f"ln_{s}" if log else s for s, log in zip(variables.symbols, variables.log, strict=True)]


def quarter_equations(economy, parameters, fixed):
    """Equations in the unknowns and instruments of a quarter, of the one before and of the next.

    Unknowns of other quarters carry `(-1)` or `(+1)`, instruments the suffix `_before` or `_next`: Dynare would make an
    equation of each instrument with a lag or a lead. `parameters` are numbers; `fixed` maps the symbols of instruments that never move to their values.
    """
    graph, names = Graph(), {}
    unknowns = {shift: _unknowns(economy, graph, names, shift) for shift in SUFFIX}
    instruments = {shift: _instruments(economy, graph, fixed, shift) for shift in SUFFIX}
    quarter, objects = _quarter_program(economy, parameters)

    def arguments(shift):
        before = unknowns[shift - 1][economy.carried]
        return instruments[shift - 1], instruments[shift], before, unknowns[shift]

    expected = []
    for shift in (NOW, NEXT):
        expected, *parts = scalarise(graph, quarter, *arguments(shift))
        _name_objects(names, objects, parts, SUFFIX[shift])
    (found,) = scalarise(graph, _residual_program(economy, parameters, expected), expected, *arguments(NOW))
    lines, residuals = definitions(graph, found.tolist(), names)
    used = set(re.findall(r"\w+", " ".join([text for _, text in lines] + residuals)))
    shifted = [(s, shift) for shift in (BEFORE, NEXT) for s in economy.instruments.symbols if s + SUFFIX[shift] in used]
    return Equations(lines, residuals, shifted)


def _unknowns(economy, graph, names, shift):
    """Nodes of all unknowns of a quarter; the levels of those in logs get a name."""
    nodes = [graph.symbol(_dated(name, shift)) for name in coordinate_names(economy)]
    for node, symbol, log in zip(nodes, economy.variables.symbols, economy.variables.log, strict=True):
        if log:
            names[graph.apply("exp", node)] = symbol + SUFFIX[shift]
    return np.array(nodes)


def _instruments(economy, graph, fixed, shift):
    return np.array(
        [graph.number(fixed[s]) if s in fixed else graph.symbol(s + SUFFIX[shift]) for s in economy.instruments.symbols]
    )


def _dated(name, shift):
    return f"{name}({shift:+d})" if shift else name


def _quarter_program(economy, parameters):
    """Program of what is expected of a quarter and of all its objects, with the shape of their tree."""

    def quarter(*arguments):
        now = economy.quarter(parameters, *arguments)
        return economy.expectations(parameters, now), now._replace(lag_e=None, e=None, lag=None, x=None)

    program, (_, objects) = jax.make_jaxpr(quarter, return_shape=True)(*_arguments(economy))
    return program, objects


def _residual_program(economy, parameters, expected):
    def residual(lead, *arguments):
        return economy.residual(parameters, economy.quarter(parameters, *arguments), lead)

    return jax.make_jaxpr(residual)(jnp.ones(len(expected)), *_arguments(economy))


def _arguments(economy):
    instruments = jnp.ones(len(economy.instruments))
    return instruments, instruments, jnp.zeros(len(economy.carried)), jnp.zeros(len(economy.variables))


def _name_objects(names, objects, parts, suffix):
    """Names of a quarter's objects by their place in it: `labour_unemployment_2`."""
    places, _ = jax.tree_util.tree_flatten_with_path(objects)
    for (path, _), nodes in zip(places, parts, strict=True):
        name = "_".join(key.name for key in path)
        for position, node in np.ndenumerate(nodes):
            numbers = "".join(f"_{i + 1}" for i in position)
            names.setdefault(node, f"{name}{numbers}{suffix}")
