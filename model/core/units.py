"""Units: years, quarters and days, dollars and kilowatt-hours. Quarterly GDP of 2025 = 1, annual electricity = 1."""

from typing import Any

import numpy as np

from model.core.types import Numbers

QUARTERS_A_YEAR = 4
DAYS_A_YEAR = 252  # on which markets trade
DAYS_A_QUARTER = DAYS_A_YEAR // QUARTERS_A_YEAR
DAYS_A_MONTH = DAYS_A_YEAR // 12
GDP_DOLLARS_A_YEAR = 30.5e12
ELECTRICITY_TWH_A_YEAR = 4190.0
GDP_TRILLIONS_A_QUARTER = GDP_DOLLARS_A_YEAR / QUARTERS_A_YEAR / 1e12
CENT_A_KWH = 0.01 * ELECTRICITY_TWH_A_YEAR * 1e9 / GDP_DOLLARS_A_YEAR
FIRST_YEAR = 2026


def gross_quarterly(rate_annual: Numbers) -> Numbers:
    """Gross quarterly return or growth factor from a net annual rate."""
    return (1 + rate_annual) ** (1 / QUARTERS_A_YEAR)


def percent_a_year(rate_quarterly: Numbers) -> Any:
    """Annual per cent from a net quarterly rate, compounded."""
    return 100 * ((1 + rate_quarterly) ** QUARTERS_A_YEAR - 1)


def quarter_label(t: int | np.integer) -> str:
    """`2026Q1` for t = 0."""
    return f"{FIRST_YEAR + t // QUARTERS_A_YEAR}Q{t % QUARTERS_A_YEAR + 1}"


def quarter_index(label: object) -> int:
    """Inverse of `quarter_label`; raises ValueError with the expected form."""
    year, separator, quarter = str(label).strip().upper().partition("Q")
    if not (separator and year.isdigit() and len(year) == 4 and quarter in {"1", "2", "3", "4"}):
        raise ValueError(f"quarter: got {label!r}, expected a form such as 2026Q1")
    return (int(year) - FIRST_YEAR) * QUARTERS_A_YEAR + int(quarter) - 1
