"""A model that knew no more than its vintage, against what happened."""

import math

import numpy as np
import pandas as pd

from calibration.measures.moments import parsed
from calibration.numbers.tables import TableError, read_records
from experiments.estimation.tables import report_at
from model.core.units import quarter_index
from model.equilibrium.outcomes.register import RENAMED, UNITS

COLUMNS = ("outcome", "label", "quarter", "actual", "trend", "unit", "source", "note")
SUM = "+"
INDEX = "= 100"


def actuals_of(path):
    """Rows of a table of what happened, `actual` and `trend` as numbers; raises TableError."""
    rows = []
    for line, record in read_records(path, COLUMNS):
        try:
            record |= {key: float(record[key]) for key in ("actual", "trend")}
            quarter_index(record["quarter"])
        except ValueError as error:
            raise TableError(f"{path}, line {line}: {error}; expected numbers and a quarter such as 2024Q1") from None
        if not all(math.isfinite(record[key]) for key in ("actual", "trend")):
            raise TableError(f"{path}, line {line}: got {record['actual']}, {record['trend']}; expected finite numbers")
        rows.append(record)
    return rows


def past_tables(estimation, found, rows):
    """`(by quarter, by outcome)`: model, what happened, the naive trend, and their errors.

    An index (unit `... = 100`) of a later base than the model's is set to 100 in the quarter before the first; outcomes
    that the model does not have are left out.
    """
    report, start = report_at(estimation, found.u), quarter_index(estimation.first_quarter)
    names = {RENAMED.get(name, name) for name in UNITS}
    table = pd.DataFrame(
        [
            _row(report, estimation, row, quarter_index(row["quarter"]) - start)
            for row in rows
            if row["outcome"] in names
        ]
    )
    grouped = table.groupby(["outcome", "label", "unit"], sort=False)
    summary = grouped.apply(_summary, include_groups=False).reset_index()
    return table, summary


def _row(report, estimation, row, quarter):
    columns = [_column(estimation, row, label) for label in row["label"].split(SUM)]
    model = float(
        sum(report.values[name][quarter] if k is None else report.values[name][quarter, k] for name, k in columns)
    )
    if INDEX in row["unit"]:
        model *= 100 / float(sum(report.initial[name] if k is None else report.initial[name][k] for name, k in columns))
    return {
        "outcome": row["outcome"],
        "label": row["label"],
        "quarter": row["quarter"],
        "unit": row["unit"],
        "actual": row["actual"],
        "model": model,
        "trend": row["trend"],
        "model less actual": model - row["actual"],
        "trend less actual": row["trend"] - row["actual"],
    }


def _column(estimation, row, label):
    """Name of the outcome and position of its label, None without one."""
    window = f"{row['quarter']} to {row['quarter']}"
    moment = parsed(f"{row['outcome']}{f'[{label}]' if label else ''} {window}", estimation.first_quarter)
    return moment.outcome, moment.column


def _summary(group):
    errors = {name: np.sqrt((group[f"{name} less actual"] ** 2).mean()) for name in ("model", "trend")}
    better = "model" if errors["model"] < errors["trend"] else "trend"
    return pd.Series(
        {
            "quarters": len(group),
            "actual, last": group.actual.iloc[-1],
            "model, last": group.model.iloc[-1],
            "trend, last": group.trend.iloc[-1],
            "root mean square error of the model": errors["model"],
            "of the trend": errors["trend"],
            "nearer": better,
        }
    )
