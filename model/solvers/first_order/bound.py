"""A lower bound on an unknown that otherwise follows a linear law.

The bound is held by additions to the unknown's rule, in this quarter and in later ones, that agents know of; they are the solution
of a linear complementarity problem, and it is the one path if all principal minors of the responses are positive (Holden, 2023;
Reifschneider and Williams, 2000, for policy rates).
"""

import numpy as np
from jaxtyping import Float

from model.core.types import Real

CLOSE, PATIENCE, ROUNDS = 1e-12, 10, 1000


def additions(
    gap: Float[Real, "quarters"], response: Float[Real, "quarters quarters"]
) -> Float[np.ndarray, "quarters"]:
    """`v >= 0` with `gap + response v >= 0` and one of both zero in each quarter; NaN where none is found.

    `gap` is how far above its bound the unknown is without additions, `response[i, j]` what an addition in quarter j does to it
    in quarter i. By block principal pivoting (Judice and Pires, 1994).
    """
    gap, response = np.asarray(gap), np.asarray(response)
    binding, fewest, patience = gap < 0, len(gap) + 1, PATIENCE
    close = CLOSE * max(1.0, np.abs(gap).max())
    for _ in range(ROUNDS):
        found = np.zeros(len(gap))
        found[binding] = np.linalg.solve(response[np.ix_(binding, binding)], -gap[binding])
        wrong = np.where(binding, found < -close, gap + response @ found < -close)
        if not wrong.any():
            return np.maximum(found, 0.0)
        patience = PATIENCE if wrong.sum() < fewest else patience - 1
        fewest = min(fewest, wrong.sum())
        if patience < 0:  # one at a time ends for certain (Murty, 1974)
            wrong = np.arange(len(gap)) == np.flatnonzero(wrong)[-1]
        binding = binding ^ wrong
    return np.full(len(gap), np.nan)
