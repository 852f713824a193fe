"""What outcomes are made of."""

from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Float

from model.core.fields import ByName
from model.core.types import Real
from model.core.units import Units
from model.equilibrium.accounts import Accounts, as_measured, expenditure, fisher_index
from model.households.groups import heads

DOLLARS = "billion dollars of 2025 a year, without trend"  # at the size of the economy in the initial steady state


class Observed:
    """What outcomes are made of: the initial steady state and the quarters after it, `now`; a quarter of the former, `base`."""

    def __init__(self, p: ByName, now: Any, base: Any, books: Accounts, units: Units):
        self.p, self.now, self.base, self.books, self.units = p, now, base, books, units

    @property
    def x(self) -> ByName:
        """Unknowns."""
        return self.now.x

    @property
    def gdp(self) -> Float[Real, "quarter"]:
        """At current prices."""
        return self.books.gdp

    @cached_property
    def spent(self) -> tuple[Real, Real]:
        """Quantities and prices `(T + 1, component)` of all that is spent on."""
        return jax.vmap(expenditure, (None, 0))(self.p, self.now)

    @cached_property
    def base_spent(self) -> tuple[Real, Real]:
        """The same `(component,)` of the initial steady state."""
        return expenditure(self.p, self.base)

    @cached_property
    def real_gdp(self) -> Float[Real, "quarter"]:
        """Over the initial steady state."""
        return fisher_index(*self.spent, *self.base_spent)

    @cached_property
    def measured_gdp(self) -> Float[Real, "quarter"]:
        """The same as statistics have it that miss the fall of the price of AI services."""
        return fisher_index(*as_measured(*self.spent), *as_measured(*self.base_spent))

    @property
    def electricity(self) -> Float[Real, "quarter"]:
        """What the grid carries and what data centres make for themselves."""
        return self.now.dispatch.electricity + self.now.on_site_power.generation

    @cached_property
    def users(self) -> Float[Real, "quarter user"]:
        """Electricity of firms, households and data centres."""
        now = self.now
        data_centres = self.x.production.data_centre_electricity
        return jnp.stack([now.traditional.electricity, now.spending.electricity, data_centres], 1)

    @cached_property
    def people(self) -> Float[Real, "group"]:
        """Heads."""
        return heads(self.p.households)
