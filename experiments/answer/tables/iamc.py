"""Paths in the format of the Integrated Assessment Modeling Consortium, which energy modellers' tools read."""

import pandas as pd

from experiments.answer.tables.counterfactual import series
from experiments.answer.tables.years import calendar_means
from model.core.units import FIRST_YEAR

MODEL, REGION = "Two Economies 0.1", "USA"
EJ = 0.0036  # a terawatt-hour in exajoules
STILL = ", without trend"
YEARS = range(FIRST_YEAR, FIRST_YEAR + 25)
# (outcome, label): variable of the consortium's template where it has one, unit, factor
VARIABLES = {
    ("gdp_real", None): ("GDP|Index", f"index{STILL}", 1),
    ("consumption", None): ("Consumption|Index", f"index{STILL}", 1),
    ("unemployment", None): ("Unemployment|Rate", "%", 1),
    ("electricity", None): ("Secondary Energy|Electricity", f"EJ/yr{STILL}", EJ),
    ("generation", "gas"): ("Secondary Energy|Electricity|Gas", f"EJ/yr{STILL}", EJ),
    ("generation", "nuclear"): ("Secondary Energy|Electricity|Nuclear", f"EJ/yr{STILL}", EJ),
    ("generation", "renewable"): ("Secondary Energy|Electricity|Solar and Wind", f"EJ/yr{STILL}", EJ),
    ("electricity_datacentre_share", None): ("Final Energy|Commercial|Data Centers|Electricity|Share", "%", 1),
    ("electricity_price", None): ("Price|Final Energy|Electricity", "US cents/kWh", 1),
    ("wholesale_price", None): ("Price|Secondary Energy|Electricity", "US cents/kWh", 1),
    ("build_spending", "power_plants"): (
        "Investment|Energy Supply|Electricity|Generation",
        f"billion US$/yr{STILL}",
        1,
    ),
    ("build_spending", "grid"): (
        "Investment|Energy Supply|Electricity|Transmission and Distribution",
        f"billion US$/yr{STILL}",
        1,
    ),
    ("build_spending", "ai_equipment"): ("Investment|AI Equipment", f"billion US$/yr{STILL}", 1),
    ("build_spending", "connections"): ("Investment|Data Center Connections", f"billion US$/yr{STILL}", 1),
}


def iamc_table(results):
    """DataFrame `Model, Scenario, Region, Variable, Unit` and a column a year: means of years of what is certified."""
    return pd.DataFrame(
        [
            {"Model": MODEL, "Scenario": s.name, "Region": REGION, "Variable": variable, "Unit": unit}
            | calendar_means(factor * _with_on_site(s.values, outcome, label), YEARS)
            for s in results.solved
            if s.certified
            for (outcome, label), (variable, unit, factor) in VARIABLES.items()
        ]
    )


def _with_on_site(values, outcome, label):
    """The series; of gas and of power plants with what data centres have on site, which the sum of electricity holds too."""
    own = series(values, outcome, label)
    if (outcome, label) == ("generation", "gas"):
        used = values["electricity"] * values["electricity_datacentre_share"] / 100
        return own + used * values["on_site_share"] / 100
    if (outcome, label) == ("build_spending", "power_plants"):
        return own + series(values, outcome, "on_site_power")
    return own
