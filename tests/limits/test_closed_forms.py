"""Closed forms and limits that theory gives: formulas of the blocks, bounds by hand, problems without an answer."""

from experiments.verify import borrowing, complementarity, households, linear, markets, portfolio, production, refusals
from tests.cases import check, parametrised


@parametrised(borrowing, complementarity, households, linear, markets, portfolio, production, refusals)
def test_closed_form(case):
    check(case)
