"""Many independent problems (lanes) in one compiled program, spread over the devices of the machine.

Every core of the processor is a device of its own, so are the GPUs; a device takes its lanes one after another, or
`width` at a time where wide arithmetic is what it likes.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import jax
import numpy as np
from jax import lax
from jax.sharding import Mesh
from jax.sharding import PartitionSpec as Spec
from jaxtyping import Int

Lane = TypeVar("Lane")

AXIS = "lanes"
LANES_A_CALL = 8  # of each device that takes them one after another


def across_lanes(
    function: Callable[[Any, Any], Any], devices: Sequence[Any], width: int | None = None
) -> Callable[[Any, Any], Any]:
    """`run(shared, lanes)`, to be compiled: `function(shared, lane)` for each entry of the leading axis of `lanes`.

    The number of lanes is a multiple of `len(devices)`, as `over_lanes` sees to.
    """

    def own_share(shared, lanes):
        return lax.map(lambda lane: function(shared, lane), lanes, batch_size=width)

    mesh = Mesh(np.array(devices), (AXIS,))
    return jax.shard_map(own_share, mesh=mesh, in_specs=(Spec(), Spec(AXIS)), out_specs=Spec(AXIS), check_vma=False)


def lanes_at_once(devices: Sequence[Any], width: int | None) -> int:
    """Lanes of one call of a program made by `across_lanes`."""
    return len(devices) * (width or LANES_A_CALL)


def over_lanes(
    program: Callable[[Any, Any], Any],
    shared: Any,
    lanes: Sequence[Any],
    devices: Sequence[Any],
    width: int | None,
) -> list[Any]:
    """The answers of `program`, made by `across_lanes`, for a list of lanes: on the host, one by one.

    Lanes go in blocks of one size, so that their number does not make another program.
    """
    block = lanes_at_once(devices, width)
    answers = []
    for first in range(0, len(lanes), block):
        part = lanes[first : first + block]
        padded = [*part, *[part[0]] * (block - len(part))]
        found = jax.device_get(program(shared, stacked(padded)))
        answers += [lane_of(found, i) for i in range(len(part))]
    return answers


def stacked(lanes: Sequence[Lane]) -> Lane:
    """Pytrees of equal structure as one with a leading axis."""
    return jax.tree.map(lambda *leaves: np.stack([np.asarray(leaf) for leaf in leaves]), *lanes)


def lane_of(lanes: Lane, i: int | Int[np.ndarray, "..."]) -> Lane:
    """One entry of the leading axis."""
    return jax.tree.map(lambda leaf: leaf[i], lanes)
