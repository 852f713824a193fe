"""A model that knew no more than its vintage, against what happened."""

import math
import re

import numpy as np
import pandas as pd

from calibration.measures.moments import parsed
from calibration.numbers.tables import TableError, read_records
from experiments.estimation.tables import report_at
from model.core.units import QUARTERS_A_YEAR, quarter_index
from model.equilibrium.outcomes.register import RENAMED, UNITS

COLUMNS = ("outcome", "label", "quarter", "actual", "trend", "no_change", "forecast", "unit", "source", "note")
SUM = "+"
INDEX = re.compile(r"(\d{4})(Q[1-4])? = 100")
RULES = {
    "model": "the model",
    "trend": "a straight line",
    "no_change": "no change",
    "forecast": "a forecast of the time",
}


def actuals_of(path):
    """Rows of a table of what happened, numbers as such, a forecast that was not made as not a number; raises TableError."""
    rows = []
    for line, record in read_records(path, COLUMNS):
        try:
            record |= {key: float(record[key]) for key in ("actual", "trend", "no_change")}
            record["forecast"] = float(record["forecast"] or "nan")
            quarter_index(record["quarter"])
        except ValueError as error:
            raise TableError(f"{path}, line {line}: {error}; expected numbers and a quarter such as 2024Q1") from None
        if not all(math.isfinite(record[key]) for key in ("actual", "trend", "no_change")):
            raise TableError(f"{path}, line {line}: {record['outcome']}: expected finite numbers")
        rows.append(record)
    return rows


def past_tables(estimation, found, rows):
    """`(by quarter, by outcome)`: model, what happened, two simple rules, a forecast of the time, and their errors.

    The model's index (unit `2023Q4 = 100` or `2023 = 100`) has the same base; outcomes that the model does not have are left
    out.
    """
    report = report_at(estimation, found.u)
    names = {RENAMED.get(name, name) for name in UNITS}
    table = pd.DataFrame([_row(report, estimation, row) for row in rows if row["outcome"] in names])
    grouped = table.groupby(["outcome", "label", "unit"], sort=False)
    summary = grouped.apply(_summary, include_groups=False).reset_index()
    return table, summary


def _row(report, estimation, row):
    columns = [_column(estimation, row, label) for label in row["label"].split(SUM)]

    def at(quarter):
        values = report.initial if quarter < 0 else {name: v[quarter] for name, v in report.values.items()}
        return float(sum(np.asarray(values[name])[() if k is None else k] for name, k in columns))

    start = quarter_index(estimation.first_quarter)
    model = at(quarter_index(row["quarter"]) - start)
    if base := INDEX.search(row["unit"]):
        year, quarter = base.groups()
        first = quarter_index(f"{year}{quarter or 'Q1'}") - start
        model *= 100 / np.mean([at(first + k) for k in range(1 if quarter else QUARTERS_A_YEAR)])
    return {
        "outcome": row["outcome"],
        "label": row["label"],
        "quarter": row["quarter"],
        "unit": row["unit"],
        "actual": row["actual"],
        "model": model,
        **{name: row[name] for name in RULES if name != "model"},
    }


def _column(estimation, row, label):
    """Name of the outcome and position of its label, None without one."""
    window = f"{row['quarter']} to {row['quarter']}"
    moment = parsed(f"{row['outcome']}{f'[{label}]' if label else ''} {window}", estimation.first_quarter)
    return moment.outcome, moment.column


def _summary(group):
    """Errors over the quarters that every rule forecasts which forecasts any."""
    group = group.dropna(subset=[name for name in RULES if group[name].notna().any()])
    errors = {name: np.sqrt(((group[name] - group.actual) ** 2).mean()) for name in RULES}
    known = {name: error for name, error in errors.items() if np.isfinite(error)}
    return pd.Series(
        {
            "quarters": len(group),
            "distinct observations": group.actual.nunique(),
            **{f"{name}, last": group[name].iloc[-1] for name in ("actual", "model")},
            **{f"error of {words}": errors[name] for name, words in RULES.items()},
            "nearest": RULES[min(known, key=known.__getitem__)],
        }
    )
