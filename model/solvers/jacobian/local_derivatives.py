"""The local derivative of every operation of a traced program, and how they hang together: the graph for `accumulation`.

Operations that only move or add numbers have derivatives of one, which nobody needs to compute.
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from model.solvers.jacobian.accumulation import ONE, Graph

SIGNS = {
    "add": (1.0, 1.0),
    "add_any": (1.0, 1.0),
    "sub": (1.0, -1.0),
    "neg": (-1.0,),
    "copy": (1.0,),
    "convert_element_type": (1.0,),
}
ELEMENTWISE = frozenset(
    "mul div exp log log1p expm1 pow sqrt rsqrt cbrt square integer_pow tanh logistic sin cos max min abs select_n".split()
)
MOVING = frozenset("concatenate stack split squeeze slice reshape broadcast_in_dim transpose".split())
INLINED = frozenset("jit pjit closed_call custom_jvp_call custom_vjp_call".split())


class Trace:
    """A program's graph and, while it is evaluated, the local derivatives of its edges, in the order of their numbers.

    An intermediate is a value and its nodes, numbers in an array of its shape, None where it depends on no input.
    """

    def __init__(self, inputs: int):
        self.graph = Graph(inputs)
        self.derivatives: list[Array] = []
        self._count = ONE + 1

    def evaluate(self, jaxpr: Any, consts: Sequence, arguments: Sequence, seeds: Sequence) -> tuple[list, list]:
        """Values and nodes of the outputs."""
        known = dict(zip(jaxpr.constvars, consts, strict=True)) | dict(zip(jaxpr.invars, arguments, strict=True))
        nodes = dict(zip(jaxpr.invars, seeds, strict=True))

        def value(v):
            return v.val if hasattr(v, "val") else known[v]

        def node(v):
            return None if hasattr(v, "val") else nodes.get(v)

        for equation in jaxpr.eqns:
            values, before = [value(v) for v in equation.invars], [node(v) for v in equation.invars]
            outputs, after = self._operation(equation, values, before)
            known.update(zip(equation.outvars, outputs, strict=True))
            nodes.update(zip(equation.outvars, after, strict=True))
        return [value(v) for v in jaxpr.outvars], [node(v) for v in jaxpr.outvars]

    def _operation(self, equation, values, nodes):
        primitive, params = equation.primitive, equation.params
        if primitive.name in INLINED:
            inner = params.get("jaxpr", params.get("call_jaxpr"))
            return self.evaluate(inner.jaxpr, inner.consts, values, nodes)

        def call(*operands):
            out = primitive.bind(*operands, **params)
            return out if primitive.multiple_results else [out]

        outputs = call(*values)
        smooth = [jnp.issubdtype(v.aval.dtype, jnp.floating) for v in equation.outvars]
        if all(n is None for n in nodes) or not any(smooth):
            return outputs, [None] * len(outputs)
        if primitive.name in MOVING:
            return outputs, _moved(equation, [_nodes(n, v) for n, v in zip(nodes, equation.invars, strict=True)])
        found = self._new_nodes(equation, call, values, outputs, nodes)
        return outputs, [n if s else None for n, s in zip(found, smooth, strict=True)]

    def _new_nodes(self, equation, call, values, outputs, nodes):
        name, params, shape = equation.primitive.name, equation.params, equation.outvars[0].aval.shape
        if name == "reduce_sum":
            return [self._sums(nodes[0], params["axes"])]
        if name == "dot_general" and [len(axes) for axes in sum(params["dimension_numbers"], ())] == [1, 1, 0, 0]:
            return [self._inner_products(params["dimension_numbers"][0], values, nodes)]
        if name in SIGNS:
            edges = [(n, ONE, sign) for n, sign in zip(nodes, SIGNS[name], strict=True) if n is not None]
            return [self._elementwise(shape, edges)]
        if name in ELEMENTWISE:
            edges = [
                (n, self._numbered(_local_derivative(name, call, values, outputs[0], i), shape), 1.0)
                for i, n in enumerate(nodes)
                if n is not None
            ]
            return [self._elementwise(shape, edges)]
        return self._dense(call, values, nodes, outputs)

    def _numbered(self, derivative, shape):
        """Numbers, in an array of a shape, of local derivatives that are noted down."""
        numbers = np.arange(self._count, self._count + int(np.prod(shape))).reshape(shape)
        self._count += numbers.size
        self.derivatives.append(jnp.broadcast_to(derivative, shape))
        return numbers

    def _elementwise(self, shape, edges):
        edges = [[np.broadcast_to(part, shape).ravel() for part in edge] for edge in edges]
        new = [
            self.graph.add([(node[i], number[i], sign[i]) for node, number, sign in edges])
            for i in range(int(np.prod(shape)))
        ]
        return np.array(new, int).reshape(shape)

    def _sums(self, nodes, axes):
        last = np.moveaxis(nodes, axes, range(-len(axes), 0))
        kept = last.shape[: last.ndim - len(axes)]
        rows = last.reshape(int(np.prod(kept)), -1)
        return np.array([self.graph.add([(n, ONE, 1.0) for n in row]) for row in rows], int).reshape(kept)

    def _inner_products(self, contracted, values, nodes):
        sides = []
        for (axis,), value, node, other in zip(contracted, values, nodes, nodes[::-1], strict=True):
            numbers = np.zeros(np.shape(value), int) if other is None else self._numbered(value, np.shape(value))
            node = np.zeros(np.shape(value), int) if node is None else node
            sides.append([np.moveaxis(a, axis, -1) for a in (node, numbers)])
        (left, by_right), (right, by_left) = sides
        new = [
            self.graph.add(
                [
                    *((n, d, 1.0) for n, d in zip(left[i], by_left[j], strict=True)),
                    *((n, d, 1.0) for n, d in zip(right[j], by_right[i], strict=True)),
                ]
            )
            for i in np.ndindex(left.shape[:-1])
            for j in np.ndindex(right.shape[:-1])
        ]
        return np.array(new, int).reshape(left.shape[:-1] + right.shape[:-1])

    def _dense(self, call, values, nodes, outputs):
        """Any other operation: each element of its outputs by each element of its operands."""
        moving = [i for i, n in enumerate(nodes) if n is not None]
        smooth = [k for k, out in enumerate(outputs) if jnp.issubdtype(out.dtype, jnp.floating)]

        def along(operands):
            full = list(values)
            for i, operand in zip(moving, operands, strict=True):
                full[i] = operand
            found = call(*full)
            return [found[k] for k in smooth]

        jacobians = jax.jacfwd(along)([values[i] for i in moving])
        found: list[np.ndarray | None] = [None] * len(outputs)
        for k, by_operand in zip(smooth, jacobians, strict=True):
            size = int(np.prod(outputs[k].shape))
            edges = [
                (nodes[i].ravel(), self._numbered(d.reshape(size, -1), (size, nodes[i].size)))
                for i, d in zip(moving, by_operand, strict=True)
            ]
            new = [
                self.graph.add([(n, d, 1.0) for ns, ds in edges for n, d in zip(ns, ds[row], strict=True)])
                for row in range(size)
            ]
            found[k] = np.array(new, int).reshape(outputs[k].shape)
        return found


def _nodes(nodes, variable):
    return np.zeros(variable.aval.shape, int) if nodes is None else nodes


def _moved(equation, operands):
    """Nodes of an operation that only moves its operands: moved alike."""
    first, params, shape = operands[0], equation.params, equation.outvars[0].aval.shape
    match equation.primitive.name:
        case "concatenate":
            return [np.concatenate(operands, params["dimension"])]
        case "stack":
            return [np.stack(operands, params["axis"])]
        case "split":
            return np.split(first, np.cumsum(params["sizes"])[:-1], params["axis"])
        case "slice":
            steps = params["strides"] or (1,) * first.ndim
            return [first[tuple(map(slice, params["start_indices"], params["limit_indices"], steps))]]
        case "broadcast_in_dim":
            kept = params["broadcast_dimensions"]
            return [
                np.broadcast_to(
                    first.reshape([first.shape[kept.index(d)] if d in kept else 1 for d in range(len(shape))]), shape
                )
            ]
        case "transpose":
            return [first.transpose(params["permutation"])]
    return [first.reshape(shape)]  # reshape and squeeze


def _local_derivative(name, call, values, output, i):
    """Derivative of an elementwise output by its operand `i`; the commonest by rule, to keep the program small."""
    if name == "mul":
        return values[1 - i]
    if name == "div" and i == 0:
        return lax.reciprocal(values[1])
    if name == "exp":
        return output

    def along(operand):
        return call(*values[:i], operand, *values[i + 1 :])[0]

    return jax.jvp(along, (values[i],), (jnp.ones_like(values[i]),))[1]
