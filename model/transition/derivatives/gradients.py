"""Solved paths as functions of parameters, catch-up and instruments: the same chain as `model.transition.solve`, at its solution.

Every root on the way (steady states, natural-rate twins, paths) is given with the values that were found and moves by
implicit differentiation; what lies between them is the code of the solve itself. Nothing here iterates over a solve.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from model.compute.compile import compiled
from model.core.fields import ByName, Layout
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.solvers import protocol
from model.solvers.first_order.saddle_path import condensed_steady, condensed_steady_solver
from model.solvers.jacobian.implicit import compiled_reverse, implicit_steady_state
from model.solvers.path import PathProblem, Terminal
from model.solvers.steady_state import AtRest
from model.transition.calendar import path_from
from model.transition.derivatives.path_gradient import solved_path
from model.transition.long_run.natural_rate import (
    learned_rate,
    with_flexibility,
    with_intercept,
    with_natural_rate,
)
from model.transition.scenarios.catch_up import views_of
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Baseline, Settings, Solution
from model.transition.solve import with_pipelines


class Roots(NamedTuple):
    """Solved values that derivatives are taken at; where a scenario keeps the baseline's long run only `path` is used."""

    path: Float[Real, "quarters unknowns"]
    twin: Float[Real, "quarters unknowns"]
    steady: Float[Real, "unknowns"]
    instruments: Float[Real, "instruments"]  # of the steady state


class Solved(NamedTuple):
    """A path with the problem and the terminal steady state it belongs to."""

    problem: PathProblem
    path: Float[Array, "quarters unknowns"]
    steady: AtRest


class Announcement(NamedTuple):
    """A scenario as a map of the baseline's instruments: `factor * instruments + addition`."""

    factor: Float[Real, "periods instruments"]
    addition: Float[Real, "periods instruments"]
    quarter: int  # of the announcement
    permanent: bool

    def of(self, exogenous: Float[Real, "quarters instruments"]) -> Float[Array, "quarters instruments"]:
        """The scenario's instruments, for as many quarters."""
        return _as_long(self.factor, exogenous) * exogenous + _as_long(self.addition, exogenous)


@cache
def solved_steady_state(economy: protocol.Economy) -> Callable[..., Any]:
    """`implicit_steady_state` with its reverse derivative compiled."""
    return compiled_reverse(implicit_steady_state(economy))


@cache
def saddle_rule(economy: protocol.Economy) -> Callable[..., Any]:
    """`rule(p, e, x)` of the saddle path at a steady state, with its reverse derivative compiled."""
    solve, compiled_solve = condensed_steady(economy), condensed_steady_solver(economy)
    return compiled_reverse(lambda *at: solve(*at)[1], lambda *at: compiled_solve(*at)[1])


class Ends(NamedTuple):
    """An economy before its natural rate and its path are known."""

    parameters: ByName
    start: Float[Real, "carried"]
    views: tuple[Float[Real, "periods instruments"], ...]  # at each piece of news, without the natural rate


def ends(
    economy: Economy, parameters: ByName, initial: ByName, catch_up: Mapping[str, Any], settings: Settings
) -> Ends:
    """`Ends` of calibrated parameters, initial unknowns in levels and a catch-up as `model.transition.solve.solve_baseline` takes it."""
    start = with_pipelines(economy, economy.variables.pack(initial), catch_up["pipeline"])[economy.carried]
    views = views_of(economy, catch_up, settings.horizon, settings.catch_up_complete)
    return Ends(parameters, start, tuple(view.exogenous for view in views))


class Told(NamedTuple):
    """What people expect from a quarter on, with the nearly flexible economy and the natural rate behind it."""

    quarter: int
    solved: Solved
    twin: Float[Real, "quarters unknowns"]
    learned: Float[Real, "quarters+1"]  # quarters 0 to T


def baseline_chain(
    economy: Economy,
    ends: Ends,
    shift: Float[Real, "periods instruments"],
    smoothing: Float[Real, "stages"],
    quarters: Sequence[int],
    roots: Sequence[Roots],
    settings: Settings,
) -> tuple[Told, ...]:
    """Baseline as a function of `Ends` and of `shift`, which adds to the instruments of its path: what was `Told`.

    `quarters` are those of its news, with the roots of each segment. The horizon and the terminal condition are those of
    `settings`.
    """
    told: list[Told] = []
    for view, quarter, own in zip(ends.views, quarters, roots, strict=True):
        carried = _reached(economy, told[-1], quarter) if told else (ends.start, ends.start)
        learn = partial(learned_rate, told[-1].learned if told else None, quarter, settings=settings)
        given = ends.parameters, smoothing, quarter, _onward(view, quarter), carried
        told.append(_told(economy, *given, learn, own, settings, _onward(shift, quarter)))
    return tuple(told)


def came_true(told: Sequence[Told], settings: Settings) -> Solved:
    """What people went through who were `told` one thing after another, from the first quarter on."""
    first, last = told[0].solved, told[-1].solved
    if len(told) == 1:
        return first
    ends = [*(t.quarter for t in told[1:]), told[0].quarter + settings.horizon]
    lengths = [end - t.quarter for end, t in zip(ends, told, strict=True)]
    rows = [t.solved.problem.exogenous[1 : n + 1] for n, t in zip(lengths, told, strict=True)]
    exogenous = jnp.concatenate([first.problem.exogenous[:1], *rows, last.problem.exogenous[-1:]])
    path = jnp.concatenate([t.solved.path[:n] for n, t in zip(lengths, told, strict=True)])
    return Solved(last.problem._replace(start=first.problem.start, exogenous=exogenous), path, last.steady)


def scenario_chain(
    economy: Economy,
    baseline: Sequence[Told],
    announcement: Announcement,
    shift: Float[Real, "periods instruments"],
    roots: Sequence[Roots],
    settings: Settings,
) -> tuple[Told, ...]:
    """Scenario as a function of the `baseline` and of `shift`, which adds to its instruments, both from quarter -1 on.

    It begins in the quarter of its announcement; `roots` has an entry for each view that its people hold after it.
    """
    t, found = announcement.quarter, list[Told]()
    true = came_true(baseline, settings)
    held = [view for k, view in enumerate(baseline) if k + 1 == len(baseline) or baseline[k + 1].quarter > t]
    for view, own in zip(held, roots, strict=True):
        quarter, base = max(view.quarter, t), view.solved
        exogenous = jnp.concatenate([true.problem.exogenous[: view.quarter + 1], base.problem.exogenous[1:]])
        changed = announcement.of(exogenous) + _as_long(shift, exogenous)
        window = _onward(changed, quarter)[: settings.horizon + 2]
        carried = _reached(economy, found[-1], quarter) if found else _before(economy, baseline, quarter)
        if announcement.permanent:
            learned = (found[-1] if found else view).learned if quarter else None
            learn = partial(learned_rate, learned, quarter, settings=settings)
            given = base.problem.parameters, base.problem.smoothing, quarter, window, carried
            told = _told(economy, *given, learn, own, settings)
        else:
            problem = base.problem._replace(start=carried[0], exogenous=window)
            twin = _onward(view.twin, quarter - view.quarter)
            told = Told(quarter, _path(economy, problem, base.steady, own), twin, view.learned)
        found.append(told)
    return tuple(found)


def _told(economy, p, smoothing, quarter, window, carried, learn, own, settings, added: Any = 0.0):
    """`Told` of instruments whose natural rate is found anew; what is `added` after that comes on top.

    `learn(rate)` is the natural rate that is learned on the way to that of the long run.
    """
    start, twin_start = carried
    steady = _steady(economy, p, window[-1], own)
    learned = learn(terminal=steady.exogenous[economy.pinned.instrument])
    ahead = with_intercept(economy, window, _onward(learned, quarter))
    before = PathProblem(p, start, ahead, _terminal(economy, p, steady, settings), smoothing)
    exogenous, twin = _natural_rate(economy, before, twin_start, steady, own, settings)
    solved = _path(economy, before._replace(exogenous=exogenous + added), steady, own)
    return Told(quarter, solved, twin, learned)


def _reached(economy, told, quarter):
    """What is carried into a later quarter, and what the flexible economy carries into it."""
    elapsed = quarter - told.quarter
    return tuple(path[elapsed - 1][economy.carried] for path in (told.solved.path, told.twin))


def _before(economy, baseline, quarter):
    """The same for a quarter of a `baseline`, before its own news of that quarter."""
    if quarter == 0:
        return baseline[0].solved.problem.start, baseline[0].solved.problem.start
    return _reached(economy, [view for view in baseline if view.quarter < quarter][-1], quarter)


def _onward(rows, quarter):
    """Rows from a quarter on, the last one repeated."""
    return jnp.concatenate([rows[quarter:], jnp.repeat(rows[-1:], quarter, 0)])


def _as_long(rows, others):
    """As many rows as the others have, the last one repeated."""
    return jnp.concatenate([rows, jnp.repeat(rows[-1:], len(others) - len(rows), 0)])


def roots_of(solution: Solution, twin: Float[Real, "quarters unknowns"] | None) -> Roots:
    """`Roots` of a solved path and of the twin behind its natural rate, if it has one."""
    steady = solution.long_run.steady
    return Roots(
        *map(jnp.asarray, (solution.path, solution.path if twin is None else twin, steady.x, steady.exogenous))
    )


def scenario_roots(baseline: Baseline, solution: Solution) -> tuple[Roots, ...]:
    """`Roots` of a solved scenario for each view that its people hold."""
    if solution.segments:
        return tuple(roots_of(s.solution, s.twin) for s in solution.segments)
    return (roots_of(solution, path_from(baseline.twin, solution.first_quarter)),)


def told_of(baseline: Baseline) -> tuple[Told, ...]:
    """What people were `Told` in a solved baseline."""
    found = []
    for s in baseline.segments:
        steady = AtRest(*map(jnp.asarray, (s.solution.long_run.steady.x, s.solution.long_run.steady.exogenous)))
        solved = Solved(s.solution.problem, jnp.asarray(s.solution.path), steady)
        found.append(Told(s.quarter, solved, jnp.asarray(s.twin), jnp.asarray(s.learned)))
    return tuple(found)


def announcement_of(scenario: Scenario, instruments: Layout, shape: tuple[int, int]) -> Announcement:
    """`Announcement` of a scenario on instruments of the `shape` `(T + 2, instruments)`, in which its operations are affine.

    Raises ValueError on `hold`, which mixes quarters.
    """
    if any(change.operation == "hold" for change in scenario.changes):
        raise ValueError(
            f"scenario {scenario.name}: got operation hold; derivatives expect add, scale or set: give the values instead"
        )
    addition = scenario.apply(instruments, np.zeros(shape))
    return Announcement(
        scenario.apply(instruments, np.ones(shape)) - addition, addition, scenario.announced, scenario.permanent
    )


def _steady(economy, parameters, exogenous, roots):
    target = parameters.central_bank.inflation_target
    x, e = solved_steady_state(economy)(parameters, exogenous, target, roots.steady, roots.instruments)
    return AtRest(x, e)


def _terminal(economy, parameters, steady, settings):
    if settings.saddle:
        return Terminal(steady.x, saddle_rule(economy)(parameters, steady.exogenous, steady.x))
    return Terminal(steady.x, jnp.zeros((len(steady.x), len(economy.carried))))


def _natural_rate(economy, problem, start, steady, roots, settings):
    """Instruments of a problem with the natural rate of its nearly flexible twin from `start`, and the twin's path."""
    flexible = with_flexibility(problem.parameters)
    twin = problem._replace(parameters=flexible, start=start)
    if settings.saddle:
        twin = twin._replace(terminal=_terminal(economy, flexible, steady, settings))
    path = solved_path(economy)(twin, roots.twin)
    followed = _followed(economy, settings.saddle)
    return followed(problem.exogenous, problem.parameters, path, steady.x, steady.exogenous), path


@cache
def _followed(economy, saddle):
    def followed(exogenous, parameters, twin, x, e):
        return with_natural_rate(economy, exogenous, parameters, twin, AtRest(x, e), saddle)

    return compiled_reverse(followed, compiled(followed))


def _path(economy, problem, steady, roots):
    return Solved(problem, solved_path(economy)(problem, roots.path), steady)
