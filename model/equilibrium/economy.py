"""The two-sector economy as the solvers see it: one quarter, what is expected of it, and its equations."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from model.core.equations import REGISTER
from model.equilibrium.elimination import blocks
from model.equilibrium.nouns import CARRIED, INSTRUMENTS, VARIABLES, Expectations
from model.equilibrium.quarter import expectations, quarter
from model.solvers.steady_state import Pinned

KINKED = ("grid", "interconnection", "gpu_limit")


class TwoSectorEconomy:
    """73 unknowns and equations a quarter.

    The protocol that every economy of the solvers follows: `variables` (a layout), `carried` (positions of the unknowns
    that next quarter needs), `rows` (names of the equations), `pinned`, `with_smoothing(p, eps)` and the three functions
    below, on vectors in solver coordinates; optional are `blocks`, an order of elimination, and `kinked`, positions of the
    equations `fischer_burmeister(a, b, eps) = 0`, with `sides(now)`, `(kinked, 2)`, their a and b.
    """

    variables = VARIABLES
    carried = np.array([VARIABLES.index(s) for s in CARRIED.symbols])
    instruments = INSTRUMENTS
    rows = REGISTER.rows
    blocks = blocks()
    kinked = tuple(i for i, row in enumerate(REGISTER.rows) if row.split()[1] in KINKED)
    pinned = Pinned(VARIABLES.index("pi"), INSTRUMENTS.index("rstar"))

    def with_smoothing(self, p, smoothing):
        """Parameters with another eps in the complementarity conditions."""
        return eqx.tree_at(lambda tree: tree.smoothing, p, smoothing)

    def quarter(self, p, lag_e, e, lag, x):
        """All objects of a quarter; `lag` is `(carried,)`, `x` is `(n,)`, instruments are `(instruments,)`."""
        return quarter(p, INSTRUMENTS.unpack(lag_e), INSTRUMENTS.unpack(e), CARRIED.unpack(lag), VARIABLES.unpack(x))

    def expectations(self, p, now):
        """Vector of the 29 numbers that the previous quarter expects of this one."""
        return ravel_pytree(expectations(p, now))[0]

    def sides(self, now):
        """Rent and slack of each bound, `(3, 2)`."""
        return now.complementarity.sides

    def residual(self, p, now, lead):
        """The 73 residuals, given this quarter's objects and the expected vector of the next."""
        return REGISTER.residual(p, now, _EXPECTED(lead))


def _expectations_from_vector():
    from model.core.axes import ASSET, GROUP, SECTOR, SKILL, TECHNOLOGY

    shapes = Expectations(
        jnp.zeros(len(ASSET)),
        jnp.zeros(len(SECTOR)),
        jnp.zeros(len(TECHNOLOGY)),
        jnp.zeros(len(TECHNOLOGY)),
        jnp.zeros(()),
        jnp.zeros(()),
        jnp.zeros(len(GROUP)),
        jnp.zeros(len(SKILL)),
        jnp.zeros(()),
    )
    return ravel_pytree(shapes)[1]


_EXPECTED = _expectations_from_vector()
