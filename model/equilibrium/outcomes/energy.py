"""Electricity, its prices, capacities and scarcity rents, and copper."""

import numpy as np

from model.core.axes import BUILD, SECTOR, TECHNOLOGY
from model.core.outcomes import POSITIVE, SHARE, outcome
from model.core.types import Real
from model.equilibrium.accounts import COMPONENTS
from model.equilibrium.outcomes.observed import DOLLARS, Observed

AI = SECTOR.index("A")
COMPONENTS_OF_BUILD = {
    "IA": ["ai_investment"],
    "K": ["generation_gas", "generation_nuclear", "generation_renewable"],
    "G": ["grid"],
    "X": ["interconnection"],
    "B": ["on_site_power"],
}
BUILT = np.array([[component in COMPONENTS_OF_BUILD[b] for b in BUILD.symbols] for component in COMPONENTS], float)
TWH = "TWh a year, without trend"


@outcome(TWH, possible=POSITIVE)
def electricity(o: Observed) -> Real:
    """Electricity."""
    return o.units.electricity_twh_a_year * o.electricity


@outcome("% of electricity", possible=SHARE)
def electricity_datacentre_share(o: Observed) -> Real:
    """Data centres in electricity."""
    return 100 * o.x.production.data_centre_electricity / o.electricity


@outcome("% of the electricity of data centres", possible=SHARE)
def on_site_share(o: Observed) -> Real:
    """On-site power of data centres."""
    return 100 * o.now.on_site_power.generation / o.x.production.data_centre_electricity


@outcome("% of electricity, crypto mining beyond that of 2025", possible=(-100.0, 100.0))
def mining_share(o: Observed) -> Real:
    """Crypto mining in electricity."""
    return 100 * (o.electricity - o.users.sum(1)) / o.electricity


@outcome(TWH, TECHNOLOGY, possible=POSITIVE)
def generation(o: Observed) -> Real:
    """Generation."""
    return o.units.electricity_twh_a_year * o.now.dispatch.generation


@outcome(TWH, TECHNOLOGY, possible=POSITIVE)
def capacity(o: Observed) -> Real:
    """Generating capacity."""
    return o.units.electricity_twh_a_year * o.x.energy.capacity


@outcome(TWH, TECHNOLOGY, possible=POSITIVE)
def under_construction(o: Observed) -> Real:
    """Capacity under construction."""
    return o.units.electricity_twh_a_year * o.x.energy.pipeline


@outcome("c/kWh, average of all that is sold", possible=POSITIVE)
def electricity_price(o: Observed) -> Real:
    """Retail electricity price."""
    return (o.now.electricity_prices.delivered * o.users).sum(1) / o.users.sum(1) / o.units.cent_a_kwh


@outcome("initial steady state = 100", possible=POSITIVE)
def fuel_price(o: Observed) -> Real:
    """Price of fuel for power plants."""
    return 100 * o.now.dispatch.fuel_price / o.base.dispatch.fuel_price


@outcome("c/kWh", possible=POSITIVE)
def wholesale_price(o: Observed) -> Real:
    """Wholesale electricity price."""
    return o.x.energy.wholesale_price / o.units.cent_a_kwh


@outcome(TWH, possible=POSITIVE)
def grid_capacity(o: Observed) -> Real:
    """Grid capacity."""
    return o.units.electricity_twh_a_year * o.x.energy.grid


@outcome(TWH, possible=POSITIVE)
def interconnection_capacity(o: Observed) -> Real:
    """Connected capacity of data centres."""
    return o.units.electricity_twh_a_year * o.x.energy.interconnection


@outcome("c/kWh", possible=POSITIVE)
def grid_rent(o: Observed) -> Real:
    """Rent of the grid."""
    return o.x.energy.grid_rent / o.units.cent_a_kwh


@outcome(DOLLARS)
def grid_rent_dollars(o: Observed) -> Real:
    """Rent of the grid in dollars."""
    return o.units.gdp_billions_a_year * o.x.energy.grid_rent * o.now.dispatch.electricity


@outcome("c/kWh", possible=POSITIVE, usual=(0.0, 25.0))
def interconnection_rent(o: Observed) -> Real:
    """Rent of a connection."""
    return o.x.energy.interconnection_rent / o.units.cent_a_kwh


@outcome(DOLLARS)
def interconnection_rent_dollars(o: Observed) -> Real:
    """Rent of connections in dollars."""
    connected = o.x.production.data_centre_electricity - o.now.on_site_power.generation
    return o.units.gdp_billions_a_year * o.x.energy.interconnection_rent * connected


@outcome("% of the base price of AI equipment", possible=POSITIVE)
def gpu_rent(o: Observed) -> Real:
    """Margin on chips."""
    return 100 * o.x.production.gpu_rent


@outcome(DOLLARS)
def gpu_rent_dollars(o: Observed) -> Real:
    """Margin on chips in dollars."""
    return o.units.gdp_billions_a_year * o.x.production.gpu_rent * o.now.cash_flows.equipment


@outcome(DOLLARS, BUILD)
def build_spending(o: Observed) -> Real:
    """Spending on capacity."""
    quantity, price = o.spent
    return o.units.gdp_billions_a_year * (quantity * price) @ BUILT


@outcome("metered over useful electricity", possible=(1.0, POSITIVE[1]))
def pue(o: Observed) -> Real:
    """Power usage effectiveness."""
    return o.now.power_usage_effectiveness


@outcome("base = 100", possible=POSITIVE)
def copper_price(o: Observed) -> Real:
    """Copper price."""
    return 100 * o.x.energy.copper_price
