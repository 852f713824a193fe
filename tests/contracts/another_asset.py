"""Run in a copy of the repository that has one asset more: print what the test looks at, as JSON."""

import json

import jax
import jax.numpy as jnp
import numpy as np

from calibration import calibrate
from model.equilibrium.outcomes.report import report_on
from model.solvers.first_order.saddle_path import saddle_path
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver
from model.solvers.steady_state import steady_residual

QUARTERS = 40


def main():
    calibrated = calibrate()
    economy, p = calibrated.economy, calibrated.parameters
    x = np.asarray(economy.variables.pack(calibrated.initial))
    at_rest = jnp.asarray(economy.at_rest)
    residual, _ = steady_residual(economy, p, jnp.asarray(x), at_rest)
    saddle = saddle_path(economy, p, at_rest, jnp.asarray(x))
    exogenous = np.tile(economy.at_rest, (QUARTERS + 2, 1))
    exogenous[1, economy.instruments.index("fAu")] = 0.1
    problem = PathProblem(
        p,
        jnp.asarray(x[economy.carried]),
        jnp.asarray(exogenous),
        Terminal(jnp.asarray(x), saddle.rule),
        jnp.full(1, float(p.smoothing)),
    )
    guess = jnp.tile(jnp.asarray(x), (QUARTERS, 1))
    found = path_solver(economy)(problem, guess, no_factor(economy, QUARTERS), 1e-11, 40)
    report = jax.jit(report_on(economy, distribution=False))(problem, found.x, jnp.asarray(x), at_rest)
    values = economy.variables.to_levels(np.asarray(found.x))
    column = economy.variables.index
    print(
        json.dumps(
            {
                "unknowns": len(economy.variables),
                "rows": list(economy.rows),
                "residual": float(np.abs(residual).max()),
                "value": float(calibrated.initial.portfolio.market_value[-1]),
                "held": float(
                    ((p.households.savers * calibrated.initial.households.wealth) @ p.portfolio.base_share)[-1]
                ),
                "code": int(found.code),
                "goods_market": float(np.abs(report.accounts.goods_market).max()),
                "flow_of_funds": float(np.abs(report.accounts.flow_of_funds).max()),
                "gold": [float(values[t, column("VAu")]) for t in (0, QUARTERS - 1)],
                "reported": float(report.values["market_cap"][0, -1]),
                "crypto": float(values[0, column("VC")]),
            }
        )
    )


if __name__ == "__main__":
    main()
