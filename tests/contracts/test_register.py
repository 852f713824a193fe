"""The handwritten register of equations against the code."""

import re
from pathlib import Path

import pytest

import model
from model.equilibrium.economy import two_sector, two_sector_remembering
from tests.economy import ECONOMY

TEXT = (Path(model.__file__).parent / "EQUATIONS.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| E\.(\d+) \| (\S+?)(?: \[(\w+): ([^\]]*)\])? \| `(.*)` \| (.+?) \| `(\S+)` \|$", re.MULTILINE)


def written():
    rows = []
    for number, name, axis, labels, formula, _, function in ROW.findall(TEXT):
        rows.append((int(number), name, axis, tuple(labels.split(", ")) if labels else (), formula, function))
    return rows


def coded():
    """The equations of the reference economy, then those that the others have beside them."""
    equations = list(ECONOMY.register)
    for economy in (two_sector(), two_sector_remembering()):
        known = {e.function for e in equations}
        equations += [e for e in economy.register if e.function not in known]
    return [
        (
            e.number,
            e.name,
            e.axis.name if e.axis else "",
            e.axis.labels if e.axis else (),
            e.formula.replace("|", "/"),
            f"{e.function.__module__}.{e.function.__name__}",
        )
        for e in equations
    ]


def test_register_agrees_with_the_code():
    assert written() == coded()


def test_every_table_row_is_read():
    assert len(written()) == sum(line.startswith("| E.") for line in TEXT.splitlines())


@pytest.mark.parametrize("economy, count", [(ECONOMY, 73), (two_sector(), 90)])
def test_every_row_has_a_name_of_its_own_and_the_text_counts_them(economy, count):
    assert len(set(economy.rows)) == len(economy.rows) == len(economy.variables) == count
    numbers = [e.number for e in economy.register]
    assert len(set(numbers)) == len(numbers)
    assert f"{count} equations, {count} unknowns." in TEXT


@pytest.mark.parametrize(
    "before, after", [("E.10 |", "E.11 |"), ("1 - delX", "1 + delX"), ("`model.energy.copper.", "`model.copper.")]
)
def test_a_changed_register_is_noticed(before, after, monkeypatch):
    assert before in TEXT
    monkeypatch.setitem(globals(), "TEXT", TEXT.replace(before, after, 1))
    assert written() != coded()
