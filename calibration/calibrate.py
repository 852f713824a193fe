"""From tables of numbers to a calibrated economy."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

import jax
import numpy as np

from calibration.inputs import Inputs, load_inputs
from calibration.inversion import inversion
from model.core.fields import ByName
from model.equilibrium.economy import Economy
from model.solvers.outcome import Code
from model.transition.solutions import Baseline, NotSolved, Segment, Settings
from model.transition.solve import solve_baseline

LABELLED = ("multiplier", "midpoint", "pipeline", "belief")
Labels = tuple[tuple[str, tuple[str, ...]], ...]
PARTS = 3  # of the way to an economy that is not found at once
DISAPPOINTED = ("2028Q1", "2029Q1", "2030Q1")  # quarters in which people learn what does not come true


class Calibrated(NamedTuple):
    """Parameters, the initial steady state in levels, and the catch-up of AI."""

    parameters: ByName
    initial: ByName
    catch_up: dict
    inputs: Inputs
    economy: Economy

    def baseline(
        self,
        settings: Settings = Settings(),  # noqa: B008  (a frozen value)
        wedge: Any = 0.0,
        near: Sequence[Segment] = (),
    ) -> Baseline:
        """Solved baseline, with instruments `wedge` on top of the catch-up; raises model.transition.solutions.NotSolved.

        Where the search fails and news comes it goes by way of economies between the set's own and this one, unless others are `near`.
        """
        try:
            return solve_baseline(self.economy, self.parameters, self.initial, self.catch_up, settings, wedge, near)
        except NotSolved as failure:
            on_the_way = self.inputs.moved and self.inputs.has_news
            if near or not on_the_way or failure.outcome.code == Code.INFEASIBLE:
                raise
            with suppress(NotSolved):
                origin = calibrate(smoothing=settings.smoothing, inputs=replace(self.inputs, moved={}))
                return gradually(origin.inputs, origin.baseline(settings, wedge), self.inputs, settings, wedge)
            raise


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


def gradually(origin: Inputs, solved: Baseline, inputs: Inputs, settings: Settings, wedge: Any = 0.0) -> Baseline:
    """Baseline of an economy with news, by way of others from one that is `solved`; raises NotSolved."""
    for share in np.arange(1, PARTS + 1) / PARTS:
        here = calibrate(smoothing=settings.smoothing, inputs=_between(origin, inputs, share))
        solved = here.baseline(settings, wedge, solved.segments)
    return solved


def _between(origin, inputs, share):
    """The numbers a `share` of the way to those of the `inputs`, in logarithms where both are positive."""
    if share == 1:
        return inputs
    names = origin.moved | inputs.moved
    ends = {name: (origin.value(name), inputs.value(name)) for name in names}
    return origin.with_values(
        {n: a * (b / a) ** share if min(a, b) > 0 else a + (b - a) * share for n, (a, b) in ends.items()}
    )


def load(name: str = "us_2022q4", values: Mapping[str, float] | None = None) -> Calibrated:
    """Economy calibrated to the named set of `calibration/sets/`, with `values` in place of its numbers."""
    return calibrate(values, inputs=load_inputs(name=name))


def catch_up_of(inputs: Inputs) -> dict[str, Any]:
    """Timing, size, initial stocks and news of the catch-up of AI."""
    return catch_up_from(inputs.economy, inputs.tree()["catch_up"], labels_of(inputs))


def labels_of(inputs: Inputs) -> Labels:
    """The labels of each part of the catch-up that has some, `((part, labels), ...)`."""
    return tuple((part, tuple(inputs.labelled(f"catch_up.{part}"))) for part in LABELLED)


def catch_up_from(economy: Economy, numbers: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    """The catch-up from arrays by label, which may be traced; news is told by the number of its quarter."""
    found: dict[str, Any] = {part: dict(zip(names, numbers[part], strict=True)) for part, names in labels if names}
    found["width"] = numbers["width"]
    if "belief" in found:
        quarter = economy.units.quarter_index
        found["belief"] = {quarter(label.removeprefix("news_")): share for label, share in found["belief"].items()}
        found["disappointment"] = numbers["disappointment"]
        found["disappointed"] = tuple(map(quarter, DISAPPOINTED))
    return found
