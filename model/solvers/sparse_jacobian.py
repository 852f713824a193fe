"""Forward-mode Jacobians that carry, for every intermediate, only the columns it depends on.

The equations of a quarter touch few unknowns each, so the dense forward mode spends most of its work on zeros. Which
columns an intermediate depends on is read off the traced program once, never off values, so the result is exact
everywhere (Griewank and Walther, 2008, section 7.1, vector mode on the dependency pattern). Many quarters go through
together on the last axis, where the processor's vector units work along them.
"""

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.typing import DTypeLike
from jaxtyping import Float, Int

from model.core.types import Real

ELEMENTWISE = frozenset("add sub mul div neg exp log log1p pow sqrt square integer_pow tanh logistic add_any".split())
MOVING = frozenset("concatenate stack split squeeze slice reshape broadcast_in_dim transpose reduce_sum".split())
INLINED = frozenset("jit pjit closed_call custom_jvp_call custom_vjp_call".split())


class Value(NamedTuple):
    """An intermediate: `(*shape, batch)` if it is one for each member, else `(*shape)`."""

    array: Array
    batched: bool

    @property
    def aligned(self) -> Array:
        return self.array if self.batched else jnp.asarray(self.array)[..., None]


class Tangent(NamedTuple):
    """Derivatives by the input columns `columns`: `(len(columns), *shape, batch or 1)`."""

    columns: tuple[int, ...]
    values: Array

    def dense(self, dtype: DTypeLike) -> "Tangent":
        return self

    def pieces(self, dtype: DTypeLike) -> "list[tuple[int, Tangent]]":
        return [(0, self)]


class Inputs(NamedTuple):
    """Tangent of input columns themselves."""

    columns: tuple[int, ...]

    def dense(self, dtype: DTypeLike) -> Tangent:
        return Tangent(self.columns, jnp.eye(len(self.columns), dtype=dtype)[..., None])

    def pieces(self, dtype: DTypeLike) -> list[tuple[int, Tangent]]:
        return [(0, self.dense(dtype))]


class Joined(NamedTuple):
    """Tangent of vectors put end to end, each with columns of its own: pairs of first row and tangent."""

    parts: "tuple[tuple[int, Tangent | Inputs | Joined], ...]"
    length: int

    @property
    def columns(self) -> tuple[int, ...]:
        return _union(t for _, t in self.parts)

    def dense(self, dtype: DTypeLike) -> Tangent:
        columns, values, end = self.columns, [], 0
        batch = max(t.dense(dtype).values.shape[-1] for _, t in self.parts)
        for first, t in self.parts:
            own = _over_batch(_spread(t.dense(dtype), columns), batch)
            values += [jnp.zeros((len(columns), first - end, batch), dtype), own]
            end = first + own.shape[1]
        values.append(jnp.zeros((len(columns), self.length - end, batch), dtype))
        return Tangent(columns, lax.concatenate([v for v in values if v.shape[1]], 1))

    def pieces(self, dtype: DTypeLike) -> list[tuple[int, Tangent]]:
        return [(first + a, piece) for first, t in self.parts for a, piece in t.pieces(dtype)]


class Entries(NamedTuple):
    """All entries of a batch of Jacobians that can differ from zero, and where they belong; a last value is zero."""

    values: Float[Array, "entries+1 batch"]
    rows: Int[np.ndarray, "entries"]
    columns: Int[np.ndarray, "entries"]
    shape: tuple[int, int]  # rows, columns of one Jacobian

    def members(self, chosen: slice) -> "Entries":
        """The entries of a slice of the batch."""
        return self._replace(values=self.values[:, chosen])

    def dense(
        self, rows: slice | np.ndarray = slice(None), columns: slice | np.ndarray = slice(None)
    ) -> Float[Array, "batch rows columns"]:
        """The Jacobians' chosen rows and columns."""
        source = np.full(self.shape, len(self.rows))
        source[self.rows, self.columns] = np.arange(len(self.rows))
        chosen = source[rows][:, columns]
        return self.values[chosen.ravel()].T.reshape(self.values.shape[-1], *chosen.shape)


def batch_jacobian(
    function: Callable[..., tuple[Array, ...]],
    given: Any,
    *arguments: Float[Array, "_ batch"],
    dtype: DTypeLike,
) -> list[Entries]:
    """Derivatives of the outputs (vectors) of `function(given, *vectors)` by the concatenated vectors.

    Every leaf of `given` and every argument has the batch as its last axis; what the function closes over has none. The
    result is `Entries` in `dtype` for each output; values are computed in their own precision.
    """
    member = jax.tree.map(lambda a: a[..., 0], (given, arguments))
    traced = jax.make_jaxpr(lambda given, arguments: function(given, *arguments))(*member)
    leaves = jax.tree.leaves(given)
    bounds = np.cumsum([0, *(len(a) for a in arguments)])
    seeds = [Inputs(tuple(range(a, b))) for a, b in pairwise(bounds)]
    inputs = [Value(a, True) for a in (*leaves, *arguments)]
    _, tangents = _evaluate(traced.jaxpr, traced.consts, inputs, [None] * len(leaves) + seeds, dtype)
    batch = arguments[0].shape[-1]
    return [
        _entries([] if t is None else t.pieces(dtype), (*v.aval.shape, int(bounds[-1])), batch, dtype)
        for t, v in zip(tangents, traced.jaxpr.outvars, strict=True)
    ]


def _entries(pieces, shape, batch, dtype):
    values, places = [], [np.zeros((2, 0), int)]
    for first, (columns, piece) in pieces:
        rows = first + np.arange(piece.shape[1])
        places.append(np.stack(np.meshgrid(rows, columns)).reshape(2, -1))
        values.append(_over_batch(piece, batch).reshape(-1, batch))
    rows, columns = np.concatenate(places, 1)
    return Entries(lax.concatenate([*values, jnp.zeros((1, batch), dtype)], 0), rows, columns, shape)


def dense_jacobian(
    function: Callable[..., tuple[Real, ...]], *arguments: Float[Real, "_"]
) -> tuple[tuple[Array, ...], tuple[Float[Array, "_ columns"], ...]]:
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
    if primitive.name == "slice" and isinstance(tangents[0], Inputs):
        (start,), (limit,) = params["start_indices"], params["limit_indices"]
        return outputs, [Inputs(tangents[0].columns[start:limit]).dense(dtype)]
    if primitive.name == "concatenate" and outputs[0].array.ndim == 2:
        return outputs, [_joined(equation.invars, tangents)]
    tangents = [t if t is None else t.dense(dtype) for t in tangents]
    columns = _union(t for t in tangents if t is not None)
    differentiable = [jnp.issubdtype(v.array.dtype, jnp.floating) for v in outputs]
    if not any(differentiable):
        return outputs, [None] * len(outputs)
    if primitive.name in MOVING:
        return outputs, _moving(equation, tangents, columns, dtype)
    if primitive.name == "dot_general" and not any(params["dimension_numbers"][1]):
        return outputs, [_product(params["dimension_numbers"][0], inputs, tangents, columns, dtype)]
    rule = _elementwise if primitive.name in ELEMENTWISE else _by_column
    found = rule(primitive.name, call, inputs, outputs, tangents, columns)
    return outputs, [t if smooth else None for t, smooth in zip(found, differentiable, strict=True)]


def _union(tangents):
    return tuple(sorted(set().union(*(t.columns for t in tangents))))


def _joined(variables, tangents):
    firsts = np.cumsum([0, *(v.aval.shape[0] for v in variables)])
    parts = [(int(a), t) for a, t in zip(firsts, tangents, strict=False) if t is not None]
    return Joined(tuple(parts), int(firsts[-1]))


def _product(contracted, inputs, tangents, columns, dtype):
    """Tangent of a matrix product, spelled out in elementwise products as the matrices are small."""
    values = [v.aligned.astype(dtype)[None] for v in inputs]
    terms = []
    for i, t in enumerate(tangents):
        if t is not None:
            a, b = (t.values if i == j else v for j, v in enumerate(values))
            terms.append(_spread(Tangent(t.columns, _sum_of_products(contracted, a, b)), columns))
    return Tangent(columns, lax.add(*_same_shape(*terms)) if len(terms) == 2 else terms[0])


def _sum_of_products(contracted, a, b):
    """Contract an axis of `a` (columns, *shape, batch) with one of `b`."""
    (i,), (j,) = contracted
    a, b = jnp.moveaxis(a, i + 1, 0), jnp.moveaxis(b, j + 1, 0)
    a = a.reshape(*a.shape[:-1], *(1,) * (b.ndim - 3), a.shape[-1])
    b = b.reshape(*b.shape[:2], *(1,) * (a.ndim - b.ndim), *b.shape[2:])
    return jnp.asarray(sum(x * y for x, y in zip(a, b, strict=True)))


def _moving(equation, tangents, columns, dtype):
    """Tangents of a primitive that only moves or sums: the same moves, one axis further on, in low precision."""
    batch = max(t.values.shape[-1] for t in tangents if t is not None)
    operands = [
        jnp.zeros((len(columns), *v.aval.shape, batch), dtype) if t is None else _over_batch(_spread(t, columns), batch)
        for v, t in zip(equation.invars, tangents, strict=True)
    ]
    moved = _moved(equation.primitive.name, equation.params, equation.outvars[0].aval.shape, *operands)
    return [Tangent(columns, values) for values in moved]


def _moved(name, params, shape, *operands):
    first = operands[0]
    shape = (len(first), *shape, first.shape[-1])
    match name:
        case "concatenate":
            return [lax.concatenate(operands, params["dimension"] + 1)]
        case "stack":
            return [jnp.stack(operands, params["axis"] + 1)]
        case "split":
            return lax.split(first, params["sizes"], params["axis"] + 1)
        case "slice":
            steps = params["strides"] or (1,) * (first.ndim - 2)
            ends = (len(first), *params["limit_indices"], first.shape[-1])
            return [lax.slice(first, (0, *params["start_indices"], 0), ends, (1, *steps, 1))]
        case "broadcast_in_dim":
            kept = (0, *(d + 1 for d in params["broadcast_dimensions"]), len(shape) - 1)
            return [lax.broadcast_in_dim(first, shape, kept)]
        case "transpose":
            return [first.transpose(0, *(d + 1 for d in params["permutation"]), first.ndim - 1)]
        case "reduce_sum":
            return [first.sum(tuple(d + 1 for d in params["axes"]))]
    return [first.reshape(shape)]  # reshape and squeeze


def _elementwise(name, call, inputs, outputs, tangents, columns):
    """Sum over operands of a local derivative, taken once, times the operand's columns."""
    terms = []
    for i, t in enumerate(tangents):
        if t is None:
            continue
        values = t.values
        if name == "neg" or (name == "sub" and i == 1):
            values = lax.neg(values)
        elif name not in {"add", "add_any", "sub"}:
            local = _local_derivative(name, call, inputs, outputs[0].array, i)
            values = lax.mul(*_same_shape(values, local[None].astype(values.dtype)))
        terms.append(_spread(Tangent(t.columns, values), columns))
    total = reduce(lambda a, b: lax.add(*_same_shape(a, b)), terms)
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
    """Any other primitive: its own tangent rule, applied to each column."""
    moving = [i for i, t in enumerate(tangents) if t is not None]
    dtype = tangents[moving[0]].values.dtype
    arrays = [v.array for v in inputs]

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
