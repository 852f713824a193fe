"""Forward-mode Jacobians that carry, for every intermediate, only the columns it depends on.

The equations of a quarter touch few unknowns each, so the dense forward mode spends most of its work on zeros. Which
columns an intermediate depends on is read off the traced program once, never off values, so the result is exact
everywhere (Griewank and Walther, 2008, section 7.1, vector mode on the dependency pattern).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

ELEMENTWISE = frozenset("add sub mul div neg exp log log1p pow sqrt square integer_pow tanh logistic add_any".split())
INLINED = frozenset("jit pjit closed_call custom_jvp_call custom_vjp_call".split())


class Tangent(NamedTuple):
    """Derivatives by the input columns `columns`; `values` is `(len(columns), *shape)`, or None for the inputs themselves."""

    columns: tuple[int, ...]
    values: Array | None

    def dense(self, dtype):
        return self if self.values is not None else Tangent(self.columns, jnp.eye(len(self.columns), dtype=dtype))


def value_and_jacobian(function, *arguments):
    """Outputs (vectors) of `function(*vectors)` and, for each output, its derivative by the concatenated arguments."""
    traced = jax.make_jaxpr(function)(*arguments)
    bounds = np.cumsum([0, *(len(a) for a in arguments)])
    seeds = [Tangent(tuple(range(a, b)), None) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]
    outputs, tangents = _evaluate(traced.jaxpr, traced.consts, arguments, seeds)
    everything = tuple(range(int(bounds[-1])))
    return outputs, [_spread(t.dense(o.dtype), everything).T for o, t in zip(outputs, tangents, strict=True)]


def dense_jacobian(function, *arguments):
    """The same by JAX's own forward mode."""
    bounds = np.cumsum([len(a) for a in arguments])[:-1]

    def stacked(vector):
        outputs = function(*jnp.split(vector, bounds))
        return outputs, outputs

    jacobians, outputs = jax.jacfwd(stacked, has_aux=True)(jnp.concatenate(arguments))
    return outputs, jacobians


def _evaluate(jaxpr, consts, arguments, seeds):
    values = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *arguments], strict=True))
    tangents = dict(zip(jaxpr.invars, seeds, strict=True))

    def value(v):
        return v.val if hasattr(v, "val") else values[v]

    def tangent(v):
        return None if hasattr(v, "val") else tangents.get(v)

    for equation in jaxpr.eqns:
        inputs, active = [value(v) for v in equation.invars], [tangent(v) for v in equation.invars]
        outputs, out_tangents = _evaluate_one(equation, inputs, active)
        for variable, out, out_tangent in zip(equation.outvars, outputs, out_tangents, strict=True):
            values[variable], tangents[variable] = out, out_tangent
    return [value(v) for v in jaxpr.outvars], [tangent(v) for v in jaxpr.outvars]


def _evaluate_one(equation, inputs, tangents):
    primitive, params = equation.primitive, equation.params
    if primitive.name in INLINED:
        inner = params.get("jaxpr", params.get("call_jaxpr"))
        return _evaluate(inner.jaxpr, inner.consts, inputs, tangents)

    def call(*operands):
        out = primitive.bind(*operands, **params)
        return out if primitive.multiple_results else [out]

    outputs = call(*inputs)
    if all(t is None for t in tangents):
        return outputs, [None] * len(outputs)
    if primitive.name == "slice" and tangents[0].values is None:
        (start,), (limit,) = params["start_indices"], params["limit_indices"]
        kept = Tangent(tangents[0].columns[start:limit], None)
        return outputs, [kept.dense(outputs[0].dtype)]
    tangents = [t if t is None else t.dense(outputs[0].dtype) for t in tangents]
    columns = tuple(sorted(set().union(*(t.columns for t in tangents if t is not None))))
    rule = _elementwise if primitive.name in ELEMENTWISE else _by_column
    return outputs, rule(primitive.name, call, inputs, outputs, tangents, columns)


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
            values = lax.mul(*_same_shape(values, _local_derivative(name, call, inputs, outputs[0], i)[None]))
        term = _spread(Tangent(t.columns, values), columns)
        total = term if total is None else lax.add(*_same_shape(total, term))
    shape = (len(columns), *outputs[0].shape)
    return [Tangent(columns, total if total.shape == shape else _broadcast(total, shape))]


def _same_shape(a, b):
    rank = max(a.ndim, b.ndim)
    a, b = (x.reshape(x.shape[:1] + (1,) * (rank - x.ndim) + x.shape[1:]) for x in (a, b))
    shape = tuple(map(max, a.shape, b.shape))
    return _broadcast(a, shape), _broadcast(b, shape)


def _broadcast(a, shape):
    a = a.reshape(a.shape[:1] + (1,) * (len(shape) - a.ndim) + a.shape[1:])
    return a if a.shape == shape else lax.broadcast_in_dim(a, shape, range(a.ndim))


def _local_derivative(name, call, inputs, output, i):
    """Derivative of an elementwise output by its operand `i`; the commonest by rule, to keep the program small."""
    if name == "mul":
        return jnp.asarray(inputs[1 - i], output.dtype)
    if name == "div" and i == 0:
        return lax.reciprocal(jnp.asarray(inputs[1], output.dtype))
    if name == "exp":
        return output

    def along(operand):
        return call(*inputs[:i], operand, *inputs[i + 1 :])[0]

    return jax.jvp(along, (inputs[i],), (jnp.ones_like(inputs[i]),))[1]


def _by_column(name, call, inputs, outputs, tangents, columns):
    """Any other primitive: its own tangent rule, applied to each column."""
    moving = [i for i, t in enumerate(tangents) if t is not None]

    def along(*operands):
        full = list(inputs)
        for i, operand in zip(moving, operands, strict=True):
            full[i] = operand
        return call(*full)

    primals = tuple(inputs[i] for i in moving)
    spread = tuple(_spread(tangents[i], columns) for i in moving)
    by_column = jax.vmap(lambda *ts: jax.jvp(along, primals, ts)[1])(*spread)
    return [Tangent(columns, t) for t in by_column]


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
