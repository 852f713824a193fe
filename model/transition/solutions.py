"""What is solved and how: settings, solutions, and the path of one problem with some patience."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.fields import ByName
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.solvers.first_order.saddle_path import SaddlePath
from model.solvers.outcome import Code, Outcome, outcome_of
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver
from model.solvers.search.newton import Known
from model.solvers.steady_state import AtRest, SteadyState
from model.transition.lower_bound import kept_at_lower_bound
from model.transition.scenarios.catch_up import COMPLETE

BASELINE = "baseline"
SLOW_FACTOR = 10  # steps of a change that is too large for one
SMOOTHING_STAGES = (1e-3, 1e-4, 1e-5)


class NotSolved(Exception):
    """A solve that ended without an answer; `outcome` says how."""

    def __init__(self, outcome: Outcome):
        super().__init__(outcome)
        self.outcome = outcome

    def __str__(self) -> str:
        return self.outcome.reason


class KeptAtLowerBound(NotSolved):
    """The path that was found stays at the lower bound and may be a slump that fulfils itself; no other was looked for."""


@contextmanager
def counted_from(quarter: int) -> Iterator[None]:
    """Failures of paths that begin in a quarter of the economy's calendar say when on that calendar they went wrong."""
    try:
        yield
    except NotSolved as failure:
        outcome = failure.outcome
        late = None if outcome.worst_quarter is None else quarter + outcome.worst_quarter
        raise type(failure)(replace(outcome, worst_quarter=late)) from failure


@dataclass(frozen=True)
class Settings:
    """How to solve: `smoothing` is the final eps of the complementarity conditions.

    `terminal` is saddle (the path goes on along the saddle path of the long run) or steady (everything has arrived at the
    horizon, AI's catch-up after four fifths of it).
    """

    horizon: int = 240
    terminal: str = "saddle"
    smoothing: float = 1e-5
    tolerance: float = 1e-10
    iterations: int = 80
    patient: bool = True  # is what is not found at once looked for on smoother problems and in parts?

    @property
    def saddle(self) -> bool:
        return self.terminal == "saddle"

    @property
    def catch_up_complete(self) -> int:
        """The quarter from which AI's catch-up is complete."""
        return COMPLETE if self.saddle else int(np.floor(0.8 * self.horizon))


class LongRun(NamedTuple):
    """A terminal steady state and its saddle path."""

    steady: SteadyState | AtRest
    saddle: SaddlePath


@dataclass(frozen=True)
class Solution:
    """A solved path with all that is needed to certify it, to report on it and to start others from it."""

    name: str
    economy: Economy
    problem: PathProblem
    path: Float[np.ndarray, "quarters unknowns"]  # solver coordinates
    outcome: Outcome
    long_run: LongRun
    first_quarter: int = 0  # calendar position of the path's first row
    residual: Float[np.ndarray, "quarters unknowns"] | None = field(default=None, repr=False)
    twin: Float[np.ndarray, "quarters unknowns"] | None = field(default=None, repr=False)  # of its own natural rate
    segments: tuple["Segment", ...] = field(default=(), repr=False)  # where people heard news on the way
    found: Any = field(default=None, repr=False)  # model.transition.targets.solving.Found of a scenario with targets
    known: Known | None = field(default=None, repr=False)  # the search's last factor, where others are to begin with it

    @property
    def exogenous(self) -> Float[np.ndarray, "periods instruments"]:
        return np.asarray(self.problem.exogenous)


@dataclass(frozen=True)
class Segment:
    """What people expected from a quarter of news on."""

    quarter: int
    solution: Solution  # from that quarter on
    twin: Float[np.ndarray, "quarters unknowns"]  # path of the nearly flexible economy, from that quarter on
    learned: Float[Real, "quarters+1"]  # natural rate in that economy's policy rule, quarters 0 to T


@dataclass(frozen=True)
class Baseline:
    """The baseline with the steady states it lies between; every scenario starts here."""

    solution: Solution
    initial: Float[np.ndarray, "unknowns"]  # solver coordinates of the initial steady state
    initial_saddle: SaddlePath
    twin: Float[np.ndarray, "quarters unknowns"]  # path of the nearly flexible economy that gives the natural rate
    settings: Settings

    @property
    def economy(self) -> Economy:
        return self.solution.economy

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What was expected after each piece of news; the `solution` is what came true."""
        return self.solution.segments


def solve_path(
    economy: Economy,
    parameters: ByName,
    start: Float[Real, "carried"],
    exogenous: Float[Real, "periods instruments"],
    long_run: LongRun,
    guess: Float[Real, "quarters unknowns"],
    settings: Settings,
    name: str,
    known: Known | None = None,
) -> Solution:
    """Solution from a `guess`, converged or not; with a factor `known` it keeps the last one."""
    given = path_problem(parameters, start, exogenous, long_run, settings)
    solve, blank = path_solver(economy), no_factor(economy, settings.horizon)

    def attempt(stages, known):
        problem = given._replace(smoothing=jnp.asarray(stages))
        return problem, solve(problem, jnp.asarray(guess), known, settings.tolerance, settings.iterations)

    at_once, gradual = _smoothing_schedules(settings.smoothing)
    problem, result = attempt(at_once, known or blank)
    if int(result.code) != Code.CONVERGED and settings.patient:
        problem, result = attempt(gradual, blank)
    outcome = outcome_of(result, economy.rows, f"{name}: ")
    path, residual = np.asarray(result.x), np.asarray(result.residual)
    last = Known(result.factor, result.replaced, jnp.asarray(True)) if known else None
    return Solution(name, economy, problem, path, outcome, long_run, residual=residual, known=last)


def known_by(economy: Economy, settings: Settings, near: Solution) -> Known:
    """The factor that a solution nearby has kept, or none as yet."""
    return near.known or no_factor(economy, settings.horizon)


def without_factors(solution: Solution) -> Solution:
    """The solution without what it kept for others, which takes much memory."""
    segments = tuple(replace(s, solution=replace(s.solution, known=None)) for s in solution.segments)
    return replace(solution, known=None, segments=segments)


def required(solution: Solution) -> Solution:
    if not solution.outcome.converged:
        raise NotSolved(solution.outcome)
    return solution


def solve_patiently(
    economy: Economy,
    parameters: ByName,
    start: Float[Real, "carried"],
    before: Float[Real, "periods instruments"],
    after: Float[Real, "periods instruments"],
    long_run: LongRun,
    guess: Float[Real, "quarters unknowns"],
    settings: Settings,
    name: str,
    known: Known | None = None,
) -> Solution:
    """Solution at the instruments `after`, `known` as of `solve_path`; raises NotSolved.

    At once, or in tenths of the change from `before` where that leads to no path, or to one that stays at the lower bound, which
    may be a slump that fulfils itself: KeptAtLowerBound, where settings are not patient.
    """
    at_once = solve_path(economy, parameters, start, after, long_run, guess, settings, name, known)
    found = at_once.outcome.converged
    if found and not kept_at_lower_bound(economy, parameters, at_once.path, guess):
        return at_once
    if not settings.patient:
        required(at_once)
        raise KeptAtLowerBound(Outcome(Code.INFEASIBLE, f"{name}: the policy rate stays at its lower bound"))
    solution = at_once
    try:
        for k in range(1, SLOW_FACTOR + 1):
            part = before + (after - before) * k / SLOW_FACTOR
            solution = required(solve_path(economy, parameters, start, part, long_run, guess, settings, name))
            guess = solution.path
    except NotSolved:
        if not found:
            raise
        return at_once
    return solution


def path_problem(
    parameters: ByName,
    start: Float[Real, "carried"],
    exogenous: Float[Real, "periods instruments"],
    long_run: LongRun,
    settings: Settings,
) -> PathProblem:
    """The problem of a path that ends at the long run, at the final smoothing."""
    rule = long_run.saddle.rule
    terminal = Terminal(long_run.steady.x, rule if settings.saddle else np.zeros(rule.shape))
    stages = np.full(len(SMOOTHING_STAGES), settings.smoothing)
    return PathProblem(parameters, jnp.asarray(start), jnp.asarray(exogenous), terminal, jnp.asarray(stages))


def _smoothing_schedules(final):
    """At once at the final smoothing, then by continuation from a smoother problem."""
    at_once = np.full(len(SMOOTHING_STAGES), final)
    gradual = np.maximum(SMOOTHING_STAGES, final)
    gradual[-1] = final
    return at_once, gradual if final < SMOOTHING_STAGES[0] else np.array([30 * final, 5 * final, final])
