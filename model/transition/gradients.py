"""Solved paths as functions of parameters, catch-up and instruments: the same chain as `model.transition.solve`, at its solution.

Every root on the way (steady states, natural-rate twins, paths) is given with the values that were found and moves by
implicit differentiation; what lies between them is the code of the solve itself. Nothing here iterates over a solve.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from model.compute.compile import compiled
from model.compute.programs import program
from model.core.fields import ByName, Layout
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.solvers import protocol
from model.solvers.implicit import compiled_reverse, implicit_path, implicit_steady_state
from model.solvers.path import PathProblem, Terminal
from model.solvers.saddle_path import condensed_steady, condensed_steady_solver
from model.solvers.steady_state import AtRest
from model.transition.natural_rate import (
    FLEXIBILITY,
    learned_rate,
    with_flexibility,
    with_intercept,
    with_natural_rate,
)
from model.transition.scenarios.catch_up import views_of
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Settings
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


class Gradient(NamedTuple):
    """Moments and their derivatives; every leaf of `by` has the moments as its leading axis."""

    values: Float[Real, "moments"]
    by: Any


def path_gradient(
    economy: protocol.Economy, problem: PathProblem, path: Float[Real, "quarters unknowns"], moment: Callable[..., Any]
) -> Gradient:
    """`Gradient` of `moment(problem, path)`, a number or a vector, by every leaf of the `PathProblem` of a solved path.

    Each leaf moves alone: by `exogenous` is the effect of an instrument in a quarter, announced in the first one, with the
    terminal condition held; `solve.solve_scenario` answers so to temporary changes. Moments and derivatives are in the
    units of the leaves; path and start are in solver coordinates (logs where declared).
    """
    values, (by_problem, by_path) = moment_derivatives(moment)(problem, path)
    _, back = jax.vjp(lambda problem: solved_path(economy)(problem, path), problem)
    return Gradient(values, jax.tree.map(jnp.add, by_problem, by_moment(back, by_path)[0]))


def by_moment(back: Callable[[Any], Any], weights: Any) -> Any:
    """Reverse derivatives for each entry of the leading axis of `weights`, the same programs for any number of moments."""
    moments = len(jax.tree.leaves(weights)[0])
    found = [back(jax.tree.map(lambda w, i=i: w[i], weights)) for i in range(moments)]
    return jax.tree.map(lambda *leaves: np.stack(leaves), *found)


@cache
def solved_path(economy: protocol.Economy) -> Callable[..., Any]:
    """`implicit_path` with its reverse derivative compiled, for all paths of a chain."""
    return compiled_reverse(implicit_path(economy))


@cache
def solved_steady_state(economy: protocol.Economy) -> Callable[..., Any]:
    """`implicit_steady_state` with its reverse derivative compiled."""
    return compiled_reverse(implicit_steady_state(economy))


@cache
def saddle_rule(economy: protocol.Economy) -> Callable[..., Any]:
    """`rule(p, e, x)` of the saddle path at a steady state, with its reverse derivative compiled."""
    solve, compiled_solve = condensed_steady(economy), condensed_steady_solver(economy)
    return compiled_reverse(lambda *at: solve(*at)[1], lambda *at: compiled_solve(*at)[1])


@program
def path_pullbacks(economy: protocol.Economy) -> Callable[[PathProblem, Real, Real], PathProblem]:
    """Compiled `pull(problems, paths, weights)` for a batch on the leading axis, one lane after another.

    The answer has for each lane the derivatives of `(weights * path).sum()`, `weights` `(lanes, T, n)`, by the problem.
    """

    def pull(lane):
        problem, path, weights = lane
        return jax.vjp(lambda problem: implicit_path(economy)(problem, path), problem)[1](weights)[0]

    return lambda *lanes: lax.map(pull, lanes)


@cache
def moment_derivatives(moment: Callable[..., Any]) -> Callable[..., tuple[Any, tuple[Any, Any]]]:
    """Compiled `(problem, path) -> values (moments,), (by problem, by path)`, the direct derivatives of a moment."""

    @compiled
    def derivatives(problem, path):
        values, back = jax.vjp(lambda *at: jnp.atleast_1d(moment(*at)), problem, path)
        return values, jax.vmap(back)(jnp.eye(len(values)))

    return derivatives


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


def baseline_chain(
    economy: Economy,
    ends: Ends,
    shift: Float[Real, "periods instruments"],
    smoothing: Float[Real, "stages"],
    quarters: Sequence[int],
    roots: Sequence[Roots],
    settings: Settings,
) -> Solved:
    """Baseline as a function of `Ends` and of `shift`, which adds to the instruments of its path: what came true, `Solved`.

    `quarters` are those of its news, with the roots of each segment. The horizon and the terminal condition are those of
    `settings`.
    """
    p, learned, told = ends.parameters, None, []
    start, twin_start = ends.start, ends.start
    for view, quarter, own in zip(ends.views, quarters, roots, strict=True):
        if told:
            elapsed = quarter - told[-1][0]
            start, twin_start = (path[elapsed - 1][economy.carried] for path in told[-1][2:])
        steady = _steady(economy, p, view[-1], own)
        rate = steady.exogenous[economy.pinned.instrument]
        learned = learned_rate(learned, quarter, rate, settings)
        window = with_intercept(economy, _onward(view, quarter), _onward(learned, quarter))
        before = PathProblem(p, start, window, _terminal(economy, p, steady, settings), smoothing)
        exogenous, twin = _natural_rate(economy, before, twin_start, steady, own, settings)
        solved = _path(economy, before._replace(exogenous=exogenous + _onward(shift, quarter)), steady, own)
        told.append((quarter, solved, solved.path, twin))
    return _joined(told, settings)


def _onward(rows, quarter):
    """Rows from a quarter on, the last one repeated."""
    return jnp.concatenate([rows[quarter:], jnp.repeat(rows[-1:], quarter, 0)])


def _joined(told, settings):
    """What came true of segments `(quarter, solved, path, twin)`."""
    if len(told) == 1:
        return told[0][1]
    ends = [*(quarter for quarter, *_ in told[1:]), settings.horizon]
    lengths = [end - quarter for end, (quarter, *_) in zip(ends, told, strict=True)]
    first, last = told[0][1], told[-1][1]
    rows = [s.problem.exogenous[1 : n + 1] for n, (_, s, *_) in zip(lengths, told, strict=True)]
    exogenous = jnp.concatenate([first.problem.exogenous[:1], *rows, last.problem.exogenous[-1:]])
    path = jnp.concatenate([s.path[:n] for n, (_, s, *_) in zip(lengths, told, strict=True)])
    return Solved(last.problem._replace(start=first.problem.start, exogenous=exogenous), path, last.steady)


def scenario_chain(
    economy: Economy,
    baseline: Solved,
    announcement: Announcement,
    shift: Float[Real, "periods instruments"],
    roots: Roots,
    settings: Settings,
) -> Solved:
    """Scenario as a function of the `Solved` baseline and of `shift`, which adds to its instruments; see `baseline_chain`."""
    before, t = baseline.problem, announcement.quarter
    horizon = len(baseline.path)
    exogenous = announcement.factor * before.exogenous + announcement.addition
    exogenous = exogenous[jnp.minimum(jnp.arange(horizon + 2) + t, horizon + 1)] + shift
    start = baseline.path[t - 1][economy.carried] if t else before.start
    problem, steady = before._replace(start=start, exogenous=exogenous), baseline.steady
    if announcement.permanent:
        steady = _steady(economy, before.parameters, exogenous[-1], roots)
        problem = problem._replace(terminal=_terminal(economy, before.parameters, steady, settings))
        problem = problem._replace(exogenous=_natural_rate(economy, problem, start, steady, roots, settings)[0])
    return _path(economy, problem, steady, roots)


def announcement_of(scenario: Scenario, instruments: Layout, shape: tuple[int, int]) -> Announcement:
    """`Announcement` of a scenario on instruments of the `shape` `(T + 2, instruments)`; each of its operations is affine in them."""
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
    flexible = with_flexibility(problem.parameters, FLEXIBILITY[-1])
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
