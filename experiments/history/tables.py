"""Tables of the past: contributions by quarter, growth by year with the part of AI, moments of model and data."""

import numpy as np
import pandas as pd

from calibration.shocks.past import AI, NOISE, START, TREND
from calibration.shocks.tables import observables, shocks, watched
from model.core.axes import DEMAND
from model.core.units import QUARTERS_A_YEAR

PARTS = (TREND, AI, "supply", "demand", "markets", "money", "fiscal", "energy", START, NOISE)
SPOKEN = {
    "gdp": "Growth of real GDP", "consumption": "Growth of consumption", "business_investment": "Growth of business investment",
    "government": "Growth of government purchases", "unemployment": "Unemployment", "inflation": "Core inflation",
    "policy_rate": "Policy rate", "two_year_yield": "Two-year yield", "ten_year_yield": "Ten-year yield",
    "equity": "Growth of the value of equity", "house_price": "Growth of the value of homes",
    "fuel_price": "Growth of the price of gas", "ai_investment": "Growth of AI investment", "electricity": "Growth of electricity",
}  # fmt: skip
GROWTH = "% a year, logarithms"  # contributions to it add up
IMPORTED, POWER = DEMAND.labels.index("imports"), DEMAND.labels.index("power_and_grid")
EQUIPMENT = DEMAND.labels.index("ai_investment")


def annualised(o):
    """What a number is multiplied by to be told: growth a quarter as growth a year."""
    return QUARTERS_A_YEAR if o.change == "growth" else 1.0


def unit(o):
    """The unit of what is told."""
    return GROWTH if o.change == "growth" else "% of the labour force" if o.name == "unemployment" else "% a year"


def contribution_table(past, parts, first):
    """Table `outcome, quarter, unit, data` and a column a part of `calibration.shocks.past.contributions`; they add up to the data."""
    rows, quarters = [], [q for q in past.known if q >= first]
    for o in watched():
        scale = annualised(o)
        told = {name: scale * parts[name].loc[quarters, o.name].to_numpy() for name in PARTS}
        data = scale * past.data.loc[quarters, o.name].to_numpy() if o.column else np.full(len(quarters), np.nan)
        head = {"outcome": SPOKEN[o.name], "quarter": quarters, "unit": unit(o), "data": data}
        rows.append(pd.DataFrame(head | told))
    return pd.concat(rows, ignore_index=True)


def shock_table(past, first):
    """Shocks by quarter, in their own standard deviations."""
    names = [s.name for s in shocks()]
    table = pd.DataFrame(past.smoothed.shocks, past.known[1:], names)
    return table.loc[first:].reset_index(names="quarter")


def growth_table(past, parts, growth_by_kind, trend_by_kind, spread):
    """Growth of GDP in the years since the news of AI, per cent from the fourth quarter to the fourth, and its parts.

    `growth_by_kind` has the contributions of kinds of demand on the baseline, `(quarters, demand)`, per cent a year, `trend_by_kind`
    those without AI. `spread` is `{year: (low, high)}` of the part of AI over draws of the calibration.
    """
    rows = []
    known = [q for q in past.known if q >= past.quarters[past.first]]
    for year in dict.fromkeys(q[:4] for q in known):
        quarters = [q for q in known if q.startswith(year)]
        places = [past.quarters.index(q) - past.first for q in quarters]
        kinds = (growth_by_kind[places] - trend_by_kind).sum(0) / QUARTERS_A_YEAR
        gross = kinds[EQUIPMENT] + kinds[POWER]
        told = {name: parts[name].loc[quarters, "gdp"].sum() for name in PARTS}
        low, high = spread.get(year, (np.nan, np.nan))
        rows.append(
            {
                "period": year if len(quarters) == QUARTERS_A_YEAR else f"{quarters[0]} to {quarters[-1]}",
                "growth": past.data.loc[quarters, "gdp"].sum(),
                "trend": told.pop(TREND),
                "ai": told.pop(AI),
                "ai_low_5": low,
                "ai_high_95": high,
                "ai_spending_gross": gross,
                "ai_spending_net_of_imports": gross + kinds[IMPORTED],
                "other_shocks": sum(value for name, value in told.items() if name != NOISE),
                "not_explained": told[NOISE],
            }
        )
    return pd.DataFrame(rows)


def moment_table(space, sizes, noise, data, generator, samples=200):
    """Standard deviation, autocorrelation and correlation with growth of model and data, before the first quarter of the model.

    The model's are those at rest; `low` and `high` are where 90 % of its samples of the data's length lie. `space`, `sizes` and `noise`
    are of one quarter; `data` are deviations, of which the pandemic's quarters are left out.
    """
    calm = data.drop(index=[q for q in data.index if q[:4] in ("2020", "2021")])
    simulated = np.array([_moments(_sample(space, sizes, noise, data, generator)) for _ in range(samples)])
    low, middle, high = np.percentile(simulated, (5, 50, 95), axis=0)
    found, rows = _moments(calm), []
    for k, o in enumerate(observables()):
        for j, what in enumerate(("standard deviation", "autocorrelation", "correlation with growth of GDP")):
            rows.append(
                {
                    "outcome": SPOKEN[o.name],
                    "moment": what,
                    "data": found[k, j],
                    "model": middle[k, j],
                    "low_5": low[k, j],
                    "high_95": high[k, j],
                }
            )
    return pd.DataFrame(rows)


def _sample(space, sizes, noise, data, generator):
    """Simulated data of the same length and gaps."""
    transition, pushed = np.asarray(space.transition), np.asarray(space.impact) * sizes
    m, state, found = data.shape[1], np.zeros(len(transition)), []
    for _ in range(BURN_IN + len(data)):
        state = transition @ state + pushed @ generator.normal(size=pushed.shape[1])
        found.append(state[-m:])
    values = np.array(found[BURN_IN:]) + noise * generator.normal(size=data.shape)
    return pd.DataFrame(np.where(data.isna(), np.nan, values), columns=data.columns)


BURN_IN = 100  # quarters


def _moments(data):
    growth = data["gdp"]
    return np.array([[data[c].std(), data[c].autocorr(), data[c].corr(growth)] for c in data])
