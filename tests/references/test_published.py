"""Numbers printed by others: Dynare's simulations, textbook solutions, an independent initial steady state."""

from experiments.verify import growth, independent, new_keynesian
from tests.cases import check, parametrised


@parametrised(growth, new_keynesian, independent)
def test_published(case):
    check(case)
