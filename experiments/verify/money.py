"""Superneutrality: with real fiscal policy the inflation target moves no real unknown (Sidrauski, 1967)."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from calibration import calibrate
from experiments.verify.reference import SMOOTHING, calibrated, initial_steady_state
from experiments.verify.rows import row
from experiments.verify.tolerances import SOLVED
from model.equilibrium.economy import reference

HIGHER_TARGET = 1.05**0.25
NOMINAL = ("pi", "inom", "Qb")
SOURCE = "Sidrauski (1967)"


def steady_state_equations():
    """All equations hold at the old real unknowns with the hand-derived nominal ones, under a higher target."""
    p, e, x = initial_steady_state()
    pi = HIGHER_TARGET
    levels, bank, portfolio = np.array(reference().variables.to_levels(x)), p.central_bank, p.portfolio
    real_return, bond_return = 1.01**0.25, 1.02**0.25
    policy_rate = real_return * pi - 1 - portfolio.deposit_spread
    nominal = (pi, policy_rate, portfolio.bond_coupon / (bond_return * pi - 1 + portfolio.bond_decay))
    for symbol, value in zip(NOMINAL, nominal, strict=True):
        levels[reference().variables.index(symbol)] = value
    e = e.at[reference().instruments.index("rstar")].set(_natural_rate(bank, policy_rate, pi) - bank.natural_rate)
    p = eqx.tree_at(lambda p: p.central_bank.inflation_target, p, pi)
    return [
        row(
            "largest of the 73 residuals at a target of 5 %",
            SOURCE,
            0.0,
            _residual(p, e, reference().variables.to_coordinates(jnp.asarray(levels))),
            SOLVED,
        )
    ]


def _natural_rate(bank, policy_rate, target):
    """Gross rate at which the rule, with its smoothed bound, holds the policy rate at the target."""
    unbounded = policy_rate - bank.lower_bound_smoothing**2 / (policy_rate - bank.lower_bound)
    wanted = (unbounded - bank.rate_smoothing * policy_rate) / (1 - bank.rate_smoothing)
    return (1 + wanted) / target


@jax.jit
def _residual(p, e, x):
    economy = reference()
    now = economy.quarter(p, e, e, x[economy.carried], x)
    return economy.residual(p, now, economy.expectations(p, now))


def calibration():
    """The inversion gives the same real unknowns at both targets, and its unknowns solve the equations."""
    moved, base = calibrate({"central_bank.inflation_target": HIGHER_TARGET}, smoothing=SMOOTHING), calibrated()
    real = np.array([symbol not in NOMINAL for symbol in reference().variables.symbols])
    before, after = (np.asarray(reference().variables.pack(c.initial))[real] for c in (base, moved))
    residual = _residual(moved.parameters, initial_steady_state()[1], reference().variables.pack(moved.initial))
    return [
        row("real unknowns of the calibrated steady state", SOURCE, before, after, SOLVED),
        row("largest residual there at a target of 5 %", "equations 1 to 73", 0.0, residual, SOLVED),
        row(
            "largest residual at the shipped target",
            "equations 1 to 73",
            0.0,
            _residual(*initial_steady_state()),
            SOLVED,
        ),
    ]


CASES = (steady_state_equations, calibration)
