"""The linear saddle path at a steady state, and how many of its roots are stable (Blanchard and Kahn, 1980)."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import scipy.linalg
from jax import Array, lax
from jaxtyping import Complex, Float

from model.compute.programs import light_program
from model.core.types import Real
from model.solvers.jacobian.linear_path import Condensed, condense
from model.solvers.path import linearise
from model.solvers.protocol import Economy

DOUBLINGS = 16
UNCOUNTED = -1  # stable roots, where LAPACK finds none
UNIT_CIRCLE_MARGIN = 1e-9


class SaddlePath(NamedTuple):
    """`rule` is dx[t] by s[t-1]; `stable_roots` counts them as in a system of n unknowns, `UNCOUNTED` if nothing can."""

    rule: Float[Real, "unknowns carried"]
    stable_roots: int
    predetermined: int
    growing: float  # modulus of the largest stable root
    shrinking: float  # modulus of the smallest unstable root

    @property
    def determinate(self) -> bool:
        return self.stable_roots == self.predetermined


@light_program
def condensed_steady_solver(
    economy: Economy,
) -> Callable[[Any, Real, Real], tuple[Condensed, Float[Array, "unknowns carried"]]]:
    """Compiled `condensed_steady`."""
    return condensed_steady(economy)


def condensed_steady(
    economy: Economy,
) -> Callable[[Any, Real, Real], tuple[Condensed, Float[Array, "unknowns carried"]]]:
    """`condensed_and_rule(p, e, x)`: the steady quarter as a map, and the saddle path's rule for dx by s[t-1]."""

    def condensed_and_rule(p, e, x):
        now = economy.quarter(p, e, e, x[economy.carried], x)
        lin = linearise(economy, p, e, e, x[economy.carried], x, economy.expectations(p, now))
        c, response, _ = condense(lin, economy.carried)
        expected_rule = limit_rule(c)
        identity = jnp.eye(expected_rule.shape[0])
        lead = jnp.linalg.solve(identity - expected_rule @ c.state_by_lead, expected_rule @ c.state_by_state)
        by_lag, by_lead = jnp.split(response, [len(economy.carried)], 1)
        return c, by_lag + by_lead @ lead

    return condensed_and_rule


def saddle_path(economy: Economy, p: Any, e: Float[Real, "instruments"], x: Float[Real, "unknowns"]) -> SaddlePath:
    """Saddle path at the steady state `x` with instruments `e`; runs on the host for the count of roots."""
    return counted(economy, *condensed_steady_solver(economy)(p, e, x))


def counted(economy: Economy, condensed: Condensed, rule: Float[Real, "unknowns carried"]) -> SaddlePath:
    """`SaddlePath` from what `condensed_steady` gives."""
    n, carried = len(economy.variables), len(economy.carried)
    try:
        moduli = np.sort(np.abs(roots(condensed)))
    except np.linalg.LinAlgError:
        return SaddlePath(rule, UNCOUNTED, n, np.nan, np.nan)
    stable = moduli < 1 - UNIT_CIRCLE_MARGIN
    return SaddlePath(
        rule,
        int(stable.sum()) + n - carried,
        n,
        float(moduli[stable].max(initial=0.0)),
        float(moduli[~stable].min(initial=np.inf)),
    )


def roots(condensed: Condensed) -> Complex[np.ndarray, "roots"]:
    """Generalised eigenvalues of (s[t-1], z[t]) -> (s[t], z[t+1]); roots of unknowns that nothing carries are left out.

    Raises LinAlgError if LAPACK's iteration does not converge.
    """
    P, Q, R, U = (np.asarray(m) for m in condensed)
    s, z = P.shape[0], U.shape[0]
    ahead = np.block([[np.eye(s), -Q], [np.zeros((z, s)), U]])
    behind = np.block([[P, np.zeros((s, z))], [-R, np.eye(z)]])
    try:
        alpha, beta = np.asarray(scipy.linalg.eigvals(behind, ahead, homogeneous_eigvals=True))
    except (
        np.linalg.LinAlgError
    ):  # of one pencil in some hundreds LAPACK's iteration does not converge: take the reciprocals
        beta, alpha = np.asarray(scipy.linalg.eigvals(ahead, behind, homogeneous_eigvals=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(beta) > 1e-14 * np.abs(alpha), alpha / beta, np.inf)


def limit_rule(condensed: Condensed) -> Float[Array, "expected carried"]:
    """Phi of the infinite horizon by doubling: each composition joins two stretches of equal length (Anderson, 1978).

    Doubling squares what it has rounded; a step of Newton's method takes that away (Kleinman, 1968), and its derivatives are
    those of the answer, whatever led there.
    """
    doubled = lax.fori_loop(0, DOUBLINGS, lambda _, c: join(c, c), lax.stop_gradient(condensed))
    return _newton_step(condensed, doubled.lead_by_state)


def _newton_step(c, rule):
    """`rule` corrected by E, E = G + A E B: G is the gap after another quarter, E a sum that doubles its terms (Smith, 1968)."""
    P, Q, R, U = c
    onward = jnp.linalg.solve(jnp.eye(P.shape[0]) - Q @ rule, jnp.concatenate([P, Q], 1))
    transition, by_lead = jnp.split(onward, [P.shape[1]], 1)
    ahead = U @ rule
    gap = R + ahead @ transition - rule

    def doubled(_, terms):
        total, before, after = terms
        return total + before @ total @ after, before @ before, after @ after

    return rule + lax.fori_loop(0, DOUBLINGS, doubled, (gap, U + ahead @ by_lead, transition))[0]


def join(first: Condensed, second: Condensed) -> Condensed:
    """Two stretches of time as one map from (s before, z after) to (s after, z before): Redheffer's star product."""
    identity = jnp.eye(first.state_by_state.shape[0])
    inner = jnp.linalg.solve(
        identity - first.state_by_lead @ second.lead_by_state,
        jnp.concatenate([first.state_by_state, first.state_by_lead @ second.lead_by_lead], 1),
    )
    between_by_state, between_by_lead = jnp.split(inner, [identity.shape[0]], 1)
    z_by_state = second.lead_by_state @ between_by_state
    z_by_lead = second.lead_by_lead + second.lead_by_state @ between_by_lead
    return Condensed(
        second.state_by_state @ between_by_state,
        second.state_by_lead + second.state_by_state @ between_by_lead,
        first.lead_by_state + first.lead_by_lead @ z_by_state,
        first.lead_by_lead @ z_by_lead,
    )
