"""The balance sheets of Treasury and Fed that operations in dollars start from."""

from functools import cache
from pathlib import Path

from calibration.numbers.tables import TableError, read_table
from model.transition.scenarios.public_balance_sheet import BalanceSheet

FILE = Path(__file__).parents[1] / "balance_sheet.csv"
COLUMNS = ("name", "value", "unit")
LARGEST_GAP = 1e-9  # trillions


@cache
def balance_sheet() -> BalanceSheet:
    """`BalanceSheet` of balance_sheet.csv; raises TableError if a row is missing or the two sides differ."""
    rows = read_table(FILE, COLUMNS)
    missing = [name for name in BalanceSheet._fields if name not in rows]
    if missing:
        raise TableError(f"{FILE}: missing row {missing[0]!r}; expected {', '.join(BalanceSheet._fields)}")
    sheet = BalanceSheet(**{name: rows[name].value for name in BalanceSheet._fields})
    gaps = sheet.gaps()
    if max(map(abs, gaps)) > LARGEST_GAP:
        raise TableError(f"{FILE}: the two sides differ by {gaps[0]:g} (Fed) and {gaps[1]:g} (public debt) trillions")
    return sheet
