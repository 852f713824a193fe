"""Units: years, quarters and days, dollars and kilowatt-hours. Quarterly GDP and annual electricity before the first quarter = 1."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.core.types import Numbers

QUARTERS_A_YEAR = 4
DAYS_A_YEAR = 252  # on which markets trade
DAYS_A_QUARTER = DAYS_A_YEAR // QUARTERS_A_YEAR
DAYS_A_MONTH = DAYS_A_YEAR // 12


@dataclass(frozen=True)
class Units:
    """What an economy's units are: its first quarter, and what quarterly GDP and annual electricity of one stand for."""

    first_year: int  # whose first quarter is the economy's
    gdp_dollars_a_year: float
    electricity_twh_a_year: float

    @property
    def gdp_billions_a_year(self) -> float:
        return self.gdp_dollars_a_year / 1e9

    @property
    def gdp_trillions_a_quarter(self) -> float:
        return self.gdp_dollars_a_year / QUARTERS_A_YEAR / 1e12

    @property
    def cent_a_kwh(self) -> float:
        return 0.01 * self.electricity_twh_a_year * 1e9 / self.gdp_dollars_a_year

    def quarter_label(self, t: int | np.integer) -> str:
        """`2026Q1` for t = 0 where that is the first quarter."""
        return f"{self.first_year + t // QUARTERS_A_YEAR}Q{t % QUARTERS_A_YEAR + 1}"

    def quarter_index(self, label: object) -> int:
        """Inverse of `quarter_label`; raises ValueError with the expected form."""
        year, separator, quarter = str(label).strip().upper().partition("Q")
        if not (separator and year.isdigit() and len(year) == 4 and quarter in {"1", "2", "3", "4"}):
            raise ValueError(f"quarter: got {label!r}, expected a form such as 2026Q1")
        return (int(year) - self.first_year) * QUARTERS_A_YEAR + int(quarter) - 1

    @property
    def first_shown(self) -> int:
        """The quarter from which answers are told: what was before is history."""
        return self.quarter_index(FIRST_SHOWN)


FIRST_SHOWN = "2026Q1"
UNITS_OF_2025 = Units(2026, 30.5e12, 4190.0)
quarter_label, quarter_index = UNITS_OF_2025.quarter_label, UNITS_OF_2025.quarter_index
FIRST_YEAR = UNITS_OF_2025.first_year


def gross_quarterly(rate_annual: Numbers) -> Numbers:
    """Gross quarterly return or growth factor from a net annual rate."""
    return (1 + rate_annual) ** (1 / QUARTERS_A_YEAR)


def percent_a_year(rate_quarterly: Numbers) -> Any:
    """Annual per cent from a net quarterly rate, compounded."""
    return 100 * ((1 + rate_quarterly) ** QUARTERS_A_YEAR - 1)
