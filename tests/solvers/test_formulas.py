"""Smooth formulas and the Fisher index on numbers that can be checked by head."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.core.formulas import fischer_burmeister, isoelastic_cost, isoelastic_supply, smooth_maximum, smooth_plus
from model.equilibrium.accounts import fisher_index
from tests.tolerances import ROUNDING


def near(got, expected):
    return np.abs(np.asarray(got) - np.asarray(expected)).max() <= ROUNDING


def test_smooth_functions_by_head():
    assert near(smooth_plus(3.0, 2.0), 2.0)  # (3 + 5) / 2 - 2
    assert near(smooth_plus(0.0, 0.3), 0.0)
    assert near(smooth_maximum(5.0, 2.0, 2.0), 6.0)  # (7 + 5) / 2
    assert near(fischer_burmeister(3.0, 4.0, 0.0), 2.0)  # 7 - 5
    assert near(fischer_burmeister(1.0, 1.0, 1.0), 0.0)  # 2 - 2


@pytest.mark.parametrize("z", [-2.0, -0.1, 0.0, 0.4, 3.0])
def test_smooth_functions_tend_to_the_kinked_ones(z):
    assert near(smooth_plus(z, 0.0), max(z, 0.0))
    assert near(smooth_maximum(z, 0.3, 0.0), max(z, 0.3))
    assert near(fischer_burmeister(z, 0.0, 0.0), z - abs(z))


def test_isoelastic_cost_is_the_area_under_marginal_cost():
    quantity = isoelastic_supply(2.0, jnp.asarray(1.5), 0.25)
    marginal = jax.grad(lambda q: isoelastic_cost(3.0, 2.0, q, 0.25))(quantity)
    assert near(marginal, 3.0 * 1.5)
    assert near(isoelastic_cost(3.0, 2.0, jnp.asarray(2.0), 1.0), 3.0)  # a triangle: 3 * 2 / 2


def test_fisher_index_by_head():
    # Laspeyres 3/2, Paasche 4/3, so Fisher is the root of 2; then nothing moves
    quantity, price = jnp.array([[2.0, 1.0], [2.0, 1.0]]), jnp.array([[1.0, 2.0], [1.0, 2.0]])
    assert near(fisher_index(quantity, price, jnp.ones(2), jnp.ones(2)), [np.sqrt(2), np.sqrt(2)])


def test_fisher_index_of_proportional_growth(rng):
    price, base = jnp.asarray(rng.uniform(1, 2, (3, 4))), jnp.asarray(rng.uniform(1, 2, 4))
    quantity = base * jnp.array([[1.1], [1.3], [0.7]])
    assert near(fisher_index(quantity, price, base, price[0]), [1.1, 1.3, 0.7])


def test_fisher_index_does_not_see_the_price_level(rng):
    quantity, price = jnp.asarray(rng.uniform(1, 2, (3, 4))), jnp.asarray(rng.uniform(1, 2, (3, 4)))
    level = jnp.array([[2.0], [5.0], [0.1]])
    base = jnp.ones(4), jnp.ones(4)
    assert near(fisher_index(quantity, price * level, *base), fisher_index(quantity, price, *base))
