"""Real unknowns of the steady state do not depend on the inflation target."""

from experiments.verify import money
from tests.cases import check, parametrised


@parametrised(money)
def test_superneutrality(case):
    check(case)
