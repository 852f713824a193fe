"""Optimal growth: Brock and Mirman's closed form, Dynare's permanent shock, Ramsey's steady state."""

import jax.numpy as jnp
import numpy as np

from experiments.verify.rows import row
from experiments.verify.tolerances import PRINTED_9_DECIMALS, ROUNDING, SOLVED
from model.examples.economy import solve_path, solve_steady_state
from model.examples.growth import GROWTH, Parameters, Variables, steady_state
from model.solvers.first_order.saddle_path import saddle_path

# Dynare 6.0, rows 0, 1, 2, 10, 50 and 101 of its simulation.
PRINTED_ROWS = [0, 1, 2, 10, 50, 101]
PRINTED_CONSUMPTION = [2.306617231988, 2.453436260101, 2.462025442352, 2.519845828378, 2.644784899034, 2.677907700536]
PRINTED_CAPITAL = [28.348419061048, 28.518724816338, 28.682777099393, 29.795089833737, 32.232999526409, 32.911593934550]


def brock_mirman():
    """K' = alpha beta Z K^alpha on a random path of Z; log-linear, so the saddle path at the end is exact too."""
    p = Parameters(capital_share=0.36, depreciation=1.0, discount_factor=0.96, trend_growth=1.0)
    log_Z = np.random.default_rng(1).normal(0.0, 0.2, 100)
    log_Z[[0, -1]] = 0.0
    steady = steady_state(p)
    saddle = saddle_path(GROWTH, p, jnp.zeros(1), GROWTH.variables.pack(steady))
    start = Variables(steady.consumption, 0.3 * steady.capital)
    path = solve_path(GROWTH, p, start, log_Z[:, None], steady, saddle.rule)
    capital = _brock_mirman_capital(0.36 * 0.96, 0.36, log_Z[1:-1], float(start.capital))
    source = "Brock and Mirman (1972)"
    return [
        row("capital = alpha beta Z K^alpha", source, capital, path.levels.capital, SOLVED),
        row(
            "consumption = (1 - alpha beta) Z K^alpha",
            source,
            capital * (1 / (0.36 * 0.96) - 1),
            path.levels.consumption,
            SOLVED,
        ),
        row("saddle path: both slopes are alpha", source, 0.36, saddle.rule, ROUNDING),
        row(
            "saddle path: roots alpha and 1 / (alpha beta)",
            source,
            [0.36, 1 / (0.36 * 0.96)],
            [saddle.growing, saddle.shrinking],
            ROUNDING,
        ),
        row("saddle path: stable roots", source, saddle.predetermined, saddle.stable_roots, 0.0),
    ]


def _brock_mirman_capital(saving_rate, alpha, log_productivity, start):
    capital = [start]
    for z in log_productivity:
        capital.append(saving_rate * np.exp(z) * capital[-1] ** alpha)
    return np.array(capital[1:])


def permanent_productivity():
    """Productivity rises for good by e^0.1; T = 100, the new steady state after it."""
    p = Parameters(capital_share=0.33, depreciation=0.025, discount_factor=0.99, trend_growth=1.0)
    before, after = steady_state(p), steady_state(p, 0.1)
    exogenous = np.full((102, 1), 0.1)
    exogenous[0] = 0.0
    path = solve_path(GROWTH, p, before, exogenous, after)
    rows = []
    for name, printed in (("consumption", PRINTED_CONSUMPTION), ("capital", PRINTED_CAPITAL)):
        ends = getattr(before, name), getattr(after, name)
        whole = np.concatenate([ends[0][None], getattr(path.levels, name), ends[1][None]])
        for t, expected in zip(PRINTED_ROWS, printed, strict=True):
            rows.append(row(f"{name} in row {t}", "Dynare 6.0, printed with 12 decimals", expected, whole[t], SOLVED))
    return rows


def ramsey_steady_state():
    """alpha .3, delta .1, beta .99, n .01, g .02, found from a poor guess."""
    p = Parameters(capital_share=0.3, depreciation=0.1, discount_factor=0.99, trend_growth=1.01 * 1.02)
    steady = solve_steady_state(GROWTH, p, jnp.zeros(1), Variables(1.0, 1.0)).levels
    source = "Ramsey growth, printed with 9 decimals"
    return [
        row("capital per efficiency unit", source, 2.952347328, steady.capital, PRINTED_9_DECIMALS),
        row("output per efficiency unit", source, 1.383726425, steady.capital**0.3, PRINTED_9_DECIMALS),
    ]


CASES = (brock_mirman, permanent_productivity, ramsey_steady_state)
