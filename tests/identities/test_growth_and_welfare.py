"""Contributions add up to growth; welfare is measured in per cent of spending."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from model.core.axes import DEMAND
from model.equilibrium.accounts import COMPONENTS, fisher_index
from model.equilibrium.growth import growth_contributions
from model.equilibrium.welfare import mean_welfare, welfare
from model.households.groups import heads

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


def test_one_per_cent_more_spending_for_life_is_one_per_cent_of_welfare(parameters, rng):
    saver, spender, wealth = paths(rng)
    before, _ = welfare(parameters, saver, spender, wealth)
    after, _ = welfare(parameters, 1.01 * saver, 1.01 * spender, wealth)
    np.testing.assert_allclose(after / before, 1.01, rtol=1e-12)
    assert float(mean_welfare(parameters, after)[0] / mean_welfare(parameters, before)[0]) == pytest.approx(1.01)


def test_a_path_that_stands_still_is_worth_what_it_would_be_for_ever(parameters, rng):
    still = np.repeat(paths(rng)[:, :1], QUARTERS, axis=1)
    path, for_ever = welfare(parameters, *still)
    np.testing.assert_allclose(path, for_ever, rtol=1e-10)


def test_welfare_is_the_average_over_simulated_lives(parameters, rng):
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
    found = np.log(welfare(parameters, saver, spender, wealth)[0][0, group])
    expected = total.mean() / time_alive.mean()
    assert found == pytest.approx(expected, abs=4 * total.std() / np.sqrt(lives) / time_alive.mean() + 1e-3)
