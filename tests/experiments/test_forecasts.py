"""The baseline beside published forecasts."""

import numpy as np
import pytest

from calibration import load
from calibration.measures.forecasts import Forecast, forecasts, measured
from experiments.answer.certificate import Solved, certified_solution
from experiments.answer.tables.forecasts import forecast_table
from model.equilibrium.outcomes.register import UNITS
from model.solvers.outcome import Code, Outcome

TREND = 1.018**0.25
PATH = 100 * 1.01 ** np.arange(1, 61)  # one per cent a quarter over the trend, from 100 in 2025Q4


def forecast(measure, year):
    return Forecast("a", "gdp_measured", measure, year, 1.0, 0.0, 2.0, False, "%", "publisher", "reference")


@pytest.mark.parametrize(
    "measure, year, expected",
    [
        ("mean", 2026, np.mean([101, 102.01, 103.0301, 104.060401])),
        ("fourth_quarter", 2027, 100 * 1.01**8),
        ("growth", 2028, 100 * (1.01**4 * 1.018 - 1)),
        ("growth_of_the_mean", 2027, 100 * (1.01**4 * 1.018 - 1)),
        ("growth_from_2025", 2030, 100 * (1.01**4 * 1.018 - 1)),
        ("change_from_2025", 2026, np.mean([101, 102.01, 103.0301, 104.060401]) - 100),
    ],
)
def test_what_a_path_says_by_hand(measure, year, expected):
    assert measured(forecast(measure, year), PATH, np.array([100.0]), TREND) == pytest.approx(expected, rel=1e-12)


def test_beyond_the_path_there_is_no_number():
    assert np.isnan(measured(forecast("mean", 2045), PATH, np.array([100.0]), TREND))


def test_every_forecast_names_an_outcome_and_its_publisher():
    assert len(forecasts()) >= 12
    for row in forecasts():
        assert UNITS[row.outcome][1] is None and row.publisher and row.reference, row.name


def test_the_table_says_where_the_baseline_lies():
    values = {row.outcome: PATH for row in forecasts()}
    initial = {row.outcome: np.array(100.0) for row in forecasts()}
    solved = Solved(
        "baseline", "", Outcome(Code.CONVERGED, ""), values, certificate={"converged": True}, initial=initial
    )
    table = forecast_table(solved, TREND).set_index(["outcome", "year", "publisher"])
    row = table.loc[("gdp_measured", 2026, "Federal Reserve")]
    assert row["baseline"] == pytest.approx(100 * (1.01**4 * 1.018 - 1)) and row["baseline is"] == "above"
    assert table.loc[("electricity_datacentre_share", 2030, "International Energy Agency")]["baseline is"] == "above"


@pytest.mark.slow
def test_the_two_sector_economy_is_one_that_forecasters_would_sign():
    """Ranges set down before the estimation, but for AI equity, which misses its own: `calibration/vintages/README.md`."""
    calibrated = load("us_2022q4")
    baseline = calibrated.baseline()
    solved = certified_solution(baseline, baseline.solution, "baseline", "")
    assert solved.certified and not solved.certificate["unusual"]

    def of(outcome):
        series = np.concatenate([solved.history[outcome], solved.values[outcome]])
        return lambda year, quarter: series[4 * (year - 2023) + quarter - 1]

    def mean(quarterly, year):
        return np.mean([quarterly(year, q) for q in range(1, 5)])

    gdp, unemployment, rent = of("gdp_measured"), of("unemployment"), of("interconnection_rent")
    for quarter in range(1, 5):
        assert 4.1 <= unemployment(2026, quarter) <= 4.5
    for year in range(2027, 2031):
        assert 1.8 <= 100 * (gdp(year, 4) / gdp(year - 1, 4) * 1.018 - 1) <= 3.2, year
    assert 1.5 <= 100 * (gdp(2026, 4) / gdp(2025, 4) * 1.018 - 1) <= 3.0
    assert 101 <= 100 * gdp(2030, 4) / gdp(2025, 4) <= 108
    assert 101.5 <= 100 * gdp(2035, 4) / gdp(2025, 4) <= 116
    assert -2.2 <= mean(of("labour_share"), 2030) - mean(of("labour_share"), 2025) <= 0.4
    assert max(rent(year, q) for year in range(2023, 2041) for q in range(1, 5)) < 25
    assert 9 <= mean(of("electricity_datacentre_share"), 2030) <= 14
    price = of("electricity_price")
    assert mean(price, 2026) <= mean(price, 2027) <= mean(price, 2028)
