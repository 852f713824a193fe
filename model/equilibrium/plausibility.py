"""Which values an outcome can have at all, and between which ones nobody wonders."""

import numpy as np

ROUNDING = 1e-9
SHARE, POSITIVE = (0.0, 100.0), (0.0, np.inf)

POSSIBLE = {
    **dict.fromkeys(
        "unemployment unemployment_by_skill automated_share electricity_datacentre_share bond_share imported_share "
        "poverty poverty_of_young_low poverty_of_young_middle top_income_share top_wealth_share wealth_share_by_age "
        "wealth_share_by_skill".split(),
        SHARE,
    ),
    **dict.fromkeys(
        "gdp_real consumption labour_share ai_capex_share ai_revenue_share output relative_price capital q market_cap house_price "
        "wage income spender_spending wealth electricity generation capacity under_construction electricity_price wholesale_price "
        "grid_capacity interconnection_capacity grid_rent interconnection_rent gpu_rent copper_price rent childcare_price "
        "affordability poverty_line".split(),
        POSITIVE,
    ),
    "mining_share": (-100.0, 100.0),  # against that of 2025
    "pue": (1.0, np.inf),
    "gini": (0.0, 1.0),
}  # fmt: skip
USUAL = {
    "gdp_growth_annual": (-8.0, 8.0),
    "unemployment": (2.0, 15.0),
    "unemployment_by_skill": (1.0, 25.0),
    "inflation_annual": (-2.0, 8.0),
    "policy_rate_annual": (-1.0, 10.0),
    "labour_share": (35.0, 70.0),
    "ai_capex_share": (0.0, 6.0),
    "public_debt_share": (30.0, 200.0),
    "tax_rate": (0.0, 60.0),
}  # about the range of advanced economies since 1950


def impossible(values):
    """Sentences on outcomes `{name: (T,) or (T, label)}` that no economy can have."""
    return [_sentence(name, values[name], low, high, "possible is") for name, low, high in _outside(values, POSSIBLE)]


def unusual(values):
    """Sentences on outcomes that would be without example."""
    return [_sentence(name, values[name], low, high, "usual is") for name, low, high in _outside(values, USUAL)]


def _outside(values, ranges):
    for name, (low, high) in ranges.items():
        if name in values and (np.min(values[name]) < low - ROUNDING or np.max(values[name]) > high + ROUNDING):
            yield name, low, high


def _sentence(name, path, low, high, word):
    low_is_worse = low - np.min(path) > np.max(path) - high
    worst = np.min(path) if low_is_worse else np.max(path)
    wanted = f"{low:g} or more" if high == np.inf else f"{low:g} to {high:g}"
    return f"{name} is {worst:.3g}; {word} {wanted}"
