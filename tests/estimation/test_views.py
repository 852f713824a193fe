"""Views that are shipped say what they are said to say."""

import numpy as np
import pytest

from calibration.calibrate import load
from calibration.inputs import load_inputs
from calibration.measures.forecasts import VIEWS, said_by_views
from experiments.estimation import views
from model.transition.solutions import Settings


def test_the_views_differ_as_their_names_say():
    """With capital spending as companies expect it growth is higher than forecasters think, and the other way round."""
    said = said_by_views()
    markets, forecasters, _ = ({name: row[view] for name, row in said.items()} for view in VIEWS)
    for forecast in ("capex_2030_goldman", "growth_2028_fed"):
        assert markets[forecast] > forecasters[forecast]
    assert load_inputs(name="markets_view").value("catch_up.disappointment") == 0


@pytest.mark.slow
def test_what_is_stored_of_a_view_is_what_its_baseline_says():
    inputs = load_inputs(name="markets_view")
    stored = [row["markets_view"] for row in said_by_views().values()]
    np.testing.assert_allclose(views._forecasts(inputs, Settings()), stored, rtol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name, quarter, gain", [("acemoglu", "2034Q4", 1.25), ("pwbm", "2035Q4", 1.5)])
def test_scaled_views_have_the_published_gain(name, quarter, gain):
    baseline = load(name).baseline()
    gdp = views._report(baseline).values["gdp_measured"]
    assert gdp[baseline.economy.units.quarter_index(quarter)] == pytest.approx(100 + gain, abs=2e-3)
