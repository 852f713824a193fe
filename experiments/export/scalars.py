"""Array programs as scalar expressions: a traced JAX function, written out one number at a time."""

import math
from operator import add, mul, sub, truediv

import numpy as np
from jax.lax import scatter_p

FUNCTIONS = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt}
OPERATORS = {"+": add, "-": sub, "*": mul, "/": truediv, "^": math.pow}
NEUTRAL = {"+": (0.0, 0.0), "-": (None, 0.0), "*": (1.0, 1.0), "/": (None, 1.0), "^": (None, 1.0)}  # left, right

ELEMENTWISE = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "exp": "exp", "log": "log", "sqrt": "sqrt"}
REARRANGING = tuple(
    "broadcast_in_dim concatenate copy expand_dims gather reshape rev scatter slice split squeeze stack transpose unstack".split()
)
POSITIONS = {"gather": 1, "scatter": 1, "scatter-add": 1}  # the argument that holds positions, not values
CALLS = {"jit": "jaxpr", "pjit": "jaxpr", "closed_call": "call_jaxpr", "custom_jvp_call": "call_jaxpr"}


class Graph:
    """Scalar expressions, each stored once.

    A node is a position in `nodes`, whose entries are `("number", value)`, `("symbol", text)` or `(operator, node, ...)`
    with an operator of OPERATORS or FUNCTIONS. What a node is made of comes before it.
    """

    def __init__(self):
        self.nodes = []
        self._known = {}

    def symbol(self, text):
        """Node of a name."""
        return self._stored(("symbol", text))

    def number(self, value):
        """Node of a number."""
        return self._stored(("number", float(value)))

    def apply(self, operator, *nodes):
        """Node of an operation; operations on numbers alone and on neutral elements are carried out."""
        values = [self.value(node) for node in nodes]
        if None not in values:
            return self.number((OPERATORS | FUNCTIONS)[operator](*values))
        if operator == "*" and 0.0 in values:
            return self.number(0.0)
        left, right = NEUTRAL.get(operator, (None, None))
        if right is not None and values[1] == right:
            return nodes[0]
        if left is not None and values[0] == left:
            return nodes[1]
        return self._stored((operator, *nodes))

    def total(self, nodes):
        """Node of a sum, from left to right."""
        result = self.number(0.0)
        for node in nodes:
            result = self.apply("+", result, node)
        return result

    def value(self, node):
        """The number a node stands for, None of anything but a number."""
        kind, content = self.nodes[node][:2]
        return content if kind == "number" else None

    def _stored(self, entry):
        if entry not in self._known:
            self._known[entry] = len(self.nodes)
            self.nodes.append(entry)
        return self._known[entry]


class Nodes:
    """An array of nodes, told apart from the arrays whose numbers are known while a program is written out."""

    def __init__(self, array):
        self.array = np.asarray(array)


def scalarise(graph, program, *arguments):
    """Results of a traced function as integer arrays of nodes.

    `program` is a ClosedJaxpr, from `jax.make_jaxpr`; `arguments` are integer arrays of nodes in the shapes it was traced
    with. Raises ValueError on an operation that has no scalar form here.
    """
    return [_nodes(graph, r) for r in _run(graph, program.jaxpr, program.consts, [Nodes(a) for a in arguments])]


def _run(graph, jaxpr, constants, arguments):
    values = {}

    def read(atom):
        return atom.val if hasattr(atom, "val") else values[atom]

    values.update(zip(jaxpr.constvars, constants, strict=True))
    values.update(zip(jaxpr.invars, arguments, strict=True))
    for step in jaxpr.eqns:
        values.update(zip(step.outvars, _step(graph, step, [read(atom) for atom in step.invars]), strict=True))
    return [read(atom) for atom in jaxpr.outvars]


def _step(graph, step, given):
    name = step.primitive.name
    if name in CALLS:
        inner = step.params[CALLS[name]]
        return _run(graph, inner.jaxpr, inner.consts, given)
    if not any(isinstance(value, Nodes) for value in given):
        return _evaluated(step, given)
    if name in REARRANGING:
        return [Nodes(found) for found in _rearranged(graph, step, given)]
    if name in ELEMENTWISE:
        return [_elementwise(graph, ELEMENTWISE[name], *given)]
    if name in OTHERS:
        return [OTHERS[name](graph, step, *given)]
    known = ", ".join(sorted([*ELEMENTWISE, *REARRANGING, *OTHERS]))
    raise ValueError(
        f"export: the operation {name} has no scalar form; expected one of {known}; give it one in {__name__}"
    )


def _evaluated(step, given):
    found = step.primitive.bind(*given, **step.params)
    return found if step.primitive.multiple_results else [found]


def _rearranged(graph, step, given):
    """The operation itself, carried out on positions of nodes instead of on numbers."""
    held = POSITIONS.get(step.primitive.name)
    arguments = [value if i == held else _nodes(graph, value) for i, value in enumerate(given)]
    return _evaluated(step, arguments)


def _elementwise(graph, operator, *given):
    arrays = np.broadcast_arrays(*(_nodes(graph, value) for value in given))
    found = [graph.apply(operator, *nodes) for nodes in zip(*(a.ravel().tolist() for a in arrays), strict=True)]
    return Nodes(np.reshape(found, arrays[0].shape))


def _nodes(graph, value):
    if isinstance(value, Nodes):
        return value.array
    value = np.asarray(value, dtype=float)
    return np.array([graph.number(v) for v in value.ravel()], dtype=int).reshape(value.shape)


def _same(graph, step, value):
    return value


def _negative(graph, step, value):
    return _elementwise(graph, "-", 0.0, value)


def _square(graph, step, value):
    return _elementwise(graph, "^", value, 2.0)


def _integer_power(graph, step, value):
    return _elementwise(graph, "^", value, float(step.params["y"]))


def _sum(graph, step, value):
    array = np.moveaxis(value.array, step.params["axes"], range(len(step.params["axes"])))
    rest = array.shape[len(step.params["axes"]) :]
    columns = array.reshape(-1, int(np.prod(rest))).T.tolist()
    return Nodes(np.reshape([graph.total(column) for column in columns], rest))


def _product(graph, step, left, right):
    (left_axes, right_axes), batch = step.params["dimension_numbers"]
    if any(batch):
        raise ValueError(f"export: a matrix product with batch axes {batch} has no scalar form; expected none")
    a, b = _nodes(graph, left), _nodes(graph, right)
    a, b = np.moveaxis(a, left_axes, range(len(left_axes))), np.moveaxis(b, right_axes, range(len(right_axes)))
    shape = a.shape[len(left_axes) :] + b.shape[len(right_axes) :]
    length = int(np.prod(a.shape[: len(left_axes)]))
    rows, columns = a.reshape(length, -1).T.tolist(), b.reshape(length, -1).T.tolist()
    found = [
        graph.total(graph.apply("*", i, j) for i, j in zip(row, column, strict=True))
        for row in rows
        for column in columns
    ]
    return Nodes(np.reshape(found, shape))


def _scatter_sum(graph, step, operand, positions, updates):
    if not step.params["unique_indices"]:
        raise ValueError("export: scatter-add with repeated positions has no scalar form; expected unique positions")
    zeros = np.full(np.shape(_nodes(graph, operand)), graph.number(0.0))
    parameters = {**step.params, "update_jaxpr": None, "update_consts": ()}
    placed = scatter_p.bind(zeros, positions, _nodes(graph, updates), **parameters)
    return _elementwise(graph, "+", operand, Nodes(placed))


OTHERS = {
    "convert_element_type": _same,
    "neg": _negative,
    "square": _square,
    "integer_pow": _integer_power,
    "reduce_sum": _sum,
    "dot_general": _product,
    "scatter-add": _scatter_sum,
}
