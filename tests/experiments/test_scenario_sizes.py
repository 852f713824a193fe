"""Shipped scenarios do on the default economy what their descriptions say of their size."""

import numpy as np
import pytest

from experiments.answer.certificate import certified_solution
from experiments.answer.tables.counterfactual import fiscal_cost
from experiments.claims.cases import Economies
from experiments.claims.files import read_claims
from experiments.request.scenarios import build_scenario, shipped
from model.core.axes import BUILD
from model.transition.solve import solve_scenario

pytestmark = pytest.mark.slow
SMALL = (
    "ai_subsidy_small",
    "generation_subsidy",
    "grid_subsidy",
    "interconnection_subsidy",
    "on_site_subsidy",
)


@pytest.fixture(scope="module")
def solved(calibrated, baseline):
    """Outcomes of the baseline (no name), of a shipped scenario or of a scenario that is given."""
    found = {}

    def answer(name, scenario=None):
        if name not in found:
            scenario = scenario or build_scenario(name, shipped(name), inputs=calibrated.inputs)
            solution = solve_scenario(baseline, scenario.later(baseline.economy.units.first_shown))
            found[name] = certified_solution(baseline, solution, name, "")
            assert found[name].certified
        return found[name]

    found[""] = certified_solution(baseline, baseline.solution, "baseline", "")
    return answer


@pytest.mark.parametrize("name", SMALL)
def test_a_small_subsidy_costs_a_fiftieth_of_a_per_cent_of_gdp(name, solved):
    assert fiscal_cost(solved(""), solved(name)) == pytest.approx(0.02, rel=0.02)


@pytest.mark.parametrize("name", ["generation", "renewable"])
def test_a_subsidy_of_a_claim_costs_as_much(name, calibrated, solved):
    (claim,) = read_claims(["C4b"])
    scenario = Economies(calibrated.inputs, None, 0).point(claim).scenarios()[name]
    assert fiscal_cost(solved(""), solved(name, scenario)) == pytest.approx(0.02, rel=0.02)


def test_a_slump_of_demand_meets_the_lower_bound_and_is_a_little_smaller_than_that_of_2008(solved):
    """Unemployment rose from 5.0 % in December 2007 to 10.0 in October 2009 (BLS)."""
    slump = solved("demand_slump")
    assert slump.certificate["quarters_at_lower_bound"] >= 2
    assert 3.5 <= (slump.values["unemployment"] - solved("").values["unemployment"]).max() <= 5.0


def test_a_cut_of_the_rate_moves_the_yield_as_a_tilt_to_bills_does(solved):
    before, *after = (solved(name).values["bond_yield_annual"][0] for name in ("", "rate_cut", "bill_tilt"))
    cut, tilt = np.array(after) - before
    assert cut < 0
    assert cut == pytest.approx(tilt, rel=0.03)


def test_a_freeze_of_chips_holds_spending_at_its_level_of_2025(solved):
    """The mean of 2028 and of 2025 a head of trend; without the freeze it is about twice as large."""
    frozen, free = (
        solved(name).values["build_spending"][:, BUILD.labels.index("ai_equipment")] for name in ("ai_capex_freeze", "")
    )
    assert frozen[8:12].mean() == pytest.approx(380, rel=0.02)
    assert 1.8 <= free[8:12].mean() / frozen[8:12].mean() <= 2.2
