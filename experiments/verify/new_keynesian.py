"""New Keynesian economy: Gali's closed form, determinacy, and Dynare's two ways to bound the policy rate."""

import jax.numpy as jnp
import numpy as np

from experiments.verify.rows import row
from experiments.verify.tolerances import EXACT, SOLVED
from model.examples.economy import solve_path
from model.examples.new_keynesian import BOUNDED_NEW_KEYNESIAN, NEW_KEYNESIAN, Parameters, Variables
from model.solvers.first_order.saddle_path import saddle_path

GALI = {
    "discount_factor": 0.99,
    "curvature": 1.0,
    "price_slope": 0.1717,
    "inflation_response": 1.5,
    "output_response": 0.125,
}
DYNARE = {"discount_factor": 0.99, "curvature": 1.0, "price_slope": 0.1, "inflation_response": 1.5}
CONTINUATION = (1e-3, 1e-5, 1e-7, 1e-8)
AT_REST = Variables(*np.zeros(5))


def parameters(**given):
    plain = dict.fromkeys(("intercept", "lower_bound", "demand_persistence", "policy_persistence", "smoothing"), 0.0)
    return Parameters(**{**plain, **given})


def monetary_shock():
    """Response to an AR(1) tightening: y = -(1 - beta rho) Lambda v, pi = -kappa Lambda v."""
    rho, shock, p = 0.5, 0.0025, parameters(**GALI, policy_persistence=0.5)
    exogenous = np.zeros((62, len(NEW_KEYNESIAN.instruments)))
    exogenous[1, 2] = shock
    path = solve_path(
        NEW_KEYNESIAN,
        p,
        AT_REST,
        exogenous,
        AT_REST,
        saddle_path(NEW_KEYNESIAN, p, jnp.zeros(len(NEW_KEYNESIAN.instruments)), jnp.zeros(5)).rule,
    )
    beta, sigma, kappa, phi_pi, phi_y = GALI.values()
    Lambda = 1 / ((1 - beta * rho) * (sigma * (1 - rho) + phi_y) + kappa * (phi_pi - rho))
    v = shock * rho ** np.arange(60)
    source = "Gali (2015), section 3.4.1"
    return [
        row(
            "output after a monetary shock",
            source,
            -(1 - beta * rho) * Lambda * v,
            path.levels.output,
            SOLVED,
            scale=shock,
        ),
        row(
            "inflation after a monetary shock", source, -kappa * Lambda * v, path.levels.inflation, SOLVED, scale=shock
        ),
    ]


def determinacy():
    """Unique exactly where kappa (phi_pi - 1) + (1 - beta) phi_y > 0 (Bullard and Mitra, 2002)."""
    source = "Gali (2015), equation 3.28"
    rows = []
    for phi_y in (0.0, 0.125, 1.0):
        boundary = 1 - (1 - GALI["discount_factor"]) * phi_y / GALI["price_slope"]
        for side, surplus in ((1e-3, 0), (-1e-3, 1), (0.5, 0), (-0.5, 1)):
            p = parameters(**{**GALI, "inflation_response": boundary + side, "output_response": phi_y})
            saddle = saddle_path(NEW_KEYNESIAN, p, jnp.zeros(len(NEW_KEYNESIAN.instruments)), jnp.zeros(5))
            case = f"stable roots too many, phi_y {phi_y:g}, phi_pi {boundary + side:.3f}"
            rows.append(row(case, source, surplus, saddle.stable_roots - saddle.predetermined, EXACT))
    return rows


def bound_as_complementarity():
    """Natural rate -1 for six quarters, then 1; i = max(0, 1 + 1.5 pi + .5 x); T = 40."""
    p = parameters(**DYNARE, output_response=0.5, intercept=1.0)
    exogenous = np.zeros((42, len(NEW_KEYNESIAN.instruments)))
    exogenous[:, 0] = 1.0
    exogenous[1:7, 0] = -1.0
    rest = Variables(0.0, 0.0, 1.0, 0.0, 0.0)
    x = solve_path(BOUNDED_NEW_KEYNESIAN, p, rest, exogenous, rest, smoothing=CONTINUATION).levels
    rates = [0, 0, 0, 0, 0, 0.212121212121, 1]
    inflation = [-3.051110435533, -2.004970246667, -1.251795333333, -0.718466666667, -0.353333333333, -0.121212121212]
    source = "Dynare 6.0 lmmcp, printed with 12 decimals"
    return [
        *(row(f"policy rate in quarter {t + 1}", source, i, x.policy_rate[t], SOLVED) for t, i in enumerate(rates)),
        *(row(f"inflation in quarter {t + 1}", source, pi, x.inflation[t], SOLVED) for t, pi in enumerate(inflation)),
    ]


def bound_as_regime():
    """Demand falls by .06 and recovers at .8; i = max(1.5 pi + .125 y, -.01); T = 200."""
    p = parameters(**DYNARE, output_response=0.125, lower_bound=-0.01, demand_persistence=0.8)
    exogenous = np.zeros((202, len(NEW_KEYNESIAN.instruments)))
    exogenous[1, 1] = -0.06
    x = solve_path(BOUNDED_NEW_KEYNESIAN, p, AT_REST, exogenous, AT_REST, smoothing=CONTINUATION).levels
    output = [-0.496464036478, -0.342512400953, -0.234107961124]
    binding = np.flatnonzero(np.asarray(x.policy_rate) < -0.01 + 1e-6) + 1
    source = "Dynare 6.0 OccBin, printed with 12 decimals"
    return [
        *(row(f"output in quarter {t + 1}", source, y, x.output[t], SOLVED) for t, y in enumerate(output)),
        row("quarters in which the bound binds: 1 to 10", source, 10, len(binding), EXACT),
        row("last quarter in which the bound binds", source, 10, binding.max(initial=0), EXACT),
    ]


CASES = (monetary_shock, determinacy, bound_as_complementarity, bound_as_regime)
