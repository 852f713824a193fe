"""The numbers of the daily block from their table."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from calibration.numbers.tables import Row, read_records, read_table
from model.markets.declarations import Parameters

HERE = Path(__file__).parent
PARAMETERS_FILE, ESTIMATED_FILE, TARGETS_FILE = HERE / "parameters.csv", HERE / "estimated.csv", HERE / "targets.csv"
PARAMETER_COLUMNS = ("name", "symbol", "value", "unit", "low", "high", "estimated", "source")
ESTIMATED_COLUMNS = ("name", "value", "standard_error")
TARGET_COLUMNS = ("name", "value", "standard_error", "unit", "used", "period", "publisher", "reference")


def parameter_rows() -> dict[str, Row]:
    """Rows of parameters.csv by name, with the values and standard errors of estimated.csv."""
    estimated = read_table(ESTIMATED_FILE, ESTIMATED_COLUMNS)
    rows = read_table(PARAMETERS_FILE, PARAMETER_COLUMNS)
    return {name: row if name not in estimated else _estimated(row, estimated[name]) for name, row in rows.items()}


def _estimated(row, found):
    return replace(row, value=found.value, standard_error=found.standard_error)


def estimated_names() -> tuple[str, ...]:
    """Names of the parameters that the moments of markets inform."""
    return tuple(
        raw["name"] for _, raw in read_records(PARAMETERS_FILE, PARAMETER_COLUMNS) if raw["estimated"] == "yes"
    )


def market_parameters(values: Mapping[str, float] | None = None) -> Parameters:
    """`model.markets.declarations.Parameters` at the shipped numbers, with `values` `{name: number}` in their place."""
    numbers: dict[str, Any] = {name: row.value for name, row in parameter_rows().items()}
    return Parameters(**{**numbers, **(values or {})})


def target_rows() -> dict[str, Row]:
    """Rows of targets.csv by name."""
    return read_table(TARGETS_FILE, TARGET_COLUMNS)
