"""Where the policy rate is at its lower bound.

There the same equations can have a second solution, a slump that fulfils itself (Benhabib, Schmitt-Grohe and Uribe, 2001; Holden,
2023): a large change, or a guess that is made of other paths, may lead to it. Solves that stay there begin again with care.
"""

import numpy as np
from jaxtyping import Bool, Float

from model.core.fields import ByName
from model.core.types import Real
from model.equilibrium.economy import Economy

LONGER = 4  # quarters


def at_lower_bound(
    economy: Economy, parameters: ByName, path: Float[Real, "quarters unknowns"]
) -> Bool[np.ndarray, "quarters"]:
    """Is the rate that the rule asks for at or below the bound?"""
    cb = parameters.central_bank
    return np.asarray(path)[:, economy.variables.index("inom")] <= float(cb.lower_bound) + float(
        cb.lower_bound_smoothing
    )


def led_to_lower_bound(
    economy: Economy,
    parameters: ByName,
    path: Float[Real, "quarters unknowns"],
    prior: Float[Real, "quarters unknowns"],
) -> bool:
    """Is a path at the bound in any quarter in which the path that it was guessed from is not?"""
    return bool((at_lower_bound(economy, parameters, path) & ~at_lower_bound(economy, parameters, prior)).any())


def kept_at_lower_bound(
    economy: Economy,
    parameters: ByName,
    path: Float[Real, "quarters unknowns"],
    prior: Float[Real, "quarters unknowns"],
) -> bool:
    """Is a path at the bound for so much longer than the one it was guessed from that it may be a slump that fulfils itself?"""
    counts = [int(at_lower_bound(economy, parameters, p).sum()) for p in (path, prior)]
    return counts[0] > counts[1] + LONGER
