"""Cases of the verification table as tests: one assert a row."""

import pytest


def parametrised(*modules):
    """Decorator that runs a test once for every case function of the modules."""
    cases = [case for module in modules for case in module.CASES]
    names = [f"{case.__module__.rsplit('.', 1)[1]}.{case.__name__}" for case in cases]
    return pytest.mark.parametrize("case", cases, ids=names)


def check(case):
    """Run a case and assert each of its rows."""
    rows = case()
    assert rows, "a case without rows shows nothing"
    for row in rows:
        assert row.passed, (
            f"{row.case}: expected {row.expected!r} ({row.source}), got {row.got!r}, tolerance {row.tolerance}"
        )
