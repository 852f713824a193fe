"""What the model reports: outcomes by name, label and unit, computed from the quarters of a solved path."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from model.compute.programs import program
from model.core.axes import (
    AGE,
    ASSET,
    HOLDING,
    SECTOR,
    SKILL,
)  # fmt: skip
from model.core.units import CENT_A_KWH, ELECTRICITY_TWH_A_YEAR, GDP_DOLLARS_A_YEAR, QUARTERS_A_YEAR, percent_a_year
from model.distribution.mixture import gini, share_below, top_share
from model.distribution.poverty import Prices, childcare_to_rent, family_dollars, lines
from model.equilibrium.accounts import CONSUMED, Accounts, accounts, expenditure, fisher_index
from model.equilibrium.growth import growth_contributions
from model.equilibrium.welfare import gains, mean_gain
from model.households.groups import heads
from model.solvers.path import quarters

BILLION = 1e9
AI = SECTOR.index("A")
LIQUID, BONDS = ASSET.index("b"), ASSET.index("B")


class Report(NamedTuple):
    """`values` is {outcome: (T,) or (T, label)}; `accounts` are arrays over time; `products` are rent times slack.

    `initial` is {outcome: () or (label,)} of the initial steady state, which would last for ever.
    """

    values: dict
    initial: dict
    accounts: Accounts
    products: jax.Array


@program
def reporter(economy):
    """Compiled `report` of `report_on`."""
    return report_on(economy)


def report_on(economy, distribution=True):
    """`report(problem, path, initial, base_exogenous) -> Report`; `initial` is the base steady state `(n,)`.

    `distribution`: with poverty, inequality and top shares, which take longer than all the rest.
    """

    def report(problem, path, initial, base_exogenous):
        p = problem.parameters
        now = jax.tree.map(lambda a: a[:-1], quarters(economy, problem, path))
        base = economy.quarter(p, base_exogenous, base_exogenous, initial[economy.carried], initial)
        both = jax.tree.map(lambda one, many: jnp.concatenate([one[None], many]), base, now)
        books = jax.vmap(accounts, (None, 0))(p, both)
        found = _outcomes(p, both, base, books) | (_distribution(p, both, base) if distribution else {})
        gained = gains(p, both.x.households.spending, both.spending.spender, both.x.households.wealth)
        nothing = jax.tree.map(jnp.zeros_like, gained)
        values = {name: value[1:] for name, value in (found | _welfare(p, gained)).items()}
        rest = {name: value[0] for name, value in (found | _welfare(p, nothing)).items()}
        return Report(values, rest, jax.tree.map(lambda a: a[1:], books), now.bounds.products)

    return report


def _outcomes(p, now, base, books):
    """By name, over the initial steady state and the quarters after it."""
    spent, base_spent = jax.vmap(expenditure, (None, 0))(p, now), expenditure(p, base)
    real = fisher_index(*spent, *base_spent)
    consumed = fisher_index(*(a[:, :CONSUMED] for a in spent), *(a[:CONSUMED] for a in base_spent))
    gdp, x, e = books.gdp, now.x, now.e
    growth = p.production.trend_growth
    cents, twh = 1 / CENT_A_KWH, ELECTRICITY_TWH_A_YEAR
    dollars = GDP_DOLLARS_A_YEAR / BILLION
    E = now.dispatch.electricity
    users = jnp.stack([now.traditional.electricity, now.spending.electricity, x.production.data_centre_electricity], 1)
    price = jnp.stack([now.final_good.traditional_price, x.production.ai_price], 1)
    output = jnp.stack([now.traditional.output, now.ai.output], 1)
    cost = jnp.stack([now.traditional.marginal_cost, now.ai.marginal_cost], 1)
    base_output = jnp.stack([base.traditional.output, base.ai.output])
    previous = jnp.concatenate([jnp.ones(1), real[:-1]])
    varpi, lag_debt = now.lag_supply.bond_share, now.lag.government.public_debt
    service = ((1 - varpi) * now.returns[:, LIQUID] + varpi * now.returns[:, BONDS] - growth) * lag_debt / growth
    transfers = (p.households.savers + p.households.spenders) @ now.benefits.transfer.reshape(len(gdp), -1).T
    outlays = (now.fiscal.purchases + transfers) / now.fiscal.scale + now.cash_flows.subsidies
    outlays = outlays + now.fiscal.childcare_subsidy * now.spending.childcare
    wealth = (p.households.savers * x.households.wealth).reshape(len(gdp), len(AGE), len(SKILL))
    bond_yield = p.portfolio.bond_coupon / x.portfolio.bond_price - p.portfolio.bond_decay
    added = growth_contributions(*spent, *base_spent, growth)
    held = (wealth[..., None] * now.shares.group.reshape(*wealth.shape, len(ASSET))).sum(2)
    rents = {
        "grid_rent": (x.energy.grid_rent, E),
        "interconnection_rent": (x.energy.interconnection_rent, x.production.data_centre_electricity),
    }
    values = {
        "gdp_real": 100 * real,
        "gdp_growth_annual": 100 * ((real / previous * growth) ** QUARTERS_A_YEAR - 1),
        "consumption": 100 * consumed,
        "unemployment": 100 * now.labour.mean_unemployment,
        "inflation_annual": percent_a_year(x.central_bank.inflation - 1),
        "policy_rate_annual": percent_a_year(x.central_bank.policy_rate),
        "bill_rate_annual": percent_a_year(
            x.central_bank.policy_rate + p.portfolio.deposit_spread + e.portfolio.liquid_spread
        ),
        "natural_rate_annual": percent_a_year(p.central_bank.natural_rate + e.central_bank.natural_rate - 1),
        "labour_share": 100 * now.labour.wage_bill / gdp,
        "ai_capex_share": 100 * now.investment.gross_price[:, AI] * now.cash_flows.equipment / gdp,
        "ai_revenue_share": 100 * x.production.ai_price * now.ai.output / gdp,
        "output": 100 * output / base_output,
        "relative_price": price,
        "profit_share": 100 * (price - cost) * output / gdp[:, None],
        "capital": x.production.capital,
        "q": x.production.capital_value,
        "market_cap": 100 * x.portfolio.market_value / QUARTERS_A_YEAR,
        "house_price": 100 * x.portfolio.house_price,
        "wage": 100 * x.production.wage / base.x.production.wage,
        "unemployment_by_skill": 100 * now.labour.unemployment,
        "automated_share": 100 * now.tasks.automated_share,
        "income": now.spending.income,
        "spender_spending": now.spending.spender,
        "wealth": x.households.wealth,
        "wealth_share_by_age": 100 * wealth.sum(2) / wealth.sum((1, 2))[:, None],
        "wealth_share_by_skill": 100 * wealth.sum(1) / wealth.sum((1, 2))[:, None],
        "return": percent_a_year(now.group_return - 1),
        "portfolio": 100 * (held / wealth.sum(2)[..., None]).reshape(len(gdp), len(HOLDING)),
        "inequality": now.inequality,
        "electricity": twh * E,
        "electricity_datacentre_share": 100 * x.production.data_centre_electricity / E,
        "mining_share": 100 * (E - users.sum(1)) / E,
        "generation": twh * now.dispatch.generation,
        "capacity": twh * x.energy.capacity,
        "under_construction": twh * x.energy.pipeline,
        "electricity_price": cents * (now.electricity_prices.delivered * users).sum(1) / users.sum(1),
        "wholesale_price": cents * x.energy.wholesale_price,
        "grid_capacity": twh * x.energy.grid,
        "interconnection_capacity": twh * x.energy.interconnection,
        **{name: cents * rent for name, (rent, _) in rents.items()},
        **{f"{name}_dollars": dollars * rent * used for name, (rent, used) in rents.items()},
        "gpu_rent": 100 * x.production.gpu_rent,
        "gpu_rent_dollars": dollars * x.production.gpu_rent * now.investment.spending[:, AI],
        "pue": now.power_usage_effectiveness,
        "copper_price": 100 * x.energy.copper_price,
        "public_debt_share": 100 * x.government.public_debt / (QUARTERS_A_YEAR * gdp),
        "bond_share": 100 * now.fiscal.bond_share,
        "tax_rate": 100 * now.fiscal.labour_tax,
        "political_pressure": x.government.political_pressure,
        "imported_share": 100 * p.rest_of_world.import_share * e.rest_of_world.import_share,
        "premium": 100 * QUARTERS_A_YEAR * x.portfolio.premium,
        "bond_yield_annual": percent_a_year(bond_yield),
        "growth_contribution": 100 * QUARTERS_A_YEAR * added,
        "programme_outlays": 100 * outlays,
        "debt_service": 100 * service,
    }
    return values


def _welfare(p, gained):
    """Gains in % over the initial steady state, by what brings them."""
    parts = {"": gained.whole, "_from_spending": gained.spending, "_from_wealth": gained.wealth}
    of_groups = {f"welfare{part}": logs for part, logs in parts.items()}
    of_all = {f"welfare_of_all{part}": mean_gain(p, logs) for part, logs in parts.items()}
    return {name: 100 * jnp.expm1(logs) for name, logs in (of_groups | of_all).items()}


def _distribution(p, now, base):
    """Poverty, inequality and affordability, see `model.distribution`."""
    d, people = p.distribution, heads(p.households)
    spread = jnp.repeat(d.income_dispersion, len(SKILL))
    income, owned = now.spending.income, now.x.households.wealth
    cost = now.final_good.traditional_price * (1 - now.fiscal.childcare_subsidy)
    base_cost = base.final_good.traditional_price * (1 - base.fiscal.childcare_subsidy)
    prices = Prices(cost / base_cost, now.spending.rent / base.spending.rent)
    quarter = jnp.maximum(jnp.arange(len(cost)) - 1.0, 0.0)
    line = jax.vmap(lines, (None, 0, 0, None))(d, prices, quarter, p.production.trend_growth)
    family = family_dollars(d, income)
    below = share_below(line[..., None], family[:, None], spread)
    by_age = (income * people).reshape(-1, len(AGE), len(SKILL)).sum(2)
    home = (now.x.portfolio.house_price * now.x.production.housing / people.sum())[:, None]
    ages = people.reshape(len(AGE), len(SKILL)).sum(1)
    young_low, young_middle = SKILL.index("L"), SKILL.index("M")
    mean_owned = owned * p.households.savers / people
    tops = jax.vmap(jax.vmap(top_share, (None, 0, None, None)), (None, 0, 0, 0))(
        people,
        jnp.stack([income, mean_owned]),
        jnp.stack([spread, jnp.full_like(spread, d.wealth_dispersion)]),
        jnp.stack([d.income_tail, d.wealth_tail]),
    )
    return {
        "affordability": home / (QUARTERS_A_YEAR * by_age / ages),
        "rent": 100 * prices.rent,
        "childcare_price": 100 * prices.childcare,
        "childcare_to_rent": jax.vmap(childcare_to_rent, (None, 0))(d, prices),
        "poverty_line": line,
        "poverty": 100 * below @ people / people.sum(),
        "poverty_of_young_low": 100 * below[..., young_low],
        "poverty_of_young_middle": 100 * below[..., young_middle],
        "gini": jax.vmap(gini, (None, 0, None))(people, income, spread),
        "top_income_share": 100 * tops[0],
        "top_wealth_share": 100 * tops[1],
    }
