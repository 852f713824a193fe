"""A borrowing bound, solved by hand: beta = 1/2, R = 1, no debt."""

import numpy as np

from experiments.verify.rows import row
from experiments.verify.tolerances import SOLVED
from model.examples.economy import solve_path
from model.examples.endowment import ENDOWMENT, Parameters, Variables

CONTINUATION = (1e-3, 1e-5, 1e-7, 1e-8)
HORIZON = 30
IMPATIENT = Parameters(discount_factor=0.5, gross_return=1.0, borrowing_limit=0.0, smoothing=0.0)


def solve_income_path(income, assets=0.0, after=1.0):
    """Path with the given first incomes, then `after` for ever, where the bound binds: c = y, mu = (1 - beta) / y."""
    exogenous = np.full((HORIZON + 2, 1), after)
    exogenous[1 : len(income) + 1, 0] = income
    steady = Variables(after, 0.0, 0.5 / after)
    return solve_path(ENDOWMENT, IMPATIENT, Variables(after, assets, 0.5), exogenous, steady, smoothing=CONTINUATION)


def windfall():
    """Income 3, then 1: c0 + c1 = 4 and c1 = c0 / 2, so c = 8/3, 4/3, 1, ...; a third is saved for one quarter."""
    x = solve_income_path([3.0]).levels
    source = "by hand: 1/c0 = beta/c1, a1 = 0"
    return [
        row("consumption", source, [8 / 3, 4 / 3, 1, 1], x.consumption[:4], SOLVED),
        row("assets", source, [1 / 3, 0, 0, 0], x.assets[:4], SOLVED),
        row("value of credit", source, [0, 1 / 4, 1 / 2, 1 / 2], x.borrowing_rent[:4], SOLVED),
    ]


def better_times_ahead():
    """Income 1, 1, 1, then 2: nobody can borrow against it, so consumption is income."""
    x = solve_income_path([1.0, 1.0, 1.0], after=2.0).levels
    source = "by hand: c = y, mu = 1/y - beta/y'"
    return [
        row("consumption", source, [1, 1, 1, 2, 2], x.consumption[:5], SOLVED),
        row("value of credit", source, [1 / 2, 1 / 2, 3 / 4, 1 / 4, 1 / 4], x.borrowing_rent[:5], SOLVED),
    ]


CASES = (windfall, better_times_ahead)
