"""Many daily paths: one compiled scan over days, in blocks of paths that are spread over the devices.

Every path has random numbers of its own, from the seed and its number alone, and every block the same shape: a path is
the same, to the last bit, in a batch of any size on the processor.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float

from model.compute.programs import program
from model.core.types import Real
from model.core.units import DAYS_A_QUARTER
from model.markets.day import NORMALS, UNIFORMS, Calendar, Day, Switches, rest, trading_day
from model.markets.declarations import FLOW, Core, Parameters
from model.markets.flows import buyback_weights
from model.solvers.batch.lanes import across_lanes

BLOCK = 250  # paths that go through the days together


class Setting(NamedTuple):
    """What all paths share."""

    parameters: Parameters
    core: Core
    switches: Switches
    key: jax.Array


class Block(NamedTuple):
    first: Real  # number of its first path
    drift: Real  # [log] (BLOCK, quarters), change of prices over each quarter that the core brings


def everything_on() -> Switches:
    """Switches with all sources of price changes."""
    return Switches(np.float64(1), np.float64(1), np.ones(len(FLOW)))


def without(*flows: int) -> Switches:
    """Switches without these flows, or without any if none is named."""
    off = list(flows) or slice(None)
    left = np.ones(len(FLOW))
    left[off] = 0.0
    return everything_on()._replace(flows=left)


def simulate(
    parameters: Parameters,
    core: Core,
    seed: int,
    paths: int,
    switches: Switches | None = None,
    drift: Float[np.ndarray, "path quarter"] | None = None,
) -> Day:
    """`Day` of all days, arrays `(days, ..., paths)` on the host.

    `core` is a `declarations.Core`, whose quarters are those of the simulation; `drift` `(paths, quarters)` is what the core's
    answer to flows adds to prices over each quarter, zero if None.
    """
    quarters = len(core.log_value)
    setting = Setting(parameters, core, switches or everything_on(), jax.random.key(seed))
    devices = tuple(jax.devices())
    step = BLOCK * len(devices)
    whole = -(-paths // step) * step
    drifts = np.zeros((whole, quarters))
    if drift is not None:
        drifts[:paths] = drift
    program, found = _program(devices), []
    for first in range(0, whole, step):
        starts = first + BLOCK * np.arange(len(devices))
        blocks = Block(starts, drifts[first : first + step].reshape(len(devices), BLOCK, quarters))
        found.append(jax.device_get(program(setting, blocks)))
    return jax.tree.map(lambda *parts: _joined(parts)[..., :paths], *found)


def _joined(parts):
    """Blocks `(devices, days, ..., BLOCK)` as `(days, ..., paths)`."""
    return np.concatenate([block for part in parts for block in part], axis=-1)


@program
def _program(devices):
    return across_lanes(simulate_block, devices)


def simulate_block(setting: Setting, block: Block) -> Day:
    """`Day` of all days of one block, arrays `(days, ..., BLOCK)`."""
    p = setting.parameters
    calendar = calendar_of(p, setting.core, block.drift)
    keys = jax.vmap(lambda i: jax.random.fold_in(setting.key, i))(block.first + jnp.arange(len(block.drift)))
    shocks = jnp.moveaxis(jax.vmap(lambda key: _shocks(key, len(calendar.log_value)))(keys), 0, -1)
    exposure = jnp.minimum(p.largest_exposure, p.target_volatility / p.volatility)
    start = rest(p, block.drift.shape[:1], setting.core.log_value_before, exposure)

    def advance(state, today):
        return trading_day(p, setting.switches, state, *today)

    return lax.scan(advance, start, (calendar, shocks))[1]


def _shocks(key, days):
    """Random numbers of one path `(days, NORMALS + UNIFORMS)`."""
    normal, uniform = jax.random.split(key)
    return jnp.concatenate(
        [jax.random.normal(normal, (days, NORMALS)), jax.random.uniform(uniform, (days, UNIFORMS))], 1
    )


def calendar_of(p: Parameters, core: Core, drift: Float[Real, "path quarter"]) -> Calendar:
    """`Calendar` with leading axis the days: the core's path between the ends of quarters, and the buybacks of each day."""
    value = jnp.concatenate([jnp.expand_dims(core.log_value_before, 0), core.log_value])
    share = (jnp.arange(DAYS_A_QUARTER) + 1) / DAYS_A_QUARTER
    log_value = (value[:-1, None] + (value[1:] - value[:-1])[:, None] * share).ravel()
    core_return = jnp.repeat(value[1:] - value[:-1], DAYS_A_QUARTER) / DAYS_A_QUARTER
    bought = p.buyback_share * core.payout
    daily = (bought[:, None] * buyback_weights(p)).ravel()
    odds = jnp.log(core.cut_odds / (1 - core.cut_odds))
    return Calendar(
        log_value,
        core_return,
        jnp.repeat(drift.T / DAYS_A_QUARTER, DAYS_A_QUARTER, axis=0),
        daily,
        jnp.repeat(bought / DAYS_A_QUARTER, DAYS_A_QUARTER),
        jnp.repeat(odds, DAYS_A_QUARTER),
    )


def quiet_core(market_value: float, payout: float, quarters: int) -> Core:
    """A core whose equity neither grows nor falls: market value and quarterly payout in trillions of dollars."""
    log_value = np.full(quarters, np.log(market_value))
    return Core(np.log(market_value), log_value, np.full(quarters, payout), np.full(quarters, 0.5))
