"""How much of growth was AI: by spending, and by all that it did."""

import jax
import jax.numpy as jnp
import numpy as np

from calibration.shocks.baseline_draws import baseline_draws
from calibration.shocks.past import QUARTERS_AHEAD
from experiments.answer.tables.writing import two_digits
from model.equilibrium.outcomes.report import reporter

BAND = (5, 95)
YEAR = "2025"
PUBLISHED = (
    "Published, by share of spending and gross of imports: information technology and data centres 0.97 points of growth in the first three "
    "quarters of 2025 (Federal Reserve Bank of St. Louis), 92 % of growth in its first half (Furman); neither says what would have been without it."
)


def by_kind(baseline):
    """Contributions of kinds of demand to growth, per cent a year, `(quarters, demand)`; and those of a year without AI `(demand,)`."""
    economy, base = baseline.economy, baseline.solution
    given = base.problem, jnp.asarray(base.path), jnp.asarray(baseline.initial), economy.at_rest
    report = jax.device_get(reporter(economy)(*given))
    return report.values["growth_contribution"][:QUARTERS_AHEAD], report.initial["growth_contribution"]


def spread_of(inputs, past):
    """`{year: (low, high)}` of the part of AI in growth over the stored draws of the calibration; empty for another economy."""
    draws = baseline_draws(inputs)
    if draws is None:
        return {}
    quarters = past.known[past.first :]
    ai = draws["gdp"][quarters] - past.trend.loc[quarters, "gdp"]
    years = ai.T.groupby(lambda q: q[:4]).sum()
    return {year: tuple(np.percentile(values, BAND)) for year, values in years.iterrows()}


def sentence(growth):
    """The answer in words, on the table of `experiments.history.tables.growth_table`."""
    whole, ai = growth.growth.sum(), growth.ai.sum()
    unexplained = growth.not_explained.sum()
    last, year, start = growth.iloc[-1], growth[growth.period == YEAR].iloc[0], growth.iloc[0]
    return (
        f"From 2022Q4 to the last data real GDP grew by {two_digits(whole)} % (logarithms, so that parts add up), of which AI is {two_digits(ai)} points: what its news, its "
        f"spending and its use did to the whole economy; {two_digits(unexplained)} points are explained by nothing in the model. Spending on AI equipment and power alone adds {two_digits(growth.ai_spending_gross.sum())} points by its share, "
        f"{two_digits(growth.ai_spending_net_of_imports.sum())} net of imports. In {YEAR} growth was {two_digits(year.growth)} % and without AI "
        f"{two_digits(year.growth - year.ai)}; over {last.period} AI is {two_digits(last.ai)} of {two_digits(last.growth)} points (not annualised). {_of_start(start)}{PUBLISHED}"
    )


def _of_start(start):
    """Why AI's part of the first year is below zero, where it is."""
    if start.ai >= 0:
        return ""
    return (
        f"Of {start.period} it is {two_digits(start.ai)}, which is how the model begins and no finding: with fewer connections of data centres than "
        "at rest, it sells less AI abroad from the first quarter on, before the news of 2024. "
    )
