"""Tables of numbers that people edit."""

import pytest

from calibration.inputs import TARGETS_FILE, load_inputs
from calibration.numbers.tables import TableError

SHIPPED = TARGETS_FILE.read_text(encoding="utf-8")


def edited(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "targets.csv"
    path.write_text(text, encoding=encoding)
    return load_inputs(path)


def row_of(name):
    return next(line for line in SHIPPED.splitlines() if line.startswith(f"{name},"))


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path):
    text = SHIPPED + "," * SHIPPED.splitlines()[0].count(",") + "\n"
    assert edited(tmp_path, text, "utf-8-sig").targets.keys() == load_inputs().targets.keys()


@pytest.mark.parametrize("word", ["no", "No", "FALSE", "held out", "Held_out", ""])
def test_a_row_is_used_or_held_out_and_nothing_else(tmp_path, word):
    row = row_of("path.ai_capex_2026")
    with pytest.raises(TableError, match=r"path.ai_capex_2026: used is .*; expected yes or held_out"):
        edited(tmp_path, SHIPPED.replace(row, row.replace(",yes,", f",{word},")))


def test_a_column_that_stands_twice_is_refused(tmp_path):
    header, *rows = SHIPPED.splitlines()
    with pytest.raises(TableError, match="column value stands twice"):
        edited(tmp_path, "\n".join([f"{header},value", *(f"{row},1" for row in rows)]))


@pytest.mark.parametrize("name, value, allowed", [("grid_slack", 6, "0 to 1"), ("wholesale_price", -5, "0 to inf")])
def test_values_of_a_file_are_held_against_their_range(tmp_path, name, value, allowed):
    row = row_of(name)
    symbol, kind = row.split(",")[1:3]
    rest = row.split(",")[4:]
    with pytest.raises(TableError, match=rf"{name}: value is {value}; allowed {allowed}"):
        edited(tmp_path, SHIPPED.replace(row, ",".join([name, symbol, kind, str(value), *rest])))
