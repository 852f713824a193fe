"""Many long runs together: their steady states, saddle paths, and those of the flexible-price economies behind natural rates."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from jaxtyping import Float

from model.compute.programs import program
from model.core.fields import ByName
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.solvers.batch.lanes import across_lanes
from model.solvers.first_order.saddle_path import SaddlePath, condensed_steady, counted
from model.solvers.outcome import Code
from model.solvers.steady_state import steady_state_by_continuation
from model.transition.batch.sweep import on_all_devices
from model.transition.long_run.natural_rate import with_flexibility
from model.transition.long_run.steady_states import spurious
from model.transition.solutions import LongRun, Settings


class Wanted(NamedTuple):
    """A long run that is looked for: at the last of the `stages`, from a `guess` before the first; see `long_run.solve_long_run`."""

    parameters: ByName
    stages: Float[Real, "stages instruments"]
    guess: Float[Real, "unknowns"]


class Place(NamedTuple):
    """Where a saddle path is looked for."""

    parameters: ByName
    exogenous: Float[Real, "instruments"]
    x: Float[Real, "unknowns"]


def solve_long_runs(
    economy: Economy, wanted: Sequence[Wanted], settings: Settings
) -> list[tuple[LongRun, LongRun] | None]:
    """The long run and that of the flexible-price economy, for each that is wanted; None where there is none or many paths lead there."""
    limits = (settings.tolerance / 10, settings.iterations * 4)
    lanes = [(*w, w.parameters.central_bank.inflation_target) for w in wanted]
    found = on_all_devices(partial(_steady_states, economy), limits, lanes)
    solved = {
        i: (w.parameters, steady)
        for i, (w, steady) in enumerate(zip(wanted, found, strict=True))
        if int(steady.newton.code) == Code.CONVERGED and not spurious(economy, w.parameters, steady.x)
    }
    places = [Place(p, s.exogenous, s.x) for p, s in solved.values()]
    saddles = saddle_paths(economy, places)
    flexible = [place._replace(parameters=with_flexibility(place.parameters)) for place in places]
    twins = saddle_paths(economy, flexible)
    runs = {
        i: (LongRun(steady, saddle), LongRun(steady, twin))
        for (i, (_, steady)), saddle, twin in zip(solved.items(), saddles, twins, strict=True)
        if saddle.determinate
    }
    return [runs.get(i) for i in range(len(wanted))]


def saddle_paths(economy: Economy, places: Sequence[Place]) -> list[SaddlePath]:
    """The saddle path at every place, in order."""
    found = on_all_devices(partial(_saddles, economy), (), places)
    return [counted(economy, condensed, rule) for condensed, rule in found]


@program
def _steady_states(economy, devices, width):
    solve = steady_state_by_continuation(economy)
    return across_lanes(lambda limits, lane: solve(*lane, *limits), devices, width)


@program
def _saddles(economy, devices, width):
    condensed = condensed_steady(economy)
    return across_lanes(lambda _, place: condensed(*place), devices, width)
