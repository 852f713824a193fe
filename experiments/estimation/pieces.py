"""`python -m experiments.estimation.pieces`: what each piece of the default economy does, one taken away at a time.

Nothing is estimated again. Rows are Markdown, for `calibration/vintages/README.md`; units stand in its text.
"""

import sys

import numpy as np

from calibration import calibrate
from calibration.inputs import load_inputs
from experiments.answer.certificate import certified_solution
from model.core.units import QUARTERS_A_YEAR, Units
from model.transition.solutions import BASELINE, Baseline, NotSolved, Settings

NEWS = "catch_up.belief.news_"
PIECES = {
    "as estimated": {},
    "no exports of AI": {"ai_exports.share": 0.0},
    "chips at a constant price": {"chips.supply_elasticity": 50.0},
    "all tasks that will ever be open to AI are so from the start": {
        "adoption.base_share": "catch_up.multiplier.Fbar",
        "catch_up.multiplier.Fbar": 1.0,
    },
    "no on-site power": {"on_site_power.base_starts": 1e-9},
    "no finance premium": {"ai_debt.premium_elasticity": 0.0},
    "no inertia of investment, no habits": {"investment_inertia.cost": 0.0, "households.habit": 0.0},
    "logarithmic tastes for wealth": {"households.wealth_curvature": 1.0},
    "spenders keep nothing": {"balances.kept_share": 0.0},
    "tariffs of the grid as they were": {"network_tariff.fixed_share": 0.0},
    "no disappointment": {"catch_up.disappointment": 0.0},
    "all of it believed in from 2024Q1": {f"{NEWS}2024Q1": 1.0, f"{NEWS}2025Q1": 1.0},
}
TREND = 1.018


def main():
    """Print the table; 1 if an economy is not solved."""
    inputs, near, unsolved = load_inputs(name="us_2022q4"), (), 0
    for name, moved in PIECES.items():
        values = {key: _value(inputs, value) for key, value in moved.items()}
        calibrated = calibrate(values, inputs=inputs)
        try:
            baseline = calibrated.baseline(Settings(), near=near)
        except NotSolved as failure:
            print(f"| {name} | not solved: {failure} |", flush=True)
            unsolved += 1
            continue
        near = near or baseline.segments
        print(f"| {name} | {' | '.join(row_of(baseline))} |", flush=True)
    return int(bool(unsolved))


def _value(inputs, value):
    """A number, or what the base share of open tasks is times a multiplier by its name."""
    return inputs.value("adoption.base_share") * inputs.value(value) if isinstance(value, str) else value


def row_of(baseline: Baseline) -> list[str]:
    """Cells of the table, as its head in `calibration/vintages/README.md` says."""
    solved = certified_solution(baseline, baseline.solution, BASELINE, "")
    if not solved.certified:
        return [f"not solved: {solved.certificate['reason']}"]
    years = _Years(baseline.economy.units, solved)
    rent = np.concatenate([solved.history["interconnection_rent"], solved.values["interconnection_rent"]])
    equity = years.series("market_cap")[:, 1]
    first, last = map(baseline.economy.units.quarter_index, ("2025Q4", "2026Q2"))
    return [
        " ".join(f"{years.growth(y):.1f}" for y in (2026, 2027, 2028)),
        " ".join(f"{years.level_over(2025, y):.1f}" for y in (2030, 2035)),
        f"{years.mean('labour_share', 2030) - years.mean('labour_share', 2025):.1f}",
        " ".join(f"{years.mean('ai_revenue_share', y):.1f}" for y in (2025, 2030)),
        " ".join(f"{years.mean('ai_capex_share', y):.2f}" for y in (2025, 2026, 2027, 2030)),
        " ".join(f"{years.mean('electricity_datacentre_share', y):.1f}" for y in (2028, 2030)),
        f"{rent.max():.0f}",
        f"{years.mean('unemployment', 2026):.1f}",
        f"{100 * (equity[last] / equity[first] - 1):.0f}",
    ]


class _Years:
    """Outcomes of a solved baseline by year."""

    def __init__(self, units: Units, solved):
        self.units, self.solved = units, solved

    def series(self, outcome):
        return np.concatenate([self.solved.history[outcome], self.solved.values[outcome]])

    def mean(self, outcome, year):
        start = self.units.quarter_index(f"{year}Q1")
        return self.series(outcome)[start : start + QUARTERS_A_YEAR].mean()

    def level_over(self, base, year):
        gdp = self.series("gdp_real")
        return 100 * gdp[self.units.quarter_index(f"{year}Q4")] / gdp[self.units.quarter_index(f"{base}Q4")]

    def growth(self, year):
        """Fourth quarter on fourth, with the trend."""
        return self.level_over(year - 1, year) * TREND - 100


if __name__ == "__main__":
    sys.exit(main())
