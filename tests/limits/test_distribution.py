"""Formulas of distribution against closed forms and against a large sample of people."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from model.core.fields import ByName as Of
from model.core.units import UNITS_OF_2025
from model.distribution.declarations import Parameters
from model.distribution.mixture import gini, quantile, share_below, top_share
from model.distribution.poverty import Prices, childcare_to_rent, family_dollars, lines
from model.equilibrium.economy import UNITS_OF_2022
from model.equilibrium.outcomes.distribution import poverty_line
from model.equilibrium.outcomes.observed import Observed

WEIGHT, MEAN, DISPERSION = np.array([0.5, 0.3, 0.2]), np.array([1.0, 2.5, 6.0]), np.array([0.6, 0.8, 0.7])
PEOPLE = 400_000


@pytest.fixture(scope="module")
def people():
    """A sample `(people,)` of the mixture, stratified: the same quantiles of every group."""
    groups = []
    for weight, mean, dispersion in zip(WEIGHT, MEAN, DISPERSION, strict=True):
        count = int(PEOPLE * weight)
        z = norm.ppf((np.arange(count) + 0.5) / count)
        groups.append(np.exp(np.log(mean) - dispersion**2 / 2 + dispersion * z))
    return np.sort(np.concatenate(groups))


def test_gini_of_one_group_is_that_of_the_log_normal():
    found = gini(jnp.ones(1), jnp.array([3.0]), jnp.array([0.7]))
    assert float(found) == pytest.approx(2 * norm.cdf(0.7 / np.sqrt(2)) - 1, abs=1e-14)


def test_gini_of_the_mixture_is_that_of_its_people(people):
    rank = np.arange(1, len(people) + 1)
    sample = 2 * (rank * people).sum() / (len(people) * people.sum()) - (len(people) + 1) / len(people)
    assert float(gini(jnp.array(WEIGHT), jnp.array(MEAN), jnp.array(DISPERSION))) == pytest.approx(sample, abs=1e-4)


def test_two_equal_groups_are_one():
    one = gini(jnp.ones(1), jnp.ones(1), jnp.array([0.5]))
    two = gini(jnp.array([0.2, 0.8]), jnp.ones(2), jnp.array([0.5, 0.5]))
    assert float(one) == pytest.approx(float(two), abs=1e-14)


@pytest.mark.parametrize("probability", [0.01, 0.5, 0.9, 0.999])
def test_quantiles_are_those_of_the_people(people, probability):
    found = quantile(probability, jnp.array(WEIGHT), jnp.array(MEAN), jnp.array(DISPERSION))
    assert float(found) == pytest.approx(np.quantile(people, probability), rel=2e-3)
    below = WEIGHT @ np.asarray(share_below(found, jnp.array(MEAN), jnp.array(DISPERSION)))
    assert below == pytest.approx(probability, abs=1e-12)


def test_the_top_tenth_begins_at_its_quantile_and_has_a_pareto_mean(people):
    threshold, exponent = np.quantile(people, 0.9), 2.0
    above = 0.1 * threshold * exponent / (exponent - 1)
    below = people[people < threshold].sum() / len(people)
    found = top_share(jnp.array(WEIGHT), jnp.array(MEAN), jnp.array(DISPERSION), exponent)
    assert float(found) == pytest.approx(above / (above + below), rel=2e-3)


def parameters():
    return Parameters(
        adults=200.0,
        line_goods=np.array([30_000.0, 20_000, 40_000, 60_000]),
        line_childcare=np.array([0.0, 0, 26_000, 33_000]),
        line_rent=np.array([0.0, 20_000, 20_000, 23_000]),
        line_growth=np.array([0.0, 1, 1, 1]),
    )


def test_lines_follow_the_prices_of_what_is_in_them():
    dearer = lines(parameters(), Prices(childcare=jnp.array(1.1), rent=jnp.array(1.2)), 0, 1.0045)
    np.testing.assert_allclose(dearer, [30_000, 20_000 + 24_000, 40_000 + 28_600 + 24_000, 60_000 + 36_300 + 27_600])
    ratio = childcare_to_rent(parameters(), Prices(jnp.array(1.1), jnp.array(1.2)))
    np.testing.assert_allclose(ratio, [0, 0, 28_600 / 24_000, 36_300 / 27_600])


def test_a_fixed_line_falls_behind_the_trend_and_the_others_do_not():
    later = lines(parameters(), Prices(jnp.array(1.0), jnp.array(1.0)), 40, 1.018**0.25)
    np.testing.assert_allclose(later, [30_000, *(1.018**10 * line for line in (40_000, 86_000, 116_000))])


@pytest.mark.parametrize("units, since", [(UNITS_OF_2025, 0), (UNITS_OF_2022, 12)])
def test_lines_have_the_quantities_of_the_turn_of_2026_whenever_the_economy_begins(units, since):
    """Of an economy that begins three years before, what grows is by three years smaller in its first quarter."""
    growth, still = (
        1.018**0.25,
        Of(final_good=Of(traditional_price=jnp.ones(3)), fiscal=Of(subsidies=Of(childcare=0.0))),
    )
    still = Of(**vars(still), spending=Of(rent=jnp.ones(3)))
    p = Of(distribution=parameters(), production=Of(trend_growth=growth))
    seen = object.__new__(Observed)
    vars(seen).update(p=p, now=still, base=still, units=units, books=Of(gdp=np.ones(3)))
    found = poverty_line(seen)
    first = [30_000, *(line / growth**since for line in (40_000, 86_000, 116_000))]
    np.testing.assert_allclose(found[:2], [first, first], rtol=1e-12)
    np.testing.assert_allclose(found[2], [30_000 / growth, *first[1:]], rtol=1e-12)


def test_a_family_of_two_adults_has_twice_income_a_head():
    assert float(family_dollars(parameters(), 1.0, 30.5e12)) == pytest.approx(2 * 30.5e12 / 200e6)
