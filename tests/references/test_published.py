"""Numbers printed by others: Dynare's simulations, textbook solutions, the independent implementation's steady state."""

from experiments.verify import growth, independent, new_keynesian
from tests.cases import check, parametrised


@parametrised(growth, new_keynesian, independent)
def test_published(case):
    check(case)
