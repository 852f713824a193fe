"""What every solved path of the full model conserves."""

import jax.numpy as jnp
import pytest

from experiments.verify import conservation
from tests.cases import check, parametrised
from tests.tolerances import ACCOUNTS

pytestmark = pytest.mark.slow


@parametrised(conservation)
def test_conservation(case, reference_paths):
    check(case)


def test_accounts_can_fail(reference_paths):
    solution = reference_paths["baseline"]
    wrong = jnp.asarray(solution.path).at[40, 0].add(1e-3)
    found = conservation.evidence(solution.problem, wrong)
    assert jnp.abs(found.accounts.goods_market[40]) > ACCOUNTS
    assert jnp.abs(found.accounts.goods_market[:40]).max() <= ACCOUNTS
