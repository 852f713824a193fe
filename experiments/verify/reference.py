"""The full model's economy and paths that several groups of cases look at."""

from functools import cache

import jax
import jax.numpy as jnp

from calibration import calibrate
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Settings
from model.transition.solve import solve_scenario

SMOOTHING = 1e-3
COUNTERFACTUAL = Scenario(
    "ai_subsidy", "10 % of AI equipment is paid for five years", (Change("sA", "add", (0.1,), 0, 19),)
)


@cache
def calibrated():
    """Calibration with the shipped numbers, as JAX arrays whoever asks first."""
    found = calibrate(smoothing=SMOOTHING)
    with jax.ensure_compile_time_eval():
        parameters, initial = jax.tree.map(jnp.asarray, (found.parameters, found.initial))
    return found._replace(parameters=parameters, initial=initial)


@cache
def initial_steady_state():
    """Parameters, instruments `(instruments,)` and unknowns `(n,)` in solver coordinates."""
    c = calibrated()
    with jax.ensure_compile_time_eval():
        return c.parameters, jnp.asarray(c.economy.at_rest), c.economy.variables.pack(c.initial)


@cache
def reference_paths():
    """The reference baseline and a counterfactual on top of it, {name: Solution}."""
    baseline = calibrated().baseline(Settings(240, "steady", SMOOTHING))
    return {"baseline": baseline.solution, COUNTERFACTUAL.name: solve_scenario(baseline, COUNTERFACTUAL)}
