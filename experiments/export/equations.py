"""The equations of one quarter as scalar expressions, from the functions that the solver itself evaluates."""

import re
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from experiments.export.expressions import definitions
from experiments.export.scalars import Graph, scalarise
from model.equilibrium.economy import reference

BEFORE, NOW, NEXT = -1, 0, 1
SUFFIX = {BEFORE: "_before", NOW: "", NEXT: "_next"}


class Equations(NamedTuple):
    """Text of one quarter: `locals` `[(name, expression), ...]` in order, `residuals` one expression an equation.

    `shifted` are the instruments of other quarters that are used, `[(symbol, BEFORE or NEXT), ...]`.
    """

    locals: list
    residuals: list
    shifted: list


def coordinate_names():
    """Names of the unknowns in solver coordinates: `ln_pA` where they are solved in logs, else the symbol."""
    return [
        f"ln_{s}" if log else s for s, log in zip(reference().variables.symbols, reference().variables.log, strict=True)
    ]


def quarter_equations(parameters, fixed):
    """Equations in the unknowns and instruments of a quarter, of the one before and of the next.

    Unknowns of other quarters carry `(-1)` or `(+1)`, instruments the suffix `_before` or `_next`: Dynare would make an
    equation of each instrument with a lag or a lead. `parameters` are numbers; `fixed` maps the symbols of instruments that never move to their values.
    """
    graph, names = Graph(), {}
    unknowns = {shift: _unknowns(graph, names, shift) for shift in SUFFIX}
    instruments = {shift: _instruments(graph, fixed, shift) for shift in SUFFIX}
    quarter, objects = _quarter_program(parameters)

    def arguments(shift):
        before = unknowns[shift - 1][reference().carried]
        return instruments[shift - 1], instruments[shift], before, unknowns[shift]

    expected = []
    for shift in (NOW, NEXT):
        expected, *parts = scalarise(graph, quarter, *arguments(shift))
        _name_objects(names, objects, parts, SUFFIX[shift])
    (found,) = scalarise(graph, _residual_program(parameters, expected), expected, *arguments(NOW))
    lines, residuals = definitions(graph, found.tolist(), names)
    used = set(re.findall(r"\w+", " ".join([text for _, text in lines] + residuals)))
    shifted = [
        (s, shift) for shift in (BEFORE, NEXT) for s in reference().instruments.symbols if s + SUFFIX[shift] in used
    ]
    return Equations(lines, residuals, shifted)


def _unknowns(graph, names, shift):
    """Nodes of all unknowns of a quarter; the levels of those in logs get a name."""
    nodes = [graph.symbol(_dated(name, shift)) for name in coordinate_names()]
    for node, symbol, log in zip(nodes, reference().variables.symbols, reference().variables.log, strict=True):
        if log:
            names[graph.apply("exp", node)] = symbol + SUFFIX[shift]
    return np.array(nodes)


def _instruments(graph, fixed, shift):
    return np.array(
        [
            graph.number(fixed[s]) if s in fixed else graph.symbol(s + SUFFIX[shift])
            for s in reference().instruments.symbols
        ]
    )


def _dated(name, shift):
    return f"{name}({shift:+d})" if shift else name


def _quarter_program(parameters):
    """Program of what is expected of a quarter and of all its objects, with the shape of their tree."""

    def quarter(*arguments):
        now = reference().quarter(parameters, *arguments)
        return reference().expectations(parameters, now), now._replace(lag_e=None, e=None, lag=None, x=None)

    program, (_, objects) = jax.make_jaxpr(quarter, return_shape=True)(*_arguments())
    return program, objects


def _residual_program(parameters, expected):
    def residual(lead, *arguments):
        return reference().residual(parameters, reference().quarter(parameters, *arguments), lead)

    return jax.make_jaxpr(residual)(jnp.ones(len(expected)), *_arguments())


def _arguments():
    instruments = jnp.ones(len(reference().instruments))
    return instruments, instruments, jnp.zeros(len(reference().carried)), jnp.zeros(len(reference().variables))


def _name_objects(names, objects, parts, suffix):
    """Names of a quarter's objects by their place in it: `labour_unemployment_2`."""
    places, _ = jax.tree_util.tree_flatten_with_path(objects)
    for (path, _), nodes in zip(places, parts, strict=True):
        name = "_".join(key.name for key in path)
        for position, node in np.ndenumerate(nodes):
            numbers = "".join(f"_{i + 1}" for i in position)
            names.setdefault(node, f"{name}{numbers}{suffix}")
