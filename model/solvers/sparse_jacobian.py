"""Forward-mode Jacobians that carry, for every intermediate, only the columns it depends on.

The equations of a quarter touch few unknowns each, so the dense forward mode spends most of its work on zeros. Which
columns an intermediate depends on is read off the traced program once, never off values, so the result is exact
everywhere (Griewank and Walther, 2008, section 7.1, vector mode on the dependency pattern). Many quarters go through
together on the last axis, where the processor's vector units work along them.
"""

from itertools import pairwise
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

ELEMENTWISE = frozenset("add sub mul div neg exp log log1p pow sqrt square integer_pow tanh logistic add_any".split())
MOVING = frozenset("concatenate stack split squeeze slice reshape broadcast_in_dim transpose reduce_sum cumsum".split())
INLINED = frozenset("jit pjit closed_call custom_jvp_call custom_vjp_call".split())


class Value(NamedTuple):
    """An intermediate: `(*shape, batch)` if it is one for each member, else `(*shape)`."""

    array: Array
    batched: bool

    @property
    def aligned(self):
        return self.array if self.batched else jnp.asarray(self.array)[..., None]


class Tangent(NamedTuple):
    """Derivatives by the input columns `columns`: `(len(columns), *shape, batch or 1)`, or None for the inputs themselves."""

    columns: tuple[int, ...]
    values: Array | None

    def dense(self, dtype):
        return (
            self
            if self.values is not None
            else Tangent(self.columns, jnp.eye(len(self.columns), dtype=dtype)[..., None])
        )


def batch_jacobian(function, given, *arguments, dtype):
    """Derivatives of the outputs (vectors) of `function(given, *vectors)` by the concatenated vectors.

    Every leaf of `given` and every argument has the batch as its last axis; what the function closes over has none. The
    result is one array `(columns, rows, batch)` of `dtype` for each output; values are computed in their own precision.
    """
    member = jax.tree.map(lambda a: a[..., 0], (given, arguments))
    traced = jax.make_jaxpr(lambda given, arguments: function(given, *arguments))(*member)
    leaves = jax.tree.leaves(given)
    bounds = np.cumsum([0, *(len(a) for a in arguments)])
    seeds = [Tangent(tuple(range(a, b)), None) for a, b in pairwise(bounds)]
    inputs = [Value(a, True) for a in (*leaves, *arguments)]
    _, tangents = _evaluate(traced.jaxpr, traced.consts, inputs, [None] * len(leaves) + seeds, dtype)
    everything, batch = tuple(range(int(bounds[-1]))), arguments[0].shape[-1]

    def whole(tangent, variable):
        if tangent is None:  # an output that no argument moves
            return jnp.zeros((len(everything), *variable.aval.shape, batch), dtype)
        return _over_batch(_spread(tangent.dense(dtype), everything), batch)

    return [whole(t, v) for t, v in zip(tangents, traced.jaxpr.outvars, strict=True)]


def dense_jacobian(function, *arguments):
    """Outputs (vectors) of `function(*vectors)` and, for each, its derivative by the concatenated vectors; no batch."""
    bounds = np.cumsum([len(a) for a in arguments])[:-1]

    def stacked(vector):
        outputs = function(*jnp.split(vector, bounds))
        return outputs, outputs

    jacobians, outputs = jax.jacfwd(stacked, has_aux=True)(jnp.concatenate(arguments))
    return outputs, jacobians


def _evaluate(jaxpr, consts, arguments, seeds, dtype):
    known = dict(zip(jaxpr.constvars, (Value(c, False) for c in consts), strict=True))
    known.update(zip(jaxpr.invars, arguments, strict=True))
    tangents = dict(zip(jaxpr.invars, seeds, strict=True))

    def value(v):
        return Value(v.val, False) if hasattr(v, "val") else known[v]

    def tangent(v):
        return None if hasattr(v, "val") else tangents.get(v)

    for equation in jaxpr.eqns:
        inputs, active = [value(v) for v in equation.invars], [tangent(v) for v in equation.invars]
        outputs, out_tangents = _evaluate_one(equation, inputs, active, dtype)
        for variable, out, out_tangent in zip(equation.outvars, outputs, out_tangents, strict=True):
            known[variable], tangents[variable] = out, out_tangent
    return [value(v) for v in jaxpr.outvars], [tangent(v) for v in jaxpr.outvars]


def _evaluate_one(equation, inputs, tangents, dtype):
    primitive, params = equation.primitive, equation.params
    if primitive.name in INLINED:
        inner = params.get("jaxpr", params.get("call_jaxpr"))
        return _evaluate(inner.jaxpr, inner.consts, inputs, tangents, dtype)

    def single(*operands):
        out = primitive.bind(*operands, **params)
        return out if primitive.multiple_results else [out]

    batched = any(v.batched for v in inputs)
    axes = [-1 if v.batched else None for v in inputs]
    call = jax.vmap(single, in_axes=axes, out_axes=-1) if batched else single
    outputs = [Value(out, batched) for out in call(*(v.array for v in inputs))]
    if all(t is None for t in tangents):
        return outputs, [None] * len(outputs)
    if primitive.name == "slice" and tangents[0].values is None:
        (start,), (limit,) = params["start_indices"], params["limit_indices"]
        return outputs, [Tangent(tangents[0].columns[start:limit], None).dense(dtype)]
    tangents = [t if t is None else t.dense(dtype) for t in tangents]
    columns = tuple(sorted(set().union(*(t.columns for t in tangents if t is not None))))
    differentiable = [jnp.issubdtype(v.array.dtype, jnp.floating) for v in outputs]
    if not any(differentiable):
        return outputs, [None] * len(outputs)
    rule = _elementwise if primitive.name in ELEMENTWISE else _by_column
    found = rule(primitive.name, call, inputs, outputs, tangents, columns)
    return outputs, [t if smooth else None for t, smooth in zip(found, differentiable, strict=True)]


def _elementwise(name, call, inputs, outputs, tangents, columns):
    """Sum over operands of a local derivative, taken once, times the operand's columns."""
    total = None
    for i, t in enumerate(tangents):
        if t is None:
            continue
        values = t.values
        if name == "neg" or (name == "sub" and i == 1):
            values = lax.neg(values)
        elif name not in {"add", "add_any", "sub"}:
            local = _local_derivative(name, call, inputs, outputs[0].array, i)
            values = lax.mul(*_same_shape(values, local[None].astype(values.dtype)))
        term = _spread(Tangent(t.columns, values), columns)
        total = term if total is None else lax.add(*_same_shape(total, term))
    shape = (len(columns), *outputs[0].array.shape[:-1], total.shape[-1])
    return [Tangent(columns, total if total.shape == shape else _broadcast(total, shape))]


def _same_shape(a, b):
    rank = max(a.ndim, b.ndim)
    a, b = (x.reshape(x.shape[:1] + (1,) * (rank - x.ndim) + x.shape[1:]) for x in (a, b))
    shape = tuple(map(max, a.shape, b.shape))
    return _broadcast(a, shape), _broadcast(b, shape)


def _broadcast(a, shape):
    a = a.reshape(a.shape[:1] + (1,) * (len(shape) - a.ndim) + a.shape[1:])
    return a if a.shape == shape else lax.broadcast_in_dim(a, shape, range(a.ndim))


def _over_batch(values, batch):
    return _broadcast(values, (*values.shape[:-1], batch))


def _local_derivative(name, call, inputs, output, i):
    """Derivative of an elementwise output by its operand `i`; the commonest by rule, to keep the program small."""
    if name == "mul":
        return inputs[1 - i].aligned
    if name == "div" and i == 0:
        return lax.reciprocal(inputs[1].aligned)
    if name == "exp":
        return output
    arrays = [v.array for v in inputs]

    def along(operand):
        return call(*arrays[:i], operand, *arrays[i + 1 :])[0]

    return jax.jvp(along, (arrays[i],), (jnp.ones_like(arrays[i]),))[1]


def _by_column(name, call, inputs, outputs, tangents, columns):
    """Any other primitive: its own tangent rule, applied to each column; in low precision if it only moves or sums."""
    moving = [i for i, t in enumerate(tangents) if t is not None]
    dtype = tangents[moving[0]].values.dtype
    arrays = [v.array for v in inputs]
    if name in MOVING:
        arrays = [a.astype(dtype) for a in map(jnp.asarray, arrays)]

    def along(*operands):
        full = list(arrays)
        for i, operand in zip(moving, operands, strict=True):
            full[i] = operand
        return call(*full)

    primals = tuple(arrays[i] for i in moving)
    batch = primals[0].shape[-1]
    spread = (_over_batch(_spread(tangents[i], columns), batch).astype(arrays[i].dtype) for i in moving)
    by_column = jax.vmap(lambda *ts: jax.jvp(along, primals, ts)[1])(*spread)
    return [Tangent(columns, t.astype(dtype)) for t in by_column]


def _spread(tangent, columns):
    """Values over a larger set of columns, zero where the tangent has none."""
    if tangent.columns == columns:
        return tangent.values
    position = {c: i for i, c in enumerate(columns)}
    where = np.array([position[c] for c in tangent.columns])
    zero, rest = jnp.zeros((), tangent.values.dtype), [(0, 0, 0)] * (tangent.values.ndim - 1)
    if where[-1] - where[0] == len(where) - 1:
        return lax.pad(tangent.values, zero, [(int(where[0]), len(columns) - 1 - int(where[-1]), 0), *rest])
    source = np.full(len(columns), len(where))
    source[where] = np.arange(len(where))
    return lax.pad(tangent.values, zero, [(0, 1, 0), *rest])[source]
