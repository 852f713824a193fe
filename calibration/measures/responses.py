"""What the model says to experiments whose answers others have published."""

from itertools import pairwise

import numpy as np

from calibration.calibrate import Calibrated
from calibration.measures.impulses import (
    demand_inflation,
    fiscal_multiplier,
    monetary_gdp,
    monetary_quarter,
    technology_gdp,
)
from calibration.measures.spending import mpc_quarter, mpc_year, wealth_effect
from calibration.numbers.tables import Row
from model.core.axes import ASSET, PREMIUM_ASSET
from model.core.units import gross_quarterly
from model.equilibrium.outcomes.report import reporter
from model.transition.calendar import on_calendar
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Baseline, NotSolved
from model.transition.solve import solve_scenario

EQUITY, BONDS = PREMIUM_ASSET.index("T"), PREMIUM_ASSET.index("B")
TEN_YEARS, YEAR = 40, 4
BASIS_POINTS = 100  # in a per cent
TILT, TILT_QUARTERS = 0.027, 8  # coupons not issued: share of GDP, as Miran and Roubini (2024) count them for 2023-24
DEBT = 0.04  # a per cent of annual GDP in quarterly GDP


def flow_multiplier(calibrated: Calibrated, baseline: Baseline) -> float:
    """Dollars of market value a dollar that moves into equity for good, at fixed payouts and other prices.

    `1 / ((1 - omega) [(1 - iota) + eta (1 - Gam / R)])`: Gabaix and Koijen (2021, eq. 9) in this demand system.
    """
    p, growth = calibrated.parameters.portfolio, calibrated.parameters.production.trend_growth
    gross = np.exp(float(p.base_premium[EQUITY])) * gross_quarterly(
        calibrated.inputs.value("targets.real_return.liquid")
    )
    omega = float(p.base_value[ASSET.index("T")] / p.base_value.sum())
    slack = 1 - float(p.size_elasticity[EQUITY]) + float(p.demand_elasticity[EQUITY]) * (1 - float(growth) / gross)
    return 1 / ((1 - omega) * slack)


def bill_tilt_yield(calibrated: Calibrated, baseline: Baseline) -> float:
    """Basis points on the ten-year yield, the mean of expected returns, when that many fewer coupons are issued."""
    debt = calibrated.inputs.value("targets.public_debt")
    return _yield_change(baseline, Change("varpi", "add", (-TILT / debt,), 0, TILT_QUARTERS - 1))


def bond_yield_per_duration_point(calibrated: Calibrated, baseline: Baseline) -> float:
    """Basis points a per cent of GDP of coupons that others must hold."""
    return -bill_tilt_yield(calibrated, baseline) / (100 * TILT)


def bond_yield_per_debt_point(calibrated: Calibrated, baseline: Baseline) -> float:
    """Basis points on the ten-year yield of an economy whose debt is a per cent of GDP higher for good, in the long run."""
    before, after = _outcomes(baseline, None), _outcomes(baseline, Change("dtar", "add", (DEBT,), 0, None))
    debt = after["public_debt_share"][-1] - before["public_debt_share"][-1]
    return BASIS_POINTS * (_expected(after)[-1] - _expected(before)[-1]) / debt


def ai_news_gdp(calibrated: Calibrated, baseline: Baseline) -> float:
    """Change of GDP in the first year of the largest news of AI against what was expected for it before, % per 10 % of AI equity.

    Not a number where all is known from the start.
    """
    news = [(_news_of_equity(*pair), pair) for pair in pairwise(baseline.segments)]
    if not news:
        return float("nan")
    equity, (before, told) = max(news, key=lambda pair: pair[0])
    then, now = (_gdp(baseline, segment) for segment in (before, told))
    elapsed = told.quarter - before.quarter
    return float(10 * np.log(now[:YEAR] / then[elapsed : elapsed + YEAR]).mean() / equity)


def _news_of_equity(before, told):
    """Log change of the value of AI firms when the news comes."""
    column = told.solution.economy.variables.index("VA")
    return float(told.solution.path[0, column] - before.solution.path[told.quarter - before.quarter, column])


def _gdp(baseline, segment):
    economy, solution = baseline.economy, segment.solution
    report = reporter(economy)(solution.problem, solution.path, baseline.initial, economy.at_rest)
    return np.asarray(report.values["gdp_real"])


ON_BASELINE = {
    f.__name__: f
    for f in (
        flow_multiplier,
        bill_tilt_yield,
        bond_yield_per_duration_point,
        bond_yield_per_debt_point,
        ai_news_gdp,
    )
}
AT_REST = {
    f.__name__: f
    for f in (
        mpc_quarter,
        mpc_year,
        wealth_effect,
        monetary_gdp,
        monetary_quarter,
        fiscal_multiplier,
        technology_gdp,
        demand_inflation,
    )
}


def response(row: Row, calibrated: Calibrated, baseline: Baseline) -> float | str | None:
    """The model's number for a row of kind response; None where it is not measured, a sentence where it has no answer."""
    try:
        if row.measured in AT_REST:
            return float(AT_REST[row.measured](calibrated))
        answer = float(ON_BASELINE[row.measured](calibrated, baseline)) if row.measured in ON_BASELINE else np.nan
        return None if np.isnan(answer) else answer
    except NotSolved as failure:
        return f"not solved: {failure.outcome.reason}"


def _yield_change(baseline, change):
    before, after = _outcomes(baseline, None), _outcomes(baseline, change)
    return BASIS_POINTS * (_expected(after)[:TEN_YEARS] - _expected(before)[:TEN_YEARS]).mean()


def _expected(values):
    """Nominal return on bonds over the next quarter, % a year."""
    return np.asarray(values["bill_rate_annual"]) + np.asarray(values["premium"])[:, BONDS]


def _outcomes(baseline, change):
    solution, first = baseline.solution, baseline.economy.units.first_shown
    if change is not None:
        solution = solve_scenario(baseline, Scenario("response", "", (change,)).later(first))
        if not solution.outcome.converged:
            raise NotSolved(solution.outcome)
    problem, path = on_calendar(baseline, solution)
    report = reporter(baseline.economy)(problem, path, baseline.initial, baseline.economy.at_rest)
    return {name: np.asarray(values)[first:] for name, values in report.values.items()}
