"""The public budget in dollars: by hand, and against what the public debt does."""

from types import SimpleNamespace as Of

import numpy as np
import pytest

from experiments.answer.tables.budget import DEBT, FLOWS, ITEMS, YEARS, budget_table
from model.core.units import QUARTERS_A_YEAR, Units
from model.equilibrium.outcomes.register import spoken
from model.equilibrium.outcomes.report import reporter

TREND, QUARTERS = 1.01, 4 * YEARS


def told(name, size):
    values = {item: size * np.arange(1.0, QUARTERS + 1) for item in ITEMS}
    return Of(name=name, certified=True, values=values)


def test_flows_are_means_of_the_year_and_debt_is_that_of_its_end_at_the_size_of_the_economy():
    """An economy that begins two quarters before what is shown has grown three times in the first quarter shown."""
    base, changed = told("baseline", 1.0), told("s", 3.0)
    refused = Of(name="r", certified=False, certificate={"reason": "no path"})
    units = Of(first_shown=2)
    table = budget_table(Of(baseline=base, solved=(base, changed, refused)), units, TREND).set_index(["item", "path"])
    first, last = (spoken(item) for item in (FLOWS[0], DEBT))
    grown = TREND ** np.array([3, 4, 5, 6])
    assert table.loc[(first, "baseline"), "2026"] == pytest.approx((grown * [1, 2, 3, 4]).mean())
    assert table.loc[(first, "s"), "2026"] == pytest.approx(2 * (grown * [1, 2, 3, 4]).mean())
    assert table.loc[(last, "baseline"), "2027"] == pytest.approx(8 * TREND**10)
    assert table.loc[(last, "r"), "2026"] == "not solved: no path"
    assert table.loc[(first, "s"), "unit"] == "billion dollars of 2025 a year, change from the baseline"


@pytest.mark.slow
def test_debt_rises_by_spending_and_returns_less_revenue(calibrated, baseline):
    """In every quarter of the last view of the default economy, at the size that it has in it (E.50)."""
    economy, last = baseline.economy, baseline.segments[-1].solution
    given = last.problem, np.asarray(last.path), np.asarray(baseline.initial), economy.at_rest
    values = {name: np.asarray(v) for name, v in reporter(economy)(*given).values.items() if name in ITEMS}
    trend = float(last.problem.parameters.production.trend_growth)
    values = {name: value * trend ** np.arange(len(value)) for name, value in values.items()}
    deficit = values["public_spending"] + values["return_on_public_debt"] - values["public_revenue"]
    np.testing.assert_allclose(np.diff(values[DEBT])[4:], deficit[5:] / QUARTERS_A_YEAR, rtol=1e-6)
    assert isinstance(economy.units, Units)
    share = 100 * values["programme_outlays_dollars"] / economy.units.gdp_billions_a_year
    assert 15 < share[0] < 25  # % of GDP: purchases of 17, and transfers
