"""Jacobians of programs that touch few inputs in each equation, for a batch of points at once.

The traced program is evaluated together with the local derivative of each operation. How these are multiplied and added up
is decided once, by `accumulation`, from the program alone and never from values, so the result is exact everywhere
(Griewank and Walther, 2008, chapter 9). Members of the batch lie on the last axis, where the processor's vector units work
along them.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float, Int

from model.core.types import Real
from model.solvers.accumulation import ONE, Graph

WIDTH = 64  # multiply-adds at a time
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
Chosen = slice | Int[np.ndarray, "_"]


class Entries(NamedTuple):
    """All entries of a batch of Jacobians that can differ from zero, and where they belong; a last value is zero."""

    values: Array  # (entries + 1, batch)
    rows: np.ndarray
    columns: np.ndarray
    shape: tuple[int, int]  # rows, columns of one Jacobian

    def members(self, chosen: slice) -> "Entries":
        """The entries of a slice of the batch."""
        return self._replace(values=self.values[:, chosen])

    def dense(self, rows: Chosen = slice(None), columns: Chosen = slice(None)) -> Float[Array, "batch rows columns"]:
        """The Jacobians' chosen rows and columns."""
        source = np.full(self.shape, len(self.rows))
        source[self.rows, self.columns] = np.arange(len(self.rows))
        chosen = source[rows][:, columns]
        return self.values[chosen.ravel()].T.reshape(self.values.shape[-1], *chosen.shape)


def batch_jacobian(
    function: Callable[..., Array], given: Any, *arguments: Float[Array, "_ batch"], dtype: Any
) -> Entries:
    """`Entries`, in `dtype`, of the derivatives of the vector `function(given, *vectors)` by the concatenated vectors.

    Every leaf of `given` and every argument has the batch as its last axis; what the function closes over has none.
    """
    member = jax.tree.map(lambda a: a[..., 0], (given, arguments))
    traced = jax.make_jaxpr(lambda given, arguments: function(given, *arguments))(*member)
    leaves = jax.tree.leaves(given)
    bounds = np.cumsum([0, *(len(a) for a in arguments)])
    seeds = [np.arange(a + 1, b + 1) for a, b in pairwise(bounds)]
    trace = _Trace(int(bounds[-1]))
    outputs = []

    def derivatives(*inputs):
        trace.derivatives.clear()
        outputs[:] = trace.evaluate(traced.jaxpr, traced.consts, inputs, [None] * len(leaves) + seeds)[1]
        return trace.derivatives

    local = jax.vmap(derivatives, -1)(*leaves, *arguments)
    recipe = trace.graph.recipe(list(_nodes(outputs[0], traced.jaxpr.outvars[0])), WIDTH)
    shape = (traced.jaxpr.outvars[0].aval.size, int(bounds[-1]))
    return Entries(_accumulated(recipe, local, arguments[0].shape[-1], dtype), recipe.rows, recipe.columns, shape)


def dense_jacobian(
    function: Callable[..., Sequence[Array]], *arguments: Float[Real, "_"]
) -> tuple[Sequence[Array], Sequence[Array]]:
    """Outputs (vectors) of `function(*vectors)` and, for each, its derivative by the concatenated vectors; no batch."""
    bounds = np.cumsum([len(a) for a in arguments])[:-1]

    def stacked(vector):
        outputs = function(*jnp.split(vector, bounds))
        return outputs, outputs

    jacobians, outputs = jax.jacfwd(stacked, has_aux=True)(jnp.concatenate(arguments))
    return outputs, jacobians


def _accumulated(recipe, local, batch, dtype):
    """Values of the entries, and a zero, `(entries + 1, batch)`, from local derivatives `(batch, ...)`."""
    local = lax.optimization_barrier(local)  # else each is computed once more wherever it is used
    given = (
        jnp.concatenate([d.reshape(batch, -1) for d in local], 1).astype(dtype).T
        if local
        else jnp.zeros((0, batch), dtype)
    )
    ends = jnp.tile(jnp.array([[0.0], [1.0]], dtype), batch)
    steps, _, width = recipe.operands.shape
    first = len(ends) + len(recipe.used)
    values = jnp.concatenate([ends, given[recipe.used], jnp.zeros((steps * width, batch), dtype)])
    operands, signs = jnp.asarray(recipe.operands), jnp.asarray(recipe.signs, dtype)

    def step(i, values):
        a, b, c, d = (values.at[operands[i, k]].get(mode="promise_in_bounds") for k in range(4))
        new = signs[i, 0, :, None] * a * b + signs[i, 1, :, None] * c * d
        return lax.dynamic_update_slice(values, new, (first + i * width, 0))

    values = lax.fori_loop(0, steps, step, values) if steps else values
    entries = jnp.asarray(recipe.entry_signs, dtype)[:, None] * values[recipe.entries]
    return jnp.concatenate([entries, jnp.zeros((1, batch), dtype)])


class _Trace:
    """A program's graph and, while it is evaluated, the local derivatives of its edges, in the order of their numbers.

    An intermediate is a value and its nodes, numbers in an array of its shape, None where it depends on no input.
    """

    def __init__(self, inputs):
        self.graph = Graph(inputs)
        self.derivatives = []
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
    if name == "pow" and i == 0:
        return values[1] * lax.pow(values[0], values[1] - 1)
    if name == "pow":
        return output * jnp.log(values[0])

    def along(operand):
        return call(*values[:i], operand, *values[i + 1 :])[0]

    return jax.jvp(along, (values[i],), (jnp.ones_like(values[i]),))[1]
