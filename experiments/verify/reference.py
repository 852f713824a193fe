"""The full model's economy and paths that several groups of cases look at."""

from functools import cache

import jax.numpy as jnp

from calibration.inputs import load_inputs
from calibration.inversion import inversion
from model.equilibrium.nouns import VARIABLES
from model.scenarios.catch_up import at_rest
from model.scenarios.scenario import Change, Scenario
from model.solve import Settings, solve_baseline, solve_scenario

SMOOTHING = 1e-3
COUNTERFACTUAL = Scenario(
    "ai_subsidy", "10 % of AI equipment is paid for five years", (Change("sA", "add", (0.1,), 0, 19),)
)


@cache
def calibrated():
    """Calibration with the shipped numbers."""
    return inversion()(given(), SMOOTHING)


@cache
def initial_steady_state():
    """Parameters, instruments `(instruments,)` and unknowns `(n,)` in solver coordinates."""
    c = calibrated()
    return c.parameters, jnp.asarray(at_rest()), VARIABLES.pack(c.initial)


@cache
def reference_paths():
    """The reference baseline and a counterfactual on top of it, {name: Solution}."""
    baseline = _reference_baseline()
    return {"baseline": baseline.solution, COUNTERFACTUAL.name: solve_scenario(baseline, COUNTERFACTUAL)}


def given():
    """What the inversion takes, with the shipped numbers."""
    return {block: fields for block, fields in load_inputs().tree().items() if block != "catch_up"}


@cache
def _reference_baseline():
    inputs = load_inputs()

    def named(group):
        start = f"catch_up.{group}."
        return {name.removeprefix(start): inputs.value(name) for name in inputs.parameters if name.startswith(start)}

    catch_up = {group: named(group) for group in ("multiplier", "midpoint", "pipeline")} | {
        "width": inputs.value("catch_up.width")
    }
    c = calibrated()
    return solve_baseline(c.parameters, c.initial, catch_up, Settings(240, "steady", SMOOTHING))
