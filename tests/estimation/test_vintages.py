"""Vintages: nothing in them is later than their cut, and what happened after it is what the data say."""

from types import SimpleNamespace as Of

import numpy as np
import pandas as pd
import pytest

from calibration.inputs import FOLDER, check_known
from calibration.numbers.tables import TARGET_COLUMNS, read_table
from experiments.estimation import actuals, backtest
from experiments.estimation.actuals import DATA, SERIES, forecast_of, rows_of

VINTAGES = FOLDER / "vintages"


@pytest.mark.parametrize("cut", actuals.CUTS)
def test_every_moment_was_published_by_the_cut(cut):
    rows = read_table(VINTAGES / f"moments_{cut.lower()}.csv", TARGET_COLUMNS)
    check_known(rows.values(), cut)
    assert len(rows) >= 7


@pytest.mark.parametrize("cut", actuals.CUTS)
def test_the_shipped_table_is_that_of_the_data(cut):
    data = pd.read_csv(DATA, index_col="quarter")
    rows = [row for name in SERIES for row in rows_of(name, data, cut)]
    made = [dict(zip(actuals.COLUMNS, map(str, row), strict=True)) for row in rows]
    shipped = pd.read_csv(VINTAGES / f"after_{cut.lower()}.csv", dtype=str, keep_default_na=False).to_dict("records")
    assert shipped == made
    assert len(SERIES) == 8


def test_growth_inflation_and_spending_of_a_quarter_by_hand():
    """BEA: GDP 2025Q4 over 2024Q4; prices 2025Q1 over 2024Q4; SEC: 2024."""
    data = pd.read_csv(DATA, index_col="quarter")
    table = pd.read_csv(VINTAGES / "after_2024q4.csv").set_index(["outcome", "quarter"])
    growth = data.real_gdp_bn_2017_dollars["2025Q4"] / data.real_gdp_bn_2017_dollars["2024Q4"] / 1.018
    assert table.actual["gdp_measured", "2025Q4"] == pytest.approx(100 * growth, rel=1e-5)
    inflation = (data.pce_price_2017_100["2025Q1"] / data.pce_price_2017_100["2024Q4"]) ** 4 - 1
    assert table.actual["inflation_annual", "2025Q1"] == pytest.approx(100 * inflation, rel=1e-5)
    assert table.no_change["ai_capex_share", "2025Q1"] == pytest.approx(0.81, abs=5e-3)


def test_forecasts_lie_on_lines_between_their_points():
    unemployment = forecast_of("unemployment", "2023Q4", 3.8, 9)
    np.testing.assert_allclose(unemployment[[0, 3, 7]], [3.875, 4.1, 4.1])
    assert np.isnan(unemployment[8])
    gdp = forecast_of("gdp_measured", "2024Q4", 100.0, 5)
    np.testing.assert_allclose(gdp[[3, 4]], [100 * 1.021 / 1.018, 100 * 1.021 / 1.018 * (1.02 / 1.018) ** 0.25])
    assert np.isnan(forecast_of("consumption", "2024Q4", 100.0, 5)).all()


def test_the_model_has_the_base_of_the_data(monkeypatch):
    """GDP of 110, 112, 121 in three quarters from 2023Q4 on is 100, 101.8, 110 where the first is 100."""
    values = {"gdp_measured": np.array([90.0, 95.0, 100.0, 110.0, 112.0, 121.0]), "unemployment": np.full(6, 4.0)}
    report = Of(values=values, initial={"gdp_measured": 90.0, "unemployment": 4.0})
    monkeypatch.setattr(backtest, "report_at", lambda estimation, u: report)
    row = {"outcome": "gdp_measured", "label": "", "unit": "2023Q4 = 100, without trend", "actual": 105.0}
    row |= {"trend": 106.0, "no_change": 100.0, "forecast": float("nan")}
    rows = [row | {"quarter": quarter} for quarter in ("2024Q1", "2024Q2")]
    table, summary = backtest.past_tables(Of(first_quarter="2023Q1"), Of(u=None), rows)
    np.testing.assert_allclose(table.model, [100 * 112 / 110, 110.0])
    assert summary["error of a straight line"][0] == pytest.approx(1.0)
    assert summary["distinct observations"][0] == 1
    assert summary.nearest[0] == "a straight line"


def test_rules_are_compared_over_the_quarters_that_all_of_them_forecast():
    """Nobody's forecast of the second quarter, which no change misses by 10, counts against no change."""
    group = pd.DataFrame({"actual": [100.0, 110.0], "model": [103.0, 110.0], "trend": [104.0, 110.0]})
    summary = backtest._summary(group.assign(no_change=100.0, forecast=[102.0, np.nan]))
    assert summary.quarters == 1
    errors = [summary[f"error of {words}"] for words in backtest.RULES.values()]
    np.testing.assert_allclose(errors, [3.0, 4.0, 0.0, 2.0])
    assert summary.nearest == "no change"
    assert backtest._summary(group.assign(no_change=100.0, forecast=np.nan)).quarters == 2
