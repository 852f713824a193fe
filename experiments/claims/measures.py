"""Numbers and series of a claim from certified paths."""

import numpy as np

from experiments.answer.tables.counterfactual import (
    ROWS,
    change,
    change_in_percent,
    extra_investment,
    fiscal_cost,
    no_ratio,
    output_gain,
    series,
)
from experiments.claims.files import BASELINE, INITIAL
from experiments.claims.files import EARLIEST as FIRST
from model.core.axes import SKILL
from model.core.units import QUARTERS_A_YEAR, UNITS_OF_2025

EARLIEST = UNITS_OF_2025.quarter_index(FIRST)  # counted from the first quarter shown
SHOWN = 60  # quarters of a series that are kept
DAILY_QUARTERS, MONTHS_A_QUARTER = 10, 3  # of daily paths
LONGEST_LEAD = 12
DECADE = 40  # quarters
BASIS_POINTS = 100  # in a point
SEARCHED = 20  # quarters in which a slump or a peak is looked for
EARLY = 4  # quarters over which a contribution to a wave is averaged


def path_of(spec, paths, whole=False):
    """A `files.Series` over time `(T,)` from `{name: Solved}`, with the history before the first quarter shown if `whole`."""
    quarters = _with_history if whole else _shown
    here = _level(spec, quarters(paths[spec.scenario]))
    if spec.against is None:
        return here
    before = (
        _level(spec, paths[BASELINE].initial, at_rest=True)
        if spec.against == INITIAL
        else _level(spec, quarters(paths[spec.against]))
    )
    return change_in_percent(spec.outcome, before, here) if spec.change == "%" else here - before


def _shown(solved):
    return solved.values


def _with_history(solved):
    """Outcomes from `EARLIEST` on; before an economy begins it is in its initial steady state."""
    return {key: np.concatenate([*_before(solved, key), shown]) for key, shown in solved.values.items()}


def _before(solved, key):
    told = len(solved.history.get(key, ()))
    rest = np.broadcast_to(solved.initial[key], (-EARLIEST - told, *np.shape(solved.initial[key])))
    return (rest, solved.history[key]) if told else (rest,)


def pair_of(spec, paths):
    """Levels `(T,)` of both sides of a series, the second None where there is no other path."""
    other = None if spec.against in (None, INITIAL) else _level(spec, paths[spec.against].values)
    return _level(spec, paths[spec.scenario].values), other


def _level(spec, values, at_rest=False):
    values = {name: np.asarray(value)[None] for name, value in values.items()} if at_rest else values
    level = series(values, spec.outcome, spec.label)
    return level if spec.over is None else level / series(values, spec.over, spec.over_label)


def measured(claim, names, paths, days=None):
    """`{measure: number}` of the measures `names`, from `{scenario: Solved}` and the answers `days` of the daily block."""
    found = {}

    def value(name):
        if name not in found:
            m = claim.measures[name]
            found[name] = m.times * (abs(_value(m)) if m.absolute else _value(m))
        return found[name]

    def _value(m):
        if m.difference:
            return value(m.difference[0]) - value(m.difference[1])
        if m.ratio:
            return value(m.ratio[0]) / value(m.ratio[1])
        if m.largest_of:
            return max(value(name) for name in m.largest_of)
        if m.days:
            return _number(days[m.days])
        if m.function:
            return FUNCTIONS[m.function](*(paths[name] for name in m.of))
        first, last = (quarter - EARLIEST for quarter in m.span)
        return _statistic(path_of(m.series, paths, whole=True)[first : last + 1], m.statistic)

    return {name: float(value(name)) for name in names}


def _number(answer):
    """A question of days, in months, that has no number within the paths lies beyond them."""
    return DAILY_QUARTERS * MONTHS_A_QUARTER + 1 if isinstance(answer, str) else answer


def _statistic(values, statistic):
    return {
        "mean": np.mean,
        "last": lambda v: v[-1],
        "largest": np.max,
        "smallest": np.min,
        "sum": np.sum,
    }[statistic](values)


def largest_gap(one, other):
    """Largest difference of any outcome of the counterfactual table at any quarter [% or its own unit]."""
    gaps = [np.abs(change(*(series(s.values, o, label) for s in (other, one)), kind)).max() for o, label, kind in ROWS]
    return max(gaps)


def lead_of_equity(shocked, base):
    """Quarters by which equity leads GDP after shocks like this one, which come every quarter by chance.

    The lag at which the covariance of both, from their impulse responses, is largest in size; zero if they move together.
    """
    value, gdp = (_deviation(shocked, base, *key) for key in (("market_cap", "traditional_equity"), ("gdp_real", None)))
    covariance = [
        np.abs((value[: len(value) - k] * gdp[k:]).sum() if k >= 0 else (value[-k:] * gdp[: len(gdp) + k]).sum())
        for k in range(-LONGEST_LEAD, LONGEST_LEAD + 1)
    ]
    return int(np.argmax(covariance)) - LONGEST_LEAD


def _deviation(one, other, outcome, label):
    return np.log(series(one.values, outcome, label) / series(other.values, outcome, label))


def sahm_rise(solved, base):
    """Largest rise of unemployment over the lowest of the four quarters before [pp], from the first quarter shown on.

    Sahm (2019) takes means of three months over the lowest of twelve, and calls a recession from half a point on.
    """
    rate = _with_history(solved)["unemployment"]
    searched = range(-EARLIEST, -EARLIEST + SEARCHED)
    return max(rate[t] - rate[t - QUARTERS_A_YEAR : t].min() for t in searched)


def falling_quarters(solved, base):
    """The longest run of quarters, one after another, in which real GDP falls."""
    longest = run = 0
    for growth in solved.values["gdp_growth_annual"][:SEARCHED]:
        run = run + 1 if growth < 0 else 0
        longest = max(longest, run)
    return longest


def cents_a_dollar(solved, base):
    """How much GDP moves for each dollar of household wealth, over the first year [cents a year]."""
    gained, held = (
        (solved.values[name] - base.values[name])[:QUARTERS_A_YEAR].mean() for name in ("gdp_real", "household_wealth")
    )
    return 100 * gained / held


def rise_with_trend(solved, base):
    """How far the real wage of the low-skilled rises from 2025 to 2035, with the trend of the economy [%]."""
    wage, level, growth = (_with_history(solved)[name] for name in ("wage", "gdp_real", "gdp_growth_annual"))
    trend = (1 + growth[1] / 100) ** (1 / QUARTERS_A_YEAR) / (level[1] / level[0])
    low, start = wage[:, SKILL.index("L")], -EARLIEST - QUARTERS_A_YEAR
    years = [low[start + k : start + k + QUARTERS_A_YEAR].mean() for k in (0, DECADE)]
    return 100 * (years[1] / years[0] * trend**DECADE - 1)


def peak_quarter(solved, base):
    """The quarter, counted from one, in which the response of GDP is largest in size."""
    return int(np.abs(_deviation(solved, base, "gdp_real", None)[:SEARCHED]).argmax()) + 1


def net_gain_per_dollar(policy, base):
    """Output gained less all that is invested in addition, in homes too, per dollar of fiscal cost, present values."""
    return (output_gain(base, policy) - extra_investment(base, policy)) / _cost(base, policy)


def output_gained(policy, base):
    """Output gained over ten years, present value [% of a year's GDP]."""
    return output_gain(base, policy)


def ten_year_fall(policy, base):
    """Fall of the mean of the returns that bonds are expected to bring over ten years [bp]."""
    return BASIS_POINTS * np.mean(_bond_return(base) - _bond_return(policy))


def _bond_return(solved):
    values = solved.values
    return (values["bill_rate_annual"] + series(values, "premium", "bonds"))[:DECADE]


def gain_per_dollar(policy, base):
    """Output gained per dollar of outlays and debt service, present values; not a number without outlays or cost."""
    return output_gain(base, policy) / _cost(base, policy)


def gain_less_cost(policy, base):
    """Output gained less outlays and debt service, present values [% of a year's GDP]."""
    return output_gain(base, policy) - fiscal_cost(base, policy)


def welfare_per_dollar(policy, base):
    """Welfare [% of spending for life] per cent of a year's GDP spent."""
    gains = (s.values["welfare_of_all"][0] for s in (base, policy))
    return change_in_percent("welfare_of_all", *gains) / _cost(base, policy)


def _cost(base, policy):
    return np.nan if no_ratio(base, policy) else fiscal_cost(base, policy)


def share_of_part(part, rest, whole, base):
    """What share [%] of the whole change of GDP a part of it brings: Shapley value of two players, mean of the first quarters."""
    worth = [change(base.values["gdp_real"], s.values["gdp_real"], "%")[:EARLY].mean() for s in (part, rest, whole)]
    return 100 * (worth[0] + worth[2] - worth[1]) / 2 / worth[2]


FUNCTIONS = {
    f.__name__: f
    for f in (
        largest_gap,
        lead_of_equity,
        sahm_rise,
        falling_quarters,
        cents_a_dollar,
        peak_quarter,
        rise_with_trend,
        gain_per_dollar,
        net_gain_per_dollar,
        output_gained,
        ten_year_fall,
        gain_less_cost,
        welfare_per_dollar,
        share_of_part,
    )
}
