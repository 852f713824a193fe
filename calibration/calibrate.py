"""From tables of numbers to a calibrated economy."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax

from calibration.inputs import Inputs, load_inputs
from calibration.inversion import inversion
from model.core.fields import ByName
from model.equilibrium.economy import Economy
from model.transition.solutions import Baseline, Settings
from model.transition.solve import solve_baseline

DISAPPOINTED = ("2028Q1", "2029Q1", "2030Q1")  # quarters in which people learn what does not come true


class Calibrated(NamedTuple):
    """Parameters, the initial steady state in levels, and the catch-up of AI."""

    parameters: ByName
    initial: ByName
    catch_up: dict
    inputs: Inputs
    economy: Economy

    def baseline(self, settings: Settings = Settings(), wedge: Any = 0.0) -> Baseline:  # noqa: B008  (a frozen value)
        """Solved baseline, with instruments `wedge` on top of the catch-up; raises model.transition.solutions.NotSolved."""
        return solve_baseline(self.economy, self.parameters, self.initial, self.catch_up, settings, wedge)


def calibrate(
    values: Mapping[str, float] | None = None, *, smoothing: float = Settings.smoothing, inputs: Inputs | None = None
) -> Calibrated:
    """Calibrated economy at the shipped numbers, with `values` `{"energy.start_elasticity.gas": 1.2}` in their place."""
    inputs = (inputs or load_inputs()).with_values(values or {})
    given = inputs.tree()
    given.pop("catch_up")
    economy = inputs.economy
    parameters, initial = jax.device_get(inversion(economy)(given, smoothing))
    return Calibrated(parameters, initial, catch_up_of(inputs), inputs, economy)


def load(name: str = "us_2026q1", values: Mapping[str, float] | None = None) -> Calibrated:
    """Economy calibrated to the named set of `calibration/sets/`, with `values` in place of its numbers."""
    return calibrate(values, inputs=load_inputs(name=name))


def catch_up_of(inputs: Inputs) -> dict[str, Any]:
    """Timing, size and initial pipelines of the catch-up of AI."""
    labelled = {k: inputs.labelled(f"catch_up.{k}") for k in ("multiplier", "midpoint", "pipeline")}
    found = {"width": inputs.value("catch_up.width"), **labelled}
    if belief := inputs.labelled("catch_up.belief"):
        quarter_of = inputs.economy.units.quarter_index
        found["belief"] = {quarter_of(label): share for label, share in belief.items()}
        found["disappointment"] = inputs.value("catch_up.disappointment")
        found["disappointed"] = tuple(map(quarter_of, DISAPPOINTED))
    return found
