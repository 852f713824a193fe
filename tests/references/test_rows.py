"""A row of evidence can fail, and never passes on what is not a number."""

import numpy as np
import pytest

from experiments.verify import __main__ as table
from experiments.verify.rows import row


@pytest.mark.parametrize("got", [np.nan, np.inf, -np.inf, [1.0, np.nan]])
def test_not_finite_never_passes(got):
    assert not row("case", "source", 1.0, got, 1e300).passed


def test_worst_entry_decides():
    worst = row("case", "source", [1.0, 2.0, 3.0], [1.0, 2.5, 3.1], 0.1)
    assert (worst.expected, worst.got, worst.error, worst.passed) == (2.0, 2.5, 0.25, False)


def test_error_is_relative_above_one():
    assert row("case", "source", 100.0, 101.0, 0.0).error == pytest.approx(0.01)
    assert row("case", "source", 0.01, 0.02, 0.0).error == pytest.approx(0.01)


@pytest.mark.parametrize(("got", "code"), [(1.0, 0), (2.0, 1), (np.nan, 1)])
def test_exit_code_of_the_table(monkeypatch, capsys, got, code):
    cases = (lambda: [row("a case", "a source", 1.0, got, 0.0)],)
    monkeypatch.setattr(table, "GROUPS", {"A group": cases})
    assert table.main() == code
    assert ("against a source" in capsys.readouterr().out) == bool(code)


def test_arguments_that_would_be_ignored_are_refused(capsys):
    assert table.main(["foo=bar"]) == 2
    assert "got foo=bar; python -m experiments.verify takes no arguments" in capsys.readouterr().err
