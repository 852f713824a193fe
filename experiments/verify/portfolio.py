"""Asset demand: properties of the nested logit, and Gabaix and Koijen's multiplier at fixed payouts."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from experiments.verify.reference import calibrated, initial_steady_state
from experiments.verify.rows import row
from experiments.verify.tolerances import ROUNDING
from model.core.axes import ASSET, PREMIUM_ASSET
from model.equilibrium.economy import reference
from model.portfolio.demand import Supply, portfolio_shares

BASE_BOND_SHARE = 0.62
EQUITY, AI, BONDS = PREMIUM_ASSET.index("T"), PREMIUM_ASSET.index("A"), PREMIUM_ASSET.index("B")


def _shares(p, premium, supply, **shifts):
    e = reference().instruments.unpack(initial_steady_state()[1]).portfolio
    for name, value in shifts.items():
        e = eqx.tree_at(lambda e, n=name: getattr(e, n), e, value)
    return portfolio_shares(p, e, premium, jnp.zeros(4), supply, BASE_BOND_SHARE)


def _base_supply(p):
    risky = p.base_value[2:]
    return Supply(p.base_value[0], p.base_value[1], jnp.asarray(BASE_BOND_SHARE), risky, jnp.log(risky))


@jax.jit
def _shares_and_slopes(p, premium, supply):
    """Shares, and the slope of their logs by premia, `(group, asset, premium)`."""
    slopes = jax.jacfwd(lambda premium: jnp.log(_shares(p, premium, supply).group))(premium)
    return _shares(p, premium, supply), slopes


def logit():
    """Shares add to one; own semi-elasticity eta (1 - omega); ratios do not depend on other assets."""
    p = calibrated().parameters.portfolio
    p = eqx.tree_at(lambda p: p.trend_chasing, p, jnp.zeros(4))
    supply, source = _base_supply(p), "McFadden (1974)"
    premium = p.base_premium + jnp.asarray(np.random.default_rng(7).normal(0, 0.01, 5))
    shares, slope = _shares_and_slopes(p, premium, supply)
    eta, omega = p.demand_elasticity, shares.group
    nest = omega[:, 1] / (omega[:, 0] + omega[:, 1])
    own = jnp.stack([slope[:, 1 + k, k] for k in range(1, 5)], 1)
    in_nest = slope[:, 1, BONDS] - slope[:, 0, BONDS]
    nest_by_bonds = (slope[:, 1, BONDS] * nest + slope[:, 0, BONDS] * (1 - nest))[:, None]
    return [
        row("shares of every group add to one", source, 1.0, omega.sum(1), ROUNDING),
        row("foreign shares add to one", source, 1.0, shares.foreign.sum(), ROUNDING),
        row("own semi-elasticity of risky assets", source, eta[1:] * (1 - omega[:, 2:]), own, ROUNDING),
        row("cross semi-elasticity", source, -eta[EQUITY] * omega[:, 2], slope[:, 3, EQUITY], ROUNDING),
        row(
            "bonds over liquid does not depend on equity",
            "independence in the nest",
            0.0,
            slope[:, 1, EQUITY] - slope[:, 0, EQUITY],
            ROUNDING,
        ),
        row("bonds over liquid by its own premium", source, eta[BONDS], in_nest, ROUNDING),
        row(
            "equity over the nest by the bond premium",
            source,
            -eta[1:3] * BASE_BOND_SHARE,
            slope[:, 2:4, BONDS] - nest_by_bonds,
            ROUNDING,
        ),
        row(
            "T over A does not depend on crypto",
            "independence of others",
            0.0,
            slope[:, 2, 4] - slope[:, 3, 4],
            ROUNDING,
        ),
    ]


def flow_multiplier():
    """A permanent flow of 1 % of an asset's value raises it by M per cent at fixed payouts and other prices."""
    p = calibrated().parameters.portfolio
    return [_multiplier_row(p, ASSET.symbols[2 + k], k) for k in (0, 1)]


def _multiplier_row(p, symbol, k):
    """`M = 1 / ((1 - omega) [(1 - iota) + eta d / (V + d)])`, with d / (V + d) = 1 - Gam / R."""
    growth, gross_return = 1.018**0.25, np.exp(float(p.base_premium[1 + k])) * 1.01**0.25
    omega = p.base_value[2 + k] / p.base_value.sum()
    slack = (1 - p.size_elasticity[1 + k]) + p.demand_elasticity[1 + k] * (1 - growth / gross_return)
    by_value, by_flow = _demand_slopes(p, k, gross_return / growth - 1)
    source = "Gabaix and Koijen (2021)"
    return row(
        f"multiplier of {symbol} equity",
        source,
        1 / ((1 - omega) * slack),
        by_flow / (1 - by_value) / (1 - omega),
        ROUNDING,
    )


@jax.jit
def _demand_slopes(p, k, yield_):
    """Slopes of log demand for equity k by its log value at a fixed payout and by a demand shift."""
    supply, value = _base_supply(p), p.base_value[2 + k]
    payout = value * yield_
    p = eqx.tree_at(lambda p: p.base_share, p, jnp.tile(p.base_value / p.base_value.sum(), (9, 1)))

    def log_demand(log_value, flow):
        V = value * jnp.exp(log_value)
        premium = p.base_premium.at[1 + k].add(jnp.log((V + payout) / V) - jnp.log((value + payout) / value))
        moved = supply._replace(risky=supply.risky.at[k].set(V))
        share = _shares(p, premium, moved, demand_shift=jnp.zeros(5).at[1 + k].set(flow)).group[0, 2 + k]
        return jnp.log(share * (p.base_value.sum() + V - value))

    return jax.jacfwd(log_demand, (0, 1))(jnp.asarray(0.0), jnp.asarray(0.0))


CASES = (logit, flow_multiplier)
