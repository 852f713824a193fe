"""Contributions add up to growth; welfare is a change in per cent of spending."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from model.core.axes import DEMAND
from model.core.fields import ByName as Of
from model.equilibrium.accounts import AI_EXPORTS, COMPONENTS, as_measured, fisher_index
from model.equilibrium.growth import growth_contributions
from model.equilibrium.outcomes.register import GAINS
from model.equilibrium.outcomes.report import welfare
from model.equilibrium.welfare import gains, mean_gain
from model.households.groups import heads
from model.households.tastes import Parameters, mean_wealth, relative_tastes, utility_of_wealth

QUARTERS, GROUPS = 12, 9
TREND = 1.018**0.25


@pytest.fixture(scope="module")
def parameters():
    return calibrate().parameters


@pytest.fixture
def spent(rng):
    """Quantities, prices and their base values; imports are negative."""
    quantity = np.exp(0.1 * rng.normal(size=(QUARTERS + 1, len(COMPONENTS)))) * np.linspace(0.1, 1, len(COMPONENTS))
    quantity[:, COMPONENTS.index("imports")] *= -0.2
    price = np.exp(0.1 * rng.normal(size=quantity.shape))
    return quantity[1:], price[1:], quantity[0], price[0]


def test_contributions_add_up_to_the_growth_of_fisher_gdp(spent):
    index = np.append(1.0, fisher_index(*map(jnp.asarray, spent)))
    growth = TREND * index[1:] / index[:-1] - 1
    found = growth_contributions(*map(jnp.asarray, spent), TREND)
    np.testing.assert_allclose(np.asarray(found).sum(1), growth, rtol=0, atol=1e-14)


def test_at_constant_prices_a_contribution_is_the_change_over_gdp(spent):
    quantity, _, base, price = spent
    prices = np.tile(price, (QUARTERS, 1))
    found = growth_contributions(*map(jnp.asarray, (quantity, prices, base, price)), 1.0)
    before = np.concatenate([base[None], quantity[:-1]])
    of_equipment = (quantity - before)[:, COMPONENTS.index("ai_investment")] * price[COMPONENTS.index("ai_investment")]
    np.testing.assert_allclose(found[:, DEMAND.index("IA")], of_equipment / (before @ price), rtol=1e-12)


def paths(rng):
    return np.exp(0.2 * rng.normal(size=(3, QUARTERS, GROUPS)))


def from_rest(rng, factor=1.0):
    """Saver's and spender's spending and wealth `(1 + QUARTERS, group)`: at rest at 1, then as drawn, spending times `factor`."""
    saver, spender, wealth = (np.concatenate([np.ones((1, GROUPS)), path]) for path in paths(rng))
    saver[1:], spender[1:] = factor * saver[1:], factor * spender[1:]
    return saver, spender, wealth


def test_one_per_cent_more_spending_for_life_is_a_gain_of_one_per_cent(parameters):
    before, after = (gains(parameters, *from_rest(np.random.default_rng(0), f)) for f in (1.0, 1.01))
    np.testing.assert_allclose((after.whole - before.whole)[1:], np.log(1.01), rtol=1e-12)
    np.testing.assert_allclose(after.wealth, before.wealth, rtol=1e-12)
    whole = [mean_gain(parameters, g.whole)[1] for g in (before, after)]
    assert float(whole[1] - whole[0]) == pytest.approx(np.log(1.01))


def test_a_path_that_stands_still_gains_nothing(parameters, rng):
    still = np.repeat(paths(rng)[:, :1], QUARTERS, axis=1)
    np.testing.assert_allclose(gains(parameters, *still), 0, atol=1e-12)


def test_gains_do_not_depend_on_the_units_of_spending_and_wealth(parameters, rng):
    saver, spender, wealth = paths(rng)
    found = gains(parameters, saver, spender, wealth)
    np.testing.assert_allclose(gains(parameters, 7 * saver, 7 * spender, 1000 * wealth), found, atol=1e-11)


def test_outcomes_of_welfare_are_changes_whose_parts_compound(parameters, rng):
    gained = gains(parameters, *paths(rng))
    found = {name: np.asarray(value) for name, value in welfare(parameters, gained).items()}
    assert found.keys() == GAINS.keys()
    np.testing.assert_allclose(found["welfare"], 100 * (np.exp(gained.spending + gained.wealth) - 1), rtol=1e-12)
    for whose in ("welfare", "welfare_of_all"):
        parts = [1 + found[f"{whose}_from_{part}"] / 100 for part in ("spending", "wealth")]
        np.testing.assert_allclose(parts[0] * parts[1], 1 + found[whose] / 100, rtol=1e-12)


@pytest.mark.parametrize("curvature", [0.7, 1.0])
def test_a_little_more_of_wealth_or_spending_is_worth_what_it_is_in_the_euler_equation(curvature):
    """Of the first of two groups, at rest; the mean of wealth stays."""
    numbers = {"savers": [0.3, 0.1], "wealth_utility": [0.2, 0.5], "habit": 0.6, "wealth_curvature": curvature}
    h = Parameters(**{name: jnp.asarray(number) for name, number in numbers.items()})
    k, m = jnp.asarray([1.0, 5.0]), jnp.asarray([0.4, 0.8])
    spent = Of(spending=m, wealth=k)
    now = Of(x=Of(households=spent), lag=Of(households=spent))
    own = relative_tastes(Of(households=h, production=Of(trend_growth=1.0)), now)["marginal_utility"]
    step = jnp.asarray([1e-6, 0.0])
    mean = mean_wealth(h, k)
    worth = (utility_of_wealth(h, k + step, mean) - utility_of_wealth(h, k - step, mean)) / 2e-6
    np.testing.assert_allclose(worth[0], own.wealth[0], rtol=1e-8)
    np.testing.assert_allclose(own.spending, 1 / m, rtol=1e-12)


def test_a_gain_is_the_average_over_simulated_lives(parameters, rng):
    """A saver's life lived by chance many times, stage by stage, against the recursion."""
    saver, spender, wealth = paths(rng)
    h, group, lives = parameters.households, 0, 40_000
    share = np.asarray(h.savers / heads(h))
    utility = share * (np.log(saver) + np.asarray(h.wealth_utility) * np.log(wealth)) + (1 - share) * np.log(spender)
    utility[:, [i for i in range(GROUPS) if i % 3 != 0]] = np.nan  # stages of another skill are never lived
    ageing, stage = np.asarray(h.ageing_rate), np.zeros(lives, int)
    total, time_alive, discount = np.zeros(lives), np.zeros(lives), 1.0
    for quarter in range(600):
        alive = stage < 3
        row = np.append(utility[min(quarter, QUARTERS - 1), ::3], 0.0)
        total += discount * row[stage]
        time_alive += discount * alive
        discount *= float(h.discount_factor)
        stage += rng.random(lives) < np.append(ageing, 0.0)[stage]
    found = gains(parameters, saver, spender, wealth).whole[0, group]
    lived = np.array([0, 3, 6]) + group
    stages = np.eye(3) - float(h.discount_factor) * (np.diag(1 - ageing) + np.diag(ageing[:-1], 1))
    quarters = np.linalg.inv(stages)[0]
    expected = total.mean() / time_alive.mean() - quarters @ utility[0, lived] / quarters.sum()
    assert found == pytest.approx(expected, abs=4 * total.std() / np.sqrt(lives) / time_alive.mean() + 1e-3)


def test_measured_output_counts_ai_services_at_the_price_of_other_goods():
    """Twice the AI services at half the price are no output as measured; chained output has them."""
    quantity, price = np.full((1, len(COMPONENTS)), 1.0), np.full((1, len(COMPONENTS)), 1.0)
    base = quantity[0].copy(), price[0].copy()
    quantity[0, AI_EXPORTS], price[0, AI_EXPORTS] = 2.0, 0.5
    chained = fisher_index(jnp.asarray(quantity), jnp.asarray(price), *map(jnp.asarray, base))
    measured = fisher_index(*as_measured(quantity, price), *as_measured(*base))
    others = len(COMPONENTS) - 1
    laspeyres, paasche = (others + 2) / (others + 1), (others + 1) / (others + 0.5)
    np.testing.assert_allclose(chained, (laspeyres * paasche) ** 0.5, rtol=1e-12)
    np.testing.assert_allclose(measured, 1.0, rtol=1e-12)
