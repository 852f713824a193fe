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
from model.core.formulas import ces_price
from model.equilibrium.economy import TwoSectorEconomy
from model.equilibrium.nouns import INSTRUMENTS
from model.portfolio.returns import realised_returns
from model.production.ai import ai_firms
from model.production.final_good import final_good
from model.production.investment import capital_payoff, investment
from model.production.tasks import task_bundle, tasks
from model.production.traditional import traditional_firms

T, A, HIGH = SECTOR.index("T"), SECTOR.index("A"), SKILL.index("H")
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
            row(f"demand is the gradient of unit cost, elasticity {sigma:g}", "Shephard (1953)", formula, demand, ROUNDING),
            row(f"cost shares add to one, elasticity {sigma:g}", "Euler's theorem", 1.0, demand @ PRICES / cost, ROUNDING),
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
    odds = jax.jvp(lambda z: jnp.log(_odds(task_bundle(capability, jnp.exp(z), wage, zeta)[0])), (jnp.log(ai_price),), (1.0,))[1]
    p, e = _competitive(), calibrated_instruments()
    work = tasks(p, e, 0.8, wage, 0.6)
    bill = 0.8 * work.ai_services + wage * work.hours
    source = "Eaton and Kortum (2002), equation 8"
    return [
        row("pB = w (1 - Gam)^(1/zeta)", source, wage * (1 - share) ** (1 / zeta), cost, ROUNDING),
        row("d ln pB / d ln pA = Gam", "Shephard (1953)", share, elasticity, ROUNDING),
        row("d ln (Gam / (1 - Gam)) / d ln pA = -zeta", source, -zeta, odds, ROUNDING),
        row("Gam is AI's share of the task bill", source, work.automated_share, 0.8 * work.ai_services / bill, ROUNDING),
        row("task bills add to pL Lam", "Euler's theorem", work.labour_price * 0.6, bill.sum(), ROUNDING),
    ]


def _odds(share):
    return share / (1 - share)


def _competitive():
    """Calibrated production without markups."""
    production = calibrated().parameters.production
    return eqx.tree_at(lambda p: p.markup, production, jnp.ones(2))


def calibrated_instruments():
    return INSTRUMENTS.unpack(initial_steady_state()[1]).production


def _allocation(p, e, unknowns):
    """Demands and supplies of production alone: fixed capital, hours and electricity, competitive prices."""
    ai_price, *wage, output, composite, electricity_price = jnp.exp(unknowns)
    x, wage = calibrated().initial, jnp.stack(wage)
    goods, work = final_good(p, ai_price, output), tasks(p, e, ai_price, wage, composite)
    capital = x.production.capital / p.trend_growth
    firms = traditional_firms(p, e, capital[T], composite, work.labour_price, electricity_price)
    ai = ai_firms(p, e, ai_price, wage[HIGH], capital[A], x.production.data_centre_electricity, 1.0)
    return ai_price, wage, output, electricity_price, goods, work, firms, ai


def _excess(p, e, endowment, unknowns):
    hours, electricity = endowment
    _, _, _, _, goods, work, firms, ai = _allocation(p, e, unknowns)
    return jnp.log(
        jnp.stack(
            [
                firms.output / goods.traditional_demand,
                firms.marginal_cost / goods.traditional_price,
                ai.output / (goods.ai_demand + work.ai_services.sum()),
                *(work.hours.at[HIGH].add(ai.hours) / hours),
                firms.electricity / electricity,
            ]
        )
    )


@cache
def _equilibrium():
    """Endowments of the calibration and the logs of (pA, wages, output, labour composite, electricity price)."""
    p, e, x = _competitive(), calibrated_instruments(), calibrated().initial.production
    guess = jnp.log(jnp.concatenate([jnp.ones(1), x.wage, x.final_output[None], x.labour_composite[None], jnp.array([0.015])]))
    endowment = p.labour_supply * (1 - p.natural_unemployment), jnp.asarray(0.59)
    return endowment, root(lambda u, _: _excess(p, e, endowment, u), guess)


def hulten():
    """d ln output / d ln Z = Domar weight, through the model's own production formulas without markups or taxes."""
    p, e = _competitive(), calibrated_instruments()
    endowment, solved = _equilibrium()
    ai_price, _, output, electricity_price, _, work, firms, ai = _allocation(p, e, solved)
    compute_energy = ai.marginal_value_of_electricity * calibrated().initial.production.data_centre_electricity
    ai_tasks = ai_price * work.ai_services / p.task_elasticity
    weights = {
        "traditional productivity: its value added": (lambda e: e.traditional_productivity, firms.value_added_price * firms.value_added),
        "AI productivity: its sales, with those to tasks": (lambda e: e.ai_productivity, ai_price * ai.output),
        "firms' electric efficiency: their bill": (lambda e: e.traditional_efficiency, electricity_price * firms.electricity),
        "data centres' electric efficiency: marginal value": (lambda e: e.compute_efficiency, compute_energy),
        "AI at tasks of the low and middle skilled: purchases over zeta": (lambda e: e.task_capability, ai_tasks[:2]),
    }
    jacobian = jax.jacfwd(lambda u: _excess(p, e, endowment, u))(solved)
    rows = []
    for case, (where, weight) in weights.items():
        weight = jnp.atleast_1d(weight)
        slopes = [_output_slope(p, e, endowment, solved, jacobian, where, i) for i in range(len(weight))]
        rows.append(row(case, "Hulten (1978)", weight / output, slopes, SOLVED))
    return rows


def _output_slope(p, e, endowment, solved, jacobian, where, i):
    """d ln output / d ln of the i-th entry of an instrument."""

    def moved(log_change):
        old = jnp.atleast_1d(where(e))
        new = old.at[i].mul(jnp.exp(log_change)).reshape(jnp.shape(where(e)))
        return _excess(p, eqx.tree_at(where, e, new), endowment, solved)

    return -jnp.linalg.solve(jacobian, jax.jvp(moved, (0.0,), (1.0,))[1])[4]


def hayashi():
    """With V = q K and no markup, tax or energy income, the return on the firm is the return on its capital."""
    p, e = _competitive(), calibrated_instruments()
    rng = np.random.default_rng(3)
    worst = [_hayashi_gap(p, e, *jnp.asarray(rng.uniform(0.7, 1.3, (4, 2)))) for _ in range(5)]
    gaps = np.array(worst)
    return [row(f"return on V = q K, sector {SECTOR.labels[i]}", "Hayashi (1982)", gaps[:, 0, i], gaps[:, 1, i], ROUNDING) for i in (T, A)]


def _hayashi_gap(p, e, capital, capital_value, lag_value, prices):
    """Returns by capital and by market value, `(2, sector)`, at arbitrary capital and values."""
    rents, subsidy, copper_price = jnp.asarray(0.0), jnp.asarray(0.1), jnp.asarray(1.2)
    invested = investment(p, capital, capital_value, rents, copper_price, subsidy)
    wage, electricity_price, electricity = prices[0], 0.02 * prices[1], 0.05
    firms = traditional_firms(p, e, capital[T], 0.6, 1.0, electricity_price)
    ai = ai_firms(p, e, prices[1], wage, capital[A], electricity, 1.0)
    sales = jnp.stack([firms.marginal_cost * firms.output - 0.6 - electricity_price * firms.electricity,
                       prices[1] * ai.output - wage * ai.hours - ai.marginal_value_of_electricity * electricity])  # fmt: skip
    dividends = sales - invested.net_price * (invested.spending + invested.adjustment)
    payoff = capital_payoff(p, jnp.stack([firms.capital_rental, ai.capital_rental]), capital_value, invested)
    next_capital = (1 - p.depreciation) * capital + invested.spending
    return payoff / lag_value, _equity_returns(p, lag_value * capital * p.trend_growth, capital_value * next_capital, dividends)


def _equity_returns(p, lag_value, value, dividends):
    """Returns of both equities by the model's own formula, with market values given."""
    portfolio, x = calibrated().parameters.portfolio, calibrated().initial.portfolio
    lag, now = (eqx.tree_at(lambda x: x.market_value, x, jnp.append(v, 1.0)) for v in (lag_value, value))
    e = INSTRUMENTS.unpack(initial_steady_state()[1]).portfolio
    return realised_returns(portfolio, lag, e, now, 0.0, 1.0, dividends, 1.0, p.trend_growth)[2:4]


def gordon():
    """V = Gam d / (R - Gam) in the initial steady state, with 6 and 7 % a year."""
    p, e, x = initial_steady_state()
    economy = TwoSectorEconomy()
    now = jax.jit(economy.quarter)(p, e, e, x[economy.carried], x)
    growth, returns = 1.018**0.25, np.array([1.06, 1.07]) ** 0.25
    value = growth * now.cash_flows.dividends / (returns - growth)
    return [row(f"value of {SECTOR.labels[i]} equity", "Gordon (1959)", value[i], now.x.portfolio.market_value[i], SOLVED) for i in (T, A)]


CASES = (ces_nests, automation_nest, hulten, hayashi, gordon)
