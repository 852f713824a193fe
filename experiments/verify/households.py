"""Islands: the steady state of the Euler equations in closed form, and what ageing conserves."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from experiments.verify.reference import calibrated
from experiments.verify.rows import row
from experiments.verify.tolerances import ROUNDING
from model.core.fields import ByName
from model.households.groups import aged_wealth, euler, heads, leaving_share, logarithmic

SKILLS = jnp.ones(3)
RETURN = 1.012


def island_steady_state():
    """c_M / c_Y = beta R phi / (Gam - beta R (1 - phi)) if nu_Y = 0; old: k/m = nu / (1 - beta R (1 - phi) / Gam)."""
    p = calibrated().parameters
    h, growth = p.households, p.production.trend_growth
    phi, discounted = np.asarray(leaving_share(h)), float(h.discount_factor) * RETURN / float(growth)
    middle_over_young = discounted * phi[0] / (1 - discounted * (1 - phi[0]))
    nu_old = 0.3
    wealth_over_spending = nu_old / (1 - discounted * (1 - phi[2]))
    nu = jnp.concatenate([0.0 * SKILLS, 0.1 * SKILLS, nu_old * SKILLS])
    m = jnp.concatenate([0.7 * SKILLS, 0.7 * middle_over_young * SKILLS, 0.5 * SKILLS])
    gap = _euler_gap(p, nu, m, jnp.append(jnp.ones(6), 0.5 * wealth_over_spending * SKILLS))
    source = "by hand"
    return [
        row("Euler of the young at c_M / c_Y", source, 0.0, gap[:3], ROUNDING),
        row("Euler of the old at k / m", source, 0.0, gap[6:], ROUNDING),
    ]


def _euler_gap(p, wealth_utility, spending, wealth):
    """Residuals of the Euler equations at rest, with one return for all."""
    p = eqx.tree_at(lambda p: p.households.wealth_utility, p, wealth_utility)
    x = ByName(households=ByName(spending=spending, wealth=wealth))
    e = ByName(households=ByName(patience=jnp.asarray(1.0)))
    now = ByName(e=e, x=x, shares=ByName(group=jnp.ones((9, 1))), **logarithmic(p, ByName(x=x)))
    return euler(p, now, ByName(marginal_utility=1 / spending, returns=jnp.array([RETURN])))


def ageing():
    """People add to one; wealth that leaves a stage arrives in another."""
    h = calibrated().parameters.households
    wealth = jnp.asarray(np.random.default_rng(5).uniform(1, 9, 9))
    received = aged_wealth(h, wealth, 1.0)
    source = "conservation"
    return [
        row("masses of savers and spenders", source, 1.0, heads(h).sum(), ROUNDING),
        row("bequests all arrive", source, 1.0, h.bequest_share.sum(), ROUNDING),
        row("wealth through ageing and bequests", source, h.savers @ wealth, h.savers @ received, ROUNDING),
    ]


CASES = (island_steady_state, ageing)
