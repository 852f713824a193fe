"""The counterfactual table by calendar year: levels of the baseline, and what each scenario changes, as people print it."""

import pandas as pd

from experiments.answer.tables.counterfactual import ROWS, change, change_in_percent, series, why_not
from model.core.units import FIRST_YEAR, QUARTERS_A_YEAR
from model.equilibrium.outcomes.register import UNITS, spoken

YEARS = (2026, 2027, 2028, 2029, 2030, 2031, 2032, 2035, 2040)
DESCRIBED = "change from the baseline"


def year_table(results):
    """DataFrame with a row an outcome and path: means of calendar years, those of scenarios as changes from the baseline."""
    return pd.DataFrame([row for outcome, label, kind in ROWS for row in _rows(results, outcome, label, kind)])


def _rows(results, outcome, label, kind):
    name, base = spoken(outcome, label), results.baseline
    cells = calendar_means(series(base.values, outcome, label)) if base.certified else _refused(base)
    yield {"outcome": name, "path": base.name, "unit": UNITS[outcome][0]} | cells
    for s in results.solved[1:]:
        unit = f"{kind}, {DESCRIBED}"
        yield {"outcome": name, "path": s.name, "unit": unit} | (
            _changes(base, s, outcome, label, kind) if s.certified else _refused(s)
        )


def _changes(base, solved, outcome, label, kind):
    before, after = (pd.Series(calendar_means(series(s.values, outcome, label))) for s in (base, solved))
    found = change_in_percent(outcome, before, after) if kind == "%" else change(before, after, kind)
    return found.to_dict()


def calendar_means(values, years=YEARS):
    """`{year: mean}` of a series that begins with the first quarter shown, of years that it has whole."""
    starts = {year: QUARTERS_A_YEAR * (year - FIRST_YEAR) for year in years}
    return {
        str(year): float(values[t : t + QUARTERS_A_YEAR].mean())
        for year, t in starts.items()
        if t + QUARTERS_A_YEAR <= len(values)
    }


def _refused(solved):
    return dict.fromkeys(map(str, YEARS), why_not(solved))
