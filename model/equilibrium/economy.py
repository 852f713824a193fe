"""Economies as values: blocks that meet in the stages of a quarter, on the protocol of the solvers."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from itertools import zip_longest
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from model.central_bank.block import CENTRAL_BANK
from model.central_bank.remembered_gap import REMEMBERED_GAP
from model.core.blocks import Block
from model.core.equations import EquationRegister
from model.core.fields import ByName, Layout
from model.core.types import Real, Scalar
from model.core.units import UNITS_OF_2025, Units
from model.distribution.block import DISTRIBUTION
from model.energy.block import ENERGY
from model.energy.network_tariff import NETWORK_TARIFF
from model.energy.on_site_power import ON_SITE_POWER
from model.equilibrium import stages as meeting
from model.equilibrium.quarter import Quarter, quarter
from model.government.block import GOVERNMENT
from model.households.balances import BALANCES
from model.households.block import HOUSEHOLDS
from model.households.tastes import RELATIVE_TASTES
from model.portfolio.ai_debt import AI_DEBT
from model.portfolio.block import PORTFOLIO
from model.production.adoption import ADOPTION
from model.production.block import PRODUCTION, WITHOUT_CHIP_LIMIT
from model.production.chips import PRICED_CHIPS
from model.production.investment_inertia import INVESTMENT_INERTIA
from model.rest_of_world.ai_exports import AI_EXPORTS
from model.rest_of_world.block import REST_OF_WORLD
from model.solvers.jacobian.block_triangular import Block as Eliminated
from model.solvers.protocol import Pinned

KINKED = ("grid", "interconnection", "gpu_limit")
UNITS_OF_2022 = Units(2023, 28.3e12, 4070.0)  # before the news of AI; GDP of 2022 at prices of 2025
PINNED = ("pi", "rstar")  # the steady state has the inflation target and finds the natural rate


class Economy:
    """Blocks and the `stages` in which they meet, functions `(p, now) -> {name: object}`; see `solvers.protocol.Economy`.

    Two economies of the same blocks and stages are equal, and programs compiled for one serve the other.
    """

    def __init__(
        self,
        blocks: Iterable[Block],
        stages: tuple[Callable[[ByName, Any], dict[str, Any]], ...],
        kinked: tuple[str, ...] = KINKED,
        pinned: tuple[str, str] = PINNED,
        units: Units = UNITS_OF_2025,
    ) -> None:
        self.blocks_by_name = {block.name: block for block in blocks}
        self.stages, self.units = stages, units
        self.variables = Layout(_declared(blocks, "variables"))
        self.carried_variables = Layout(_declared(blocks, "variables"), keep=lambda metadata: metadata["carried"])
        self.instruments = Layout(_declared(blocks, "instruments"))
        self.register = EquationRegister(e for block in blocks for e in block.equations)
        self.expected = tuple(e for block in blocks for e in block.expectations)
        if twice := [e.name for k, e in enumerate(self.expected) if e.name in [o.name for o in self.expected[:k]]]:
            raise ValueError(f"expectation {twice[0]}: two blocks declare one of this name; give one another name")
        self._lengths = [len(e.axis) if e.axis else 1 for e in self.expected]
        self.expectation_count = sum(self._lengths)
        self.outcomes = tuple(o for block in blocks for o in block.outcomes)  # beside those of the whole economy
        self.carried = np.array([self.variables.index(s) for s in self.carried_variables.symbols])
        self.rows = self.register.rows
        self.kinked = tuple(i for i, row in enumerate(self.rows) if row.split()[1] in kinked)
        self.pinned = Pinned(self.variables.index(pinned[0]), self.instruments.index(pinned[1]))
        self._made_of = (tuple(blocks), tuple(stages), kinked, pinned, units)

    def __eq__(self, other):
        return isinstance(other, Economy) and self._made_of == other._made_of

    def __hash__(self):
        return hash(self._made_of)

    @cached_property
    def identity(self) -> str | None:
        """What tells the economy from others in every process; None if part of it is not of this package."""
        blocks, stages, *rest = self._made_of
        members = [member for block in blocks for member in block.members] + list(stages)
        if any(member.__module__.partition(".")[0] != __name__.partition(".")[0] for member in members):
            return None
        return " ".join([*(f"{m.__module__}.{m.__qualname__}" for m in members), str(rest), str(self.blocks)])

    @cached_property
    def at_rest(self) -> Float[np.ndarray, "instrument"]:
        """Instruments `(instruments,)` at their base values."""
        return np.array([e.metadata["base"] for e in self.instruments.entries])

    @cached_property
    def blocks(self) -> tuple[Eliminated, ...]:
        """The order of elimination, the core last."""
        levels = zip_longest(*(block.eliminated for block in self.blocks_by_name.values()), fillvalue=())
        explicit = tuple(self._eliminated([pair for pairs in level for pair in pairs]) for level in levels)
        rest = (
            set(range(len(self.variables))).difference(*(getattr(b, side) for b in explicit))
            for side in ("rows", "columns")
        )
        return *explicit, Eliminated(*(tuple(sorted(left)) for left in rest))

    def _eliminated(self, pairs):
        names = [row.split()[1] for row in self.rows]
        return Eliminated(
            tuple(names.index(row) for _, row in pairs), tuple(self.variables.index(symbol) for symbol, _ in pairs)
        )

    def with_smoothing(self, p: ByName, smoothing: Scalar) -> ByName:
        """Parameters with another eps in the complementarity conditions."""
        return eqx.tree_at(lambda tree: tree.smoothing, p, smoothing)

    def quarter(
        self,
        p: ByName,
        lag_e: Float[Real, "instrument"],
        e: Float[Real, "instrument"],
        lag: Float[Real, "carried"],
        x: Float[Real, "unknown"],
    ) -> Quarter:
        """All objects of a quarter; `lag` is `(carried,)`, `x` is `(n,)`, instruments are `(instruments,)`."""
        exogenous = (self.instruments.unpack(lag_e), self.instruments.unpack(e))
        return quarter(self.stages, p, *exogenous, self.carried_variables.unpack(lag), self.variables.unpack(x))

    def expectations(self, p: ByName, now: Quarter) -> Float[Array, "expectation"]:
        """Vector of the numbers that the previous quarter expects of this one."""
        return jnp.concatenate([jnp.atleast_1d(e.function(p, now)) for e in self.expected])

    def expected_at(self, p: ByName, now: Quarter) -> ByName:
        """The same numbers by name."""
        return self._by_name(self.expectations(p, now))

    def sides(self, now: Quarter) -> Float[Array, "kinked 2"]:
        """Rent and slack of each bound, `(kinked, 2)`."""
        return now.bounds.sides

    def residual(self, p: ByName, now: Quarter, lead: Float[Real, "expectation"]) -> Float[Array, "unknown"]:
        """The residuals `(n,)`, given this quarter's objects and the expected vector of the next."""
        return self.register.residual(p, now, self._by_name(lead))

    def _by_name(self, lead):
        ends = np.cumsum(self._lengths)
        parts = (lead[end - n : end] for n, end in zip(self._lengths, ends, strict=True))
        return ByName(**{e.name: part if e.axis else part[0] for e, part in zip(self.expected, parts, strict=True)})


def _declared(blocks, kind):
    return {block.name: getattr(block, kind) for block in blocks if getattr(block, kind)}


@cache
def reference(**exchanged: Block) -> Economy:
    """The reference economy of 73 unknowns a quarter; with blocks exchanged by name, `reference(central_bank=BLOCK)`."""
    blocks = {
        block.name: block
        for block in (
            PRODUCTION, ENERGY, HOUSEHOLDS, PORTFOLIO, GOVERNMENT, CENTRAL_BANK, REST_OF_WORLD, DISTRIBUTION,
        )
    }  # fmt: skip
    unknown = set(exchanged) - set(blocks)
    if unknown:
        raise ValueError(f"no block {sorted(unknown)[0]!r} to exchange; expected one of {', '.join(blocks)}")
    return assembled({**blocks, **exchanged})


@cache
def two_sector() -> Economy:
    """The reference economy with AI firms that export, chips at a price, adoption, power plants of data centres, debt of AI
    firms, inertia of investment, habits, relative tastes for wealth, balances of spenders, and tariffs of the grid over what it
    carries.
    """
    exchanged = reference(production=WITHOUT_CHIP_LIMIT, households=RELATIVE_TASTES).blocks_by_name
    added = (AI_EXPORTS, PRICED_CHIPS, ADOPTION, ON_SITE_POWER, AI_DEBT, INVESTMENT_INERTIA, NETWORK_TARIFF, BALANCES)
    return assembled({**exchanged, **{block.name: block for block in added}}, UNITS_OF_2022)


@cache
def two_sector_remembering() -> Economy:
    """The two-sector economy with a central bank that may follow the past: average inflation, or the level of spending."""
    blocks = two_sector().blocks_by_name
    return assembled({**blocks, REMEMBERED_GAP.name: REMEMBERED_GAP}, UNITS_OF_2022)


def assembled(blocks: Mapping[str, Block], units: Units = UNITS_OF_2025) -> Economy:
    """The economy of these blocks; what one alone decides follows the taxes, when prices and unemployment are known."""
    own = tuple(stage for block in blocks.values() for stage in block.stages)
    stages = (
        meeting.stocks_stage,
        meeting.production_stage,
        meeting.inflation_stage,
        meeting.fiscal_stage,
        *own,
        meeting.construction_stage,
        meeting.electricity_stage,
        meeting.cash_stage,
        meeting.portfolios_stage,
        meeting.public_stage,
    )
    return Economy(tuple(blocks.values()), stages, units=units)


ECONOMIES: dict[str, Callable[[], Economy]] = {
    "reference": reference,
    "two_sector": two_sector,
    "two_sector_remembering": two_sector_remembering,
}
