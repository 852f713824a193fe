"""Field kinds of a block's three modules: parameters, instruments (exogenous paths) and variables (unknowns).

Each field carries its symbol in the paper, its unit and its axis, so that names, packing, tables and error messages
come from one place.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.axes import Axis
from model.core.namespace import namespace
from model.core.types import Real

Declared = type | dict[str, Any]  # a class of fields, or such classes by name


class Entry(NamedTuple):
    """One scalar of a module tree: `path` such as ("energy", "capacity"), `label` on its axis (empty if none)."""

    path: tuple[str, ...]
    label: str
    symbol: str
    unit: str
    metadata: Mapping[str, Any]

    @property
    def name(self) -> str:
        return ".".join(self.path) + (f"[{self.label}]" if self.label else "")


@jax.tree_util.register_pytree_with_keys_class
class ByName:
    """Parts by name, `p.energy.tariff`: a pytree whose names are chosen when it is made."""

    def __init__(self, **parts: Any):
        self.__dict__.update(parts)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def tree_flatten_with_keys(self) -> tuple[list[tuple[Any, Any]], tuple[str, ...]]:
        return [(jax.tree_util.GetAttrKey(name), part) for name, part in vars(self).items()], tuple(vars(self))

    @classmethod
    def tree_unflatten(cls, names: tuple[str, ...], parts: Any) -> "ByName":
        return cls(**dict(zip(names, parts, strict=True)))

    def __repr__(self) -> str:
        return f"ByName({', '.join(f'{name}={part!r}' for name, part in vars(self).items())})"


def _as_array(value):
    return value if value is None else jnp.asarray(value, dtype=float)


def _field(symbols, unit, axis, **metadata):
    symbols = tuple(symbols.format(s) for s in axis.symbols) if "{}" in symbols else tuple(symbols.split())
    if axis is not None and len(symbols) != len(axis):
        raise ValueError(f"axis {axis.name} has {len(axis)} labels, got symbols {symbols}")
    return eqx.field(
        converter=_as_array, default=None, metadata={"symbols": symbols, "unit": unit, "axis": axis, **metadata}
    )


def parameter(symbols: str, unit: str, axis: Axis | None = None) -> Any:
    """A number that does not move in time.

    `symbols` of an axis are one a label, or one for all with `{}` where the label's symbol stands. A matrix has one symbol
    and no axis.
    """
    return _field(symbols, unit, axis)


def instrument(
    symbols: str,
    unit: str,
    base: float,
    axis: Axis | None = None,
    *,
    low: float | None = None,
    high: float = np.inf,
    note: str = "",
    spends: bool = False,
) -> Any:
    """An exogenous path with its value at rest: base 1 multiplies, base 0 adds to, what it is named for.

    It lies between `low` and `high`; what multiplies cannot be negative. `note` tells people what it does not do. One that
    `spends` is a public programme.
    """
    low = (0.0 if base == 1.0 else -np.inf) if low is None else low
    return _field(symbols, unit, axis, base=base, low=low, high=high, note=note, spends=spends)


def unknown(symbols: str, unit: str, axis: Axis | None = None, *, log: bool = False, carried: bool = False) -> Any:
    """An endogenous variable that the solver finds. `log`: positive, solved in logs. `carried`: next quarter needs it."""
    return _field(symbols, unit, axis, log=log, carried=carried)


def entries(declared: Declared, path: tuple[str, ...] = ()) -> Iterator[Entry]:
    """All scalars of a class whose fields are made above, or of such classes by name, in order of declaration."""
    if isinstance(declared, dict):
        for name, module_class in declared.items():
            yield from entries(module_class, (*path, name))
        return
    for field in dataclasses.fields(declared):
        here = (*path, field.name)
        axis: Axis | None = field.metadata["axis"]
        labels = axis.labels if axis else ("",)
        for label, symbol in zip(labels, field.metadata["symbols"], strict=True):
            yield Entry(here, label, symbol, field.metadata["unit"], field.metadata)


class Layout:
    """Packs levels into one vector of solver coordinates (logs where declared) and back.

    `declared` is a class of fields, or such classes by the name of their block; levels are a module, or modules `ByName`.
    """

    def __init__(self, declared: Declared, keep: Callable[[Mapping[str, Any]], bool] = lambda metadata: True):
        self.declared = declared
        self.entries = [e for e in entries(declared) if keep(e.metadata)]
        self.symbols = tuple(e.symbol for e in self.entries)
        self.log = np.array([e.metadata.get("log", False) for e in self.entries])
        self._slices: dict[tuple[str, ...], tuple[int, int]] = {}
        for position, entry in enumerate(self.entries):
            start, _ = self._slices.get(entry.path, (position, 0))
            self._slices[entry.path] = (start, position + 1)

    def __len__(self) -> int:
        return len(self.entries)

    def index(self, symbol: str) -> int:
        return self.symbols.index(symbol)

    def unpack(self, vector: Float[Real, "unknowns ..."]) -> Any:
        """Levels, shape (axis,) or () each, from a vector; fields left out are None."""
        return self._build(self.declared, (), vector)

    def _build(self, declared, path, vector):
        if isinstance(declared, dict):
            return ByName(**{name: self._build(part, (*path, name), vector) for name, part in declared.items()})
        return declared(**{f.name: self._leaf(f, (*path, f.name), vector) for f in dataclasses.fields(declared)})

    def _leaf(self, field, path, vector):
        if path not in self._slices:
            return None
        start, stop = self._slices[path]
        part = vector[start] if field.metadata["axis"] is None else vector[start:stop]
        return namespace(part).exp(part) if field.metadata.get("log", False) else part

    def pack(self, module: Any) -> Float[Real, "unknowns"]:
        """Vector of solver coordinates from a module tree of levels."""
        parts = []
        for path in dict.fromkeys(e.path for e in self.entries):
            leaf = module
            for name in path:
                leaf = getattr(leaf, name)
            if leaf is None:
                raise ValueError(f"{'.'.join(path)}: has no value; expected one of shape (axis,) or ()")
            parts.append(leaf)
        xp = namespace(*parts)
        return self.to_coordinates(xp.concatenate([xp.atleast_1d(part) for part in parts]))

    def to_coordinates(self, levels: Float[Real, "... unknowns"]) -> Float[Real, "... unknowns"]:
        """Logs where declared."""
        xp = namespace(levels)
        return xp.where(self.log, xp.log(xp.where(self.log, levels, 1.0)), levels)

    def to_levels(self, coordinates: Float[Real, "... unknowns"]) -> Float[Real, "... unknowns"]:
        """Inverse of `to_coordinates`."""
        xp = namespace(coordinates)
        return xp.where(self.log, xp.exp(xp.where(self.log, coordinates, 0.0)), coordinates)
