"""Laws of single blocks against integration and arithmetic."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from model.core.fields import ByName as Of
from model.energy import interconnection, network_tariff, on_site_power
from model.equilibrium.outcomes.energy import gpu_rent_dollars, interconnection_rent_dollars
from model.equilibrium.outcomes.observed import Observed
from model.production import adoption


def grown(before, ceiling, speed):
    """The share of open tasks after a quarter, by the equation."""
    p = Of(adoption=Of(base_share=0.03, speed=speed, saving_response=0.5, base_saving=0.1))
    e = Of(adoption=Of(ceiling=ceiling / 0.03))
    x = Of(adoption=Of(open_share=1.0))
    now = Of(e=e, x=x, lag=Of(adoption=Of(open_share=before)), adoption=Of(saving=0.4))
    return 1 / (float(adoption.open_share(p, now, Of())) + 1)


@pytest.mark.parametrize(
    "before, ceiling, speed", [(0.03, 0.26, 2.3), (0.2, 0.26, 40.0), (0.3, 0.26, 2.3), (0.03, 0.03, 5)]
)
def test_adoption_is_a_logistic_over_the_quarter(before, ceiling, speed):
    def logistic(_, share):
        return speed * share * (ceiling - share) * 2.0  # (0.4 / 0.1)^0.5

    exact = solve_ivp(logistic, (0, 1), [before], rtol=1e-11, atol=1e-13).y[0, -1]
    np.testing.assert_allclose(grown(before, ceiling, speed), exact, rtol=1e-9)


@pytest.mark.parametrize("paid, cost, level", [(0.0, 0.9, 0.98), (0.5, 0.8, 0.96)])
def test_a_tariff_recovers_the_fixed_cost_of_the_grid_over_what_it_carries_less_what_the_public_pays(paid, cost, level):
    """Half of 1 / 1.25 and half of 1 make 0.9; half of 0.1 is a tenth of tariffs of 0.1 + 0.24 + 0.16; a fifth of the way there."""
    tariff = jnp.asarray([0.2, 0.4, 0.1])
    p = Of(network_tariff=Of(fixed_share=0.5, reset_rate=0.2, base_grid=1.06), energy=Of(tariff=tariff))
    now = Of(
        fiscal=Of(subsidies=Of(grid=paid)),
        grid_in_use=1.06,
        grid=Of(spending=0.1),
        dispatch=Of(electricity=1.25),
        traditional=Of(electricity=0.5),
        spending=Of(electricity=0.6),
        on_site_power=Of(generation=0.3),
        lag=Of(network_tariff=Of(level=1.0)),
        x=Of(network_tariff=Of(level=level), production=Of(data_centre_electricity=1.9)),
    )
    assert float(network_tariff.average_cost(p, now)) == pytest.approx(cost, abs=1e-14)
    assert float(network_tariff.network_tariff(p, now, Of())) == pytest.approx(0.0, abs=1e-14)


def test_half_the_wait_connects_twice_as_many_of_the_queue():
    in_use, queue, starts = map(jnp.asarray, (1.0, 0.3, 0.04))
    p = Of(energy=Of(interconnection_completion_rate=jnp.asarray(0.05), interconnection_depreciation=jnp.asarray(0.01)))
    stocks = Of(interconnection=0.99 * in_use + 0.1 * queue, interconnection_pipeline=0.9 * queue + starts)
    now = Of(
        e=Of(energy=Of(interconnection_completion=jnp.asarray(2.0))),
        x=Of(energy=stocks),
        interconnection_in_use=in_use,
        interconnection_pipeline_in_use=queue,
        interconnection=Of(starts=starts),
    )
    assert float(interconnection.interconnection_capacity(p, now, Of())) == pytest.approx(0.0, abs=1e-14)
    assert float(interconnection.interconnection_pipeline(p, now, Of())) == pytest.approx(0.0, abs=1e-14)


def test_a_subsidy_on_site_pays_its_share_of_plants_and_raises_starts_as_if_they_cost_less():
    def started(subsidy, build_cost):
        own = Of(
            base_starts=0.02, build_cost=build_cost, start_elasticity=1.5, heat_rate=1.3, upkeep=0.1, depreciation=0.01
        )
        p = Of(on_site_power=own, production=Of(trend_growth=1.0))
        lag = Of(on_site_power=Of(capacity=jnp.asarray(0.3), pipeline=jnp.asarray(0.1)))
        x = Of(on_site_power=Of(pipeline_value=jnp.asarray(2.0)))
        now = Of(lag=lag, x=x, e=Of(on_site_power=Of(starts=jnp.asarray(1.0), subsidy=jnp.asarray(subsidy))))
        return on_site_power.on_site_stage(p, now)["on_site_power"]

    paid, cheaper = started(0.25, 2.0), started(0.0, 1.5)
    assert float(paid.starts) == pytest.approx(0.02 * (2 / 1.5) ** 1.5, rel=1e-12)
    assert float(cheaper.starts) == pytest.approx(float(paid.starts), rel=1e-12)
    assert float(paid.subsidy) == pytest.approx(0.25 * float(paid.cost), rel=1e-12)
    assert float(cheaper.subsidy) == 0


def observed(**parts):
    """`Observed` with some of its parts alone."""
    found = object.__new__(Observed)
    vars(found).update(parts)
    return found


def test_rents_in_dollars_are_of_what_is_connected_and_of_the_equipment_that_is_bought():
    """Two of five units of power are made on site; equipment is the four that are installed and one of adjustment."""
    units = Of(gdp_billions_a_year=100.0)
    rent, margin, used, made, bought = map(jnp.asarray, (0.2, 0.3, 5.0, 2.0, 5.0))
    x = Of(energy=Of(interconnection_rent=rent), production=Of(data_centre_electricity=used, gpu_rent=margin))
    now = Of(on_site_power=Of(generation=made), cash_flows=Of(equipment=bought))
    seen = observed(now=Of(x=x, **vars(now)), units=units)
    assert float(interconnection_rent_dollars(seen)) == pytest.approx(100 * 0.2 * 3)
    assert float(gpu_rent_dollars(seen)) == pytest.approx(100 * 0.3 * 5)
