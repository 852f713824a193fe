"""What every solved path of the full model conserves: the reference baseline and a counterfactual."""

from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from experiments.verify.reference import SMOOTHING, reference_paths
from experiments.verify.rows import row
from experiments.verify.tolerances import ACCOUNTS, CONVERGED, EXACT, LIMIT
from model.core.axes import ASSET
from model.equilibrium.accounts import Accounts, accounts
from model.equilibrium.cash_flows import cash_flows
from model.equilibrium.economy import reference
from model.households.groups import heads
from model.solvers.path import quarters

BOUNDS = ("grid", "interconnection", "gpu")


class Evidence(NamedTuple):
    """Gaps by quarter, zero where something is conserved; rents, and their products with slack."""

    accounts: Accounts
    asset_rows: Array  # (T, asset), demand less supply
    copper_market: Array  # supply at the price less demand
    copper_payments: Array  # paid in prices of equipment less received by mines
    grid_rent: Array  # received by firms less paid by households, per unit of rent
    interconnection_cash: Array  # cash that moves with the shadow price
    mass: Array  # of people
    rents: Array  # (T, 3)
    products: Array  # (T, 3)


@jax.jit
def evidence(problem, path):
    """Evidence of every quarter of a path."""
    p = problem.parameters
    now = jax.tree.map(lambda a: a[:-1], quarters(reference(), problem, path))
    return jax.vmap(_quarter_evidence, (None, 0))(p, now)


def _quarter_evidence(p, now):
    supply, copper_price, en = now.supply, now.x.energy.copper_price, now.x.energy
    offered = jnp.concatenate([jnp.stack([supply.liquid, supply.bonds]), supply.risky])
    return Evidence(
        accounts=accounts(p, now),
        asset_rows=now.asset_demand - offered,
        copper_market=p.energy.base_copper * copper_price**p.energy.copper_supply_elasticity - now.copper.demand,
        copper_payments=_copper_payments(p, now) - copper_price * (now.copper.demand - p.energy.other_copper),
        grid_rent=_cash_by_price(p, now, 1.0, 0.0) - now.spending.electricity,
        interconnection_cash=_cash_by_price(p, now, 0.0, 1.0),
        mass=heads(p.households).sum(),
        rents=jnp.stack([en.grid_rent, en.interconnection_rent, now.x.production.gpu_rent]),
        products=now.bounds.products,
    )


def _copper_payments(p, now):
    """Copper's part of what is paid for equipment, plants and wires."""
    equipment = p.production.equipment_copper * now.cash_flows.equipment
    plants, wires = (p.energy.build_copper * now.generation.cost).sum(), p.energy.grid_copper * now.grid.cost
    return now.x.energy.copper_price * (equipment + plants + wires)


def _cash_by_price(p, now, delivered, shadow):
    """Change of both sectors' cash flow when what users pay for electricity, or its shadow price, moves."""

    def cash(size):
        prices = now.electricity_prices
        prices = prices._replace(
            delivered=prices.delivered + size * delivered, data_centre_shadow=prices.data_centre_shadow + size * shadow
        )
        return cash_flows(p, now._replace(electricity_prices=prices)).pre_tax.sum()

    return jax.jvp(cash, (0.0,), (1.0,))[1]


@cache
def _evidence(name):
    solution = reference_paths()[name]
    return jax.tree.map(np.asarray, evidence(solution.problem, jnp.asarray(solution.path)))


def _rows(name):
    solution, found = reference_paths()[name], _evidence(name)
    books, source, product = found.accounts, "identity", SMOOTHING**2

    def here(case, *rest, **scale):
        return row(f"{name}: {case}", *rest, **scale)

    def zero(case, gap):
        return here(case, source, 0.0, gap, ACCOUNTS)

    return [
        here("converged", "equations 1 to 73", 1, solution.outcome.converged, EXACT),
        here("largest residual", "equations 1 to 73", 0.0, solution.residual, CONVERGED),
        zero("goods market, left out of the system (Walras)", books.goods_market),
        zero("GDP by expenditure less by income", books.gdp_gap),
        zero("wealth of all holders less all that is held", books.flow_of_funds),
        zero("generation less use of electricity", books.electricity_gap),
        zero("wealth through ageing and bequests", books.wealth_conserved),
        *(zero(f"{label}: holders less supply", found.asset_rows[:, i]) for i, label in enumerate(ASSET.labels)),
        zero("copper supply less demand", found.copper_market),
        zero("copper: paid less received", found.copper_payments),
        zero("grid rent: received by firms less paid by households", found.grid_rent),
        zero("interconnection rent moves no cash", found.interconnection_cash),
        here("people", source, 1.0, found.mass, ACCOUNTS),
        *(
            here(f"{bound} rent times slack = eps^2", source, product, found.products[:, i], LIMIT, scale=product)
            for i, bound in enumerate(BOUNDS)
        ),
        *(
            here(
                f"{bound}, quarters with rent and slack positive", source, len(found.rents), _positive(found, i), EXACT
            )
            for i, bound in enumerate(BOUNDS)
        ),
    ]


def _positive(found, i):
    return int(((found.rents[:, i] > 0) & (found.products[:, i] > 0)).sum())


def baseline():
    """The reference baseline: T = 240, eps = 1e-3, ending in the terminal steady state."""
    return _rows("baseline")


def counterfactual():
    """A subsidy to AI equipment of 10 % for five years, on top of the baseline."""
    return _rows("ai_subsidy")


CASES = (baseline, counterfactual)
