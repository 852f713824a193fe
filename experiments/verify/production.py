"""Production: CES nests, the automation nest, Hulten's theorem, Hayashi's and Gordon's values."""

from functools import cache

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from experiments.verify.reference import calibrated, initial_steady_state
from experiments.verify.roots import root
from experiments.verify.rows import row
from experiments.verify.tolerances import LIMIT, ROUNDING, SOLVED
from model.core.axes import SECTOR, SKILL
from model.core.fields import ByName
from model.core.formulas import ces_price
from model.equilibrium.economy import reference
from model.portfolio.returns import realised_returns
from model.production.ai import ai_firms
from model.production.chip_limit import Chips
from model.production.final_good import final_good
from model.production.investment import capital_payoff, investment
from model.production.tasks import task_bundle, tasks
from model.production.traditional import traditional_firms

T, A, HIGH = SECTOR.index("T"), SECTOR.index("A"), SKILL.index("H")
FIRMS_ELECTRICITY = 0.59
SHOCKS = (
    "productivity of traditional value added",
    "productivity of AI services, sales to tasks included",
    "electric efficiency of firms",
    "electric efficiency of data centres",
    "AI at tasks of the low-skilled, purchases over zeta",
    "AI at tasks of the middle-skilled, purchases over zeta",
)
WEIGHTS, PRICES = jnp.array([0.2, 0.3, 0.5]), jnp.array([1.7, 0.6, 1.1])


def ces_nests():
    """Limits of the unit cost, Shephard's lemma and the sum of cost shares."""
    source = "Arrow, Chenery, Minhas and Solow (1961)"
    near_one = jnp.array([ces_price(WEIGHTS, PRICES, 1 + side) for side in (1e-6, -1e-6)])
    rows = [
        row("unit cost at elasticity 1: Cobb-Douglas", source, jnp.prod(PRICES**WEIGHTS), near_one, LIMIT),
        row("unit cost at elasticity 0: Leontief", source, WEIGHTS @ PRICES, ces_price(WEIGHTS, PRICES, 0.0), ROUNDING),
        row("unit cost at elasticity 400: the cheapest", source, 0.6, ces_price(jnp.ones(3), PRICES, 400.0), ROUNDING),
    ]
    for sigma in (0.1, 0.25, 2.0, 5.0):
        cost, demand = jax.value_and_grad(lambda p, s=sigma: ces_price(WEIGHTS, p, s))(PRICES)
        formula = WEIGHTS * (PRICES / cost) ** -sigma
        rows += [
            row(
                f"demand is the gradient of unit cost, elasticity {sigma:g}",
                "Shephard (1953)",
                formula,
                demand,
                ROUNDING,
            ),
            row(
                f"cost shares add to one, elasticity {sigma:g}",
                "Euler's theorem",
                1.0,
                demand @ PRICES / cost,
                ROUNDING,
            ),
        ]
    return rows


def automation_nest():
    """The automated share is a cost share and the elasticity of the unit cost; pB = w (1 - share)^(1/zeta)."""
    wage, ai_price, zeta = jnp.array([0.7, 1.0, 1.9]), 0.8, 2.0
    capability = jnp.array([0.05, 0.4, 3.0])

    def log_cost(log_price):
        return jnp.log(task_bundle(capability, jnp.exp(log_price), wage, zeta)[1])

    share, cost = task_bundle(capability, ai_price, wage, zeta)
    elasticity = jax.jvp(log_cost, (jnp.log(ai_price),), (1.0,))[1]
    odds = jax.jvp(
        lambda z: jnp.log(_odds(task_bundle(capability, jnp.exp(z), wage, zeta)[0])), (jnp.log(ai_price),), (1.0,)
    )[1]
    p, e = _competitive(), calibrated_instruments()
    work = tasks(p, e, 0.8, wage, 0.6)
    bill = 0.8 * work.ai_services + wage * work.hours
    source = "Eaton and Kortum (2002), equation 8"
    return [
        row("pB = w (1 - Gam)^(1/zeta)", source, wage * (1 - share) ** (1 / zeta), cost, ROUNDING),
        row("d ln pB / d ln pA = Gam", "Shephard (1953)", share, elasticity, ROUNDING),
        row("d ln (Gam / (1 - Gam)) / d ln pA = -zeta", source, -zeta, odds, ROUNDING),
        row(
            "Gam is AI's share of the task bill", source, work.automated_share, 0.8 * work.ai_services / bill, ROUNDING
        ),
        row("task bills add to pL Lam", "Euler's theorem", work.labour_price * 0.6, bill.sum(), ROUNDING),
    ]


def _odds(share):
    return share / (1 - share)


def _competitive():
    """Calibrated production without markups."""
    production = calibrated().parameters.production
    return eqx.tree_at(lambda p: p.markup, production, jnp.ones(2))


def calibrated_instruments():
    return reference().instruments.unpack(initial_steady_state()[1]).production


def hulten():
    """d ln output / d ln Z = Domar weight, through the model's own production formulas without markups or taxes."""
    solved, slopes = _equilibrium_and_slopes()
    ai_price, _, output, _, electricity_price = _named(solved)
    _, work, firms, ai = _allocation(jnp.zeros(len(SHOCKS)), solved)
    ai_tasks = ai_price * work.ai_services / _competitive().task_elasticity
    compute_energy = ai.marginal_value_of_electricity * calibrated().initial.production.data_centre_electricity
    weights = (
        firms.value_added_price * firms.value_added,
        ai_price * ai.output,
        electricity_price * firms.electricity,
        compute_energy,
        *ai_tasks[:2],
    )
    return [
        row(f"Domar weight: {c}", "Hulten (1978)", w / output, s, SOLVED, scale=1e-3)
        for c, w, s in zip(SHOCKS, weights, slopes, strict=True)
    ]


@cache
def _equilibrium_and_slopes():
    """Logs of (pA, wages, output, labour composite, electricity price), and the slopes of output by the shocks."""
    x, none = calibrated().initial.production, jnp.zeros(len(SHOCKS))
    guess = jnp.log(
        jnp.concatenate([jnp.ones(1), x.wage, jnp.stack([x.final_output, x.labour_composite]), jnp.array([0.015])])
    )
    solved = root(lambda u, _: _excess(none, u), guess)
    by_shock, by_unknown = jax.jit(jax.jacfwd(_excess, (0, 1)))(none, solved)
    return solved, -jnp.linalg.solve(by_unknown, by_shock)[4]


def _named(unknowns):
    """AI price, wages, final output, labour composite, firms' electricity price."""
    levels = jnp.exp(unknowns)
    return levels[0], levels[1:4], levels[4], levels[5], levels[6]


def _shocked(log_changes):
    e, factor = calibrated_instruments(), jnp.exp(log_changes)
    moved = (factor[0], factor[1], factor[2], factor[3], factor[4:])
    return eqx.tree_at(
        lambda e: (
            e.traditional_productivity,
            e.ai_productivity,
            e.traditional_efficiency,
            e.compute_efficiency,
            e.task_capability,
        ),
        e,
        moved,
    )


def _allocation(log_changes, unknowns):
    """Demands and supplies of production alone, competitive, with the capital and electricity of the calibration."""
    p, e, x = _competitive(), _shocked(log_changes), calibrated().initial.production
    ai_price, wage, output, composite, electricity_price = _named(unknowns)
    capital = x.capital / p.trend_growth
    work = tasks(p, e, ai_price, wage, composite)
    firms = traditional_firms(p, e, capital[T], composite, work.labour_price, electricity_price)
    ai = ai_firms(p, e, ai_price, wage[HIGH], capital[A], x.data_centre_electricity, 1.0)
    return final_good(p, ai_price, output), work, firms, ai


def _excess(log_changes, unknowns):
    """Markets for both goods, hours and electricity, and price equal to marginal cost."""
    p = _competitive()
    goods, work, firms, ai = _allocation(log_changes, unknowns)
    hours = work.hours.at[HIGH].add(ai.hours) / (p.labour_supply * (1 - p.natural_unemployment))
    goods_ratio = firms.output / goods.traditional_demand, ai.output / (goods.ai_demand + work.ai_services.sum())
    price_ratio, electricity_ratio = (
        firms.marginal_cost / goods.traditional_price,
        firms.electricity / FIRMS_ELECTRICITY,
    )
    return jnp.log(jnp.stack([*goods_ratio, price_ratio, *hours, electricity_ratio]))


def hayashi():
    """With V = q K and no markup, tax or energy income, the return on the firm is the return on its capital."""
    p, e = _competitive(), calibrated_instruments()
    rng = np.random.default_rng(3)
    worst = [_hayashi_gap(p, e, *jnp.asarray(rng.uniform(0.7, 1.3, (4, 2)))) for _ in range(5)]
    gaps = np.array(worst)
    return [
        row(f"return on V = q K, sector {SECTOR.labels[i]}", "Hayashi (1982)", gaps[:, 0, i], gaps[:, 1, i], ROUNDING)
        for i in (T, A)
    ]


def _hayashi_gap(p, e, capital, capital_value, lag_value, prices):
    """Returns by capital and by market value, `(2, sector)`, at arbitrary capital and values."""
    rents, subsidy, copper_price = jnp.asarray(0.0), jnp.asarray(0.1), jnp.asarray(1.2)
    invested = investment(p, capital, capital_value, Chips(rents, 0.0, 0.0), copper_price, subsidy)
    wage, electricity_price, electricity = prices[0], 0.02 * prices[1], 0.05
    firms = traditional_firms(p, e, capital[T], 0.6, 1.0, electricity_price)
    ai = ai_firms(p, e, prices[1], wage, capital[A], electricity, 1.0)
    ai_costs = wage * ai.hours + ai.marginal_value_of_electricity * electricity
    costs = jnp.stack([0.6 + electricity_price * firms.electricity, ai_costs])
    sales = jnp.stack([firms.marginal_cost * firms.output, prices[1] * ai.output])
    dividends = sales - costs - invested.net_price * (invested.spending + invested.adjustment)
    now = ByName(
        traditional=firms,
        ai=ai,
        investment=invested,
        x=ByName(production=ByName(capital_value=capital_value)),
    )
    payoff = capital_payoff(ByName(production=p), now)
    next_capital = (1 - p.depreciation) * capital + invested.spending
    return payoff / lag_value, _equity_returns(
        p, lag_value * capital * p.trend_growth, capital_value * next_capital, dividends
    )


def _equity_returns(p, lag_value, value, dividends):
    """Returns of both equities by the model's own formula, with market values given."""
    portfolio, x = calibrated().parameters.portfolio, calibrated().initial.portfolio
    lag, now = (eqx.tree_at(lambda x: x.market_value, x, jnp.append(v, 1.0)) for v in (lag_value, value))
    return realised_returns(portfolio, lag, now, 1.0, 1.0, dividends, 1.0, p.trend_growth)[2:4]


def gordon():
    """V = Gam d / (R - Gam) in the initial steady state, with 6 and 7 % a year."""
    p, e, x = initial_steady_state()
    economy = reference()
    now = jax.jit(economy.quarter)(p, e, e, x[economy.carried], x)
    growth, returns = 1.018**0.25, np.array([1.06, 1.07]) ** 0.25
    value = growth * now.cash_flows.dividends / (returns - growth)
    return [
        row(f"value of {SECTOR.labels[i]} equity", "Gordon (1959)", value[i], now.x.portfolio.market_value[i], SOLVED)
        for i in (T, A)
    ]


CASES = (ces_nests, automation_nest, hulten, hayashi, gordon)
