"""The public verbs: solve the baseline, solve a scenario on top of it, and check a horizon."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from model.core.namespace import namespace
from model.equilibrium.economy import TwoSectorEconomy
from model.equilibrium.nouns import INSTRUMENTS, VARIABLES
from model.scenarios.catch_up import (
    NATURAL_RATE_MIDPOINT,
    NATURAL_RATE_WIDTH,
    at_rest,
    catch_up_path,
    logistic,
    terminal_instruments,
)
from model.solvers.outcome import Code, Outcome, outcome_of
from model.solvers.path import PathProblem, Terminal, path_solver
from model.solvers.saddle_path import SaddlePath, saddle_path
from model.solvers.steady_state import SteadyState, steady_state_solver

ECONOMY = TwoSectorEconomy()
HOMOTOPY_STEPS = 6
SLOW_FACTOR = 10
FLEXIBILITY = (1.0, 3.0, 10.0, 40.0)
SMOOTHING_STAGES = (1e-3, 1e-4, 1e-5)
SPURIOUS_ROOT = 1e-8
RSTAR = INSTRUMENTS.index("rstar")
BASELINE = "baseline"


class NotSolved(Exception):
    """A solve that ended without an answer; `outcome` says how."""

    def __init__(self, outcome):
        super().__init__(outcome)
        self.outcome = outcome

    def __str__(self):
        return self.outcome.reason


@dataclass(frozen=True)
class Settings:
    """How to solve: `terminal` is saddle or steady, `smoothing` the final eps of the complementarity conditions."""

    horizon: int = 240
    terminal: str = "saddle"
    smoothing: float = 1e-5
    tolerance: float = 1e-10
    iterations: int = 80


class LongRun(NamedTuple):
    """A terminal steady state and its saddle path."""

    steady: SteadyState
    saddle: SaddlePath


@dataclass(frozen=True)
class Solution:
    """A solved path with all that is needed to certify it, to report on it and to start others from it."""

    name: str
    problem: PathProblem
    path: np.ndarray  # (T, n), solver coordinates
    outcome: Outcome
    long_run: LongRun
    first_quarter: int = 0  # calendar position of the path's first row
    residual: np.ndarray = field(default=None, repr=False)
    twin: np.ndarray = field(default=None, repr=False)  # (T, n), behind a scenario's own natural rate

    @property
    def exogenous(self):
        return np.asarray(self.problem.exogenous)


@dataclass(frozen=True)
class Baseline:
    """The baseline with the steady states it lies between; every scenario starts here."""

    solution: Solution
    initial: np.ndarray  # (n,), solver coordinates of the initial steady state
    initial_saddle: SaddlePath
    twin: np.ndarray  # (T, n), path of the nearly flexible economy that gives the natural rate
    settings: Settings


def solve_baseline(parameters, initial, catch_up, settings, wedge=0.0):
    """Baseline path of a calibrated economy.

    `parameters` and `initial` (levels) come from the inversion, `catch_up` holds the multipliers and timing of AI's
    catch-up and the initial pipelines; `wedge` `(T + 2, instruments)` comes on top of it and fades. Raises NotSolved with the step and the equation that failed.
    """
    x0 = np.asarray(VARIABLES.pack(initial))
    check_initial(parameters, x0)
    start = np.asarray(with_pipelines(x0, catch_up["pipeline"]))[ECONOMY.carried]
    initial_saddle = determinate_saddle(parameters, at_rest(), x0, "initial steady state")
    stages = np.array([terminal_instruments(catch_up, k / HOMOTOPY_STEPS) for k in range(1, HOMOTOPY_STEPS + 1)])
    long_run = solve_long_run(parameters, at_rest(), stages, x0, settings)
    exogenous = catch_up_path(catch_up, settings.horizon) + wedge
    guess = between(x0, np.asarray(long_run.steady.x), catch_up, settings.horizon)
    exogenous = with_intercept(exogenous, learned_slowly(float(long_run.steady.exogenous[RSTAR]), settings.horizon))
    exogenous, twin = natural_rate_twin(parameters, start, exogenous, long_run, guess, settings)
    solution = _solve(parameters, start, exogenous, long_run, twin, settings, BASELINE)
    return Baseline(_require(solution), x0, initial_saddle, twin, settings)


def between(initial, terminal, catch_up, horizon):
    """Path `(horizon, ...)` that leads from `initial` to `terminal` as AI catches up."""
    weight = logistic(horizon, catch_up["midpoint"]["technology"], catch_up["width"])[:, None]
    return (1 - weight) * initial + weight * terminal


def solve_scenario(baseline, scenario):
    """Path of a scenario announced in quarter `scenario.announced`; its rows before that are the baseline's."""
    settings, base = baseline.settings, baseline.solution
    announced = scenario.announced
    start, window, guess = announcement(baseline, scenario)
    try:
        long_run, twin = base.long_run, None
        if scenario.permanent:
            long_run = _own_long_run(baseline, window[-1])
            window, twin = natural_rate_twin(base.problem.parameters, start, window, long_run, guess, settings)
            guess = twin
        before, parameters = instruments_from(base.exogenous, announced), base.problem.parameters
        solution = solve_patiently(parameters, start, before, window, long_run, guess, settings, scenario.name)
    except NotSolved as failure:
        return Solution(scenario.name, base.problem, base.path * np.nan, failure.outcome, base.long_run, announced)
    return replace(solution, first_quarter=announced, twin=twin)


def announcement(baseline, scenario):
    """What is carried into the quarter of a scenario's announcement, the instruments from there on and the baseline's path."""
    base, t = baseline.solution, scenario.announced
    return _state_at(base, t), instruments_from(scenario.apply(base.exogenous), t), path_from(base.path, t)


def on_calendar(baseline, solution):
    """Problem and path `(T, n)` over the baseline's quarters: the baseline until the announcement, the solution after it."""
    t, base = solution.first_quarter, baseline.solution
    if t == 0:
        return solution.problem, solution.path
    path = np.concatenate([base.path[:t], solution.path[:-t]])
    exogenous = np.concatenate([base.exogenous[: t + 1], solution.exogenous[1:-t]])
    problem = solution.problem._replace(start=base.problem.start, exogenous=jnp.asarray(exogenous))
    return problem, path


def horizon_gap(solution, settings):
    """Largest change of any unknown when the horizon moves out by half; not a number if there is no such path."""
    start, window, guess = second_half(solution, settings)
    again = _solve(solution.problem.parameters, start, window, solution.long_run, guess, settings, solution.name)
    return gap_from(again.path, solution, settings) if again.outcome.converged else float("nan")


def second_half(solution, settings):
    """Start, instruments and guess of the path's second half as the first half of another path of the same length."""
    half = settings.horizon // 2
    return _state_at(solution, half), instruments_from(solution.exogenous, half), path_from(solution.path, half)


def gap_from(again, solution, settings):
    """Largest difference in the first `horizon / 4` quarters of the second half solved `again`, away from the old end."""
    half, quarter = settings.horizon // 2, settings.horizon // 4
    return float(np.abs(again[:quarter] - solution.path[half : half + quarter]).max())


def solve_long_run(parameters, origin, stages, guess, settings):
    """Steady state at the last of `stages` `(k, instruments)`, with the natural rate as unknown.

    By continuation from `guess`, the steady state at the instruments `origin`.
    """
    solver = steady_state_solver(ECONOMY)
    target = parameters.central_bank.inflation_target

    def solve(stages, guess):
        return solver(
            parameters,
            jnp.asarray(stages),
            jnp.asarray(guess),
            target,
            settings.tolerance / 10,
            settings.iterations * 4,
        )

    steady = solve(stages, guess)
    if int(steady.newton.code) != Code.CONVERGED:
        steady = _slow_continuation(solve, origin, stages, guess)
    outcome = outcome_of(steady.newton, ECONOMY.rows, "terminal steady state: ")
    if not outcome.converged:
        raise NotSolved(outcome)
    if spurious(parameters, steady.x):
        raise NotSolved(
            Outcome(Code.INFEASIBLE, "terminal steady state: the spurious root with return = growth was found")
        )
    saddle = determinate_saddle(parameters, steady.exogenous, steady.x, "terminal steady state")
    return LongRun(steady, saddle)


def spurious(parameters, x):
    """Is `x` the root at which the return on liquid assets equals growth?"""
    unknowns = VARIABLES.unpack(np.asarray(x))
    rate = unknowns.central_bank.policy_rate + parameters.portfolio.deposit_spread
    bill_return = (1 + rate) / unknowns.central_bank.inflation
    return abs(float(bill_return) - float(parameters.production.trend_growth)) < SPURIOUS_ROOT


def natural_rate_twin(parameters, start, exogenous, long_run, guess, settings):
    """Instruments with the policy rule's intercept following the natural rate of a nearly flexible economy.

    Returns them with the twin's path as the next guess. The slopes of both Phillips curves grow in steps.
    """
    for factor in FLEXIBILITY:
        flexible = with_flexibility(parameters, factor)
        twin_run = long_run
        if settings.terminal == "saddle":
            saddle = saddle_path(ECONOMY, flexible, long_run.steady.exogenous, long_run.steady.x)
            twin_run = long_run._replace(saddle=saddle)
        name = f"natural-rate twin at {factor:g} times the slopes"
        twin = _require(_solve(flexible, start, exogenous, twin_run, guess, settings, name))
        guess = twin.path
    return with_natural_rate(exogenous, parameters, guess, long_run.steady), guess


def with_flexibility(parameters, factor):
    """Parameters with the slopes of both Phillips curves multiplied by `factor`."""
    slopes = (parameters.production.price_slope * factor, parameters.production.wage_slope * factor)
    return eqx.tree_at(lambda p: (p.production.price_slope, p.production.wage_slope), parameters, slopes)


def with_natural_rate(exogenous, parameters, twin, steady):
    """Instruments with the policy rule's intercept following the real return of the `twin` path `(T, n)`."""
    rstar = steady.exogenous[RSTAR]
    real = _bill_return(parameters, exogenous, twin, steady.x)
    xp = namespace(exogenous, twin)
    return with_intercept(exogenous, xp.append(real - real[-1] + rstar, rstar))


def with_intercept(exogenous, rstar):
    """Instruments with the natural rate `rstar` `(T + 1,)`, quarters 0 to T, in the policy rule."""
    xp = namespace(exogenous, rstar)
    column = xp.append(exogenous[0, RSTAR], rstar)[:, None]
    return xp.where(np.arange(len(INSTRUMENTS)) == RSTAR, column, exogenous)


def check_initial(parameters, x0):
    """Raise NotSolved unless the calibrated initial steady state solves the equations with sensible signs."""
    h, names = parameters.households, VARIABLES.symbols
    if not np.isfinite(x0).all():
        bad = names[int(np.argmin(np.isfinite(x0)))]
        raise NotSolved(
            Outcome(
                Code.INFEASIBLE, f"initial steady state: {bad} is not a positive number; move the target nearest to it"
            )
        )
    nu = np.asarray(h.wealth_utility)
    if (nu <= 0).any():
        raise NotSolved(
            Outcome(
                Code.INFEASIBLE,
                "initial steady state: a group's taste for wealth is not positive; lower households.discount_factor",
            )
        )


def determinate_saddle(parameters, e, x, where):
    """Saddle path of a steady state; raises NotSolved, with the remedy, unless exactly one stable path exists."""
    saddle = saddle_path(ECONOMY, parameters, jnp.asarray(e), jnp.asarray(x))
    if saddle.determinate:
        return saddle
    count = f"{where}: {saddle.stable_roots} stable roots for {saddle.predetermined} unknowns"
    if saddle.stable_roots < saddle.predetermined:
        remedy = "public debt or foreign claims explode: raise government.debt_response"
    else:
        remedy = "many stable paths: raise central_bank.inflation_response above 1"
    raise NotSolved(Outcome(Code.INFEASIBLE, f"{count}; {remedy}"))


def solve_patiently(parameters, start, before, after, long_run, guess, settings, name):
    """Solution at the instruments `after`: at once or in tenths of the change from `before`; raises NotSolved."""
    solution = _solve(parameters, start, after, long_run, guess, settings, name)
    if solution.outcome.converged:
        return solution
    for k in range(1, SLOW_FACTOR + 1):
        part = before + (after - before) * k / SLOW_FACTOR
        solution = _require(_solve(parameters, start, part, long_run, guess, settings, name))
        guess = solution.path
    return solution


def _own_long_run(baseline, terminal_e):
    base = baseline.solution
    here = np.asarray(base.long_run.steady.exogenous)
    stages = np.array([here + (terminal_e - here) * k / HOMOTOPY_STEPS for k in range(1, HOMOTOPY_STEPS + 1)])
    stages[:, RSTAR] = here[RSTAR]
    return solve_long_run(base.problem.parameters, here, stages, base.long_run.steady.x, baseline.settings)


def _slow_continuation(solve, origin, stages, guess):
    """The same continuation in a tenth of the steps, from the instruments `origin` where `guess` is the steady state."""
    for before, after in pairwise([origin, *stages]):
        for k in range(1, SLOW_FACTOR + 1):
            here = before + (after - before) * k / SLOW_FACTOR
            steady = solve(np.tile(here, (len(stages), 1)), guess)
            if int(steady.newton.code) != Code.CONVERGED:
                return steady
            guess = steady.x
    return steady


def _solve(parameters, start, exogenous, long_run, guess, settings, name):
    problem = path_problem(parameters, start, exogenous, long_run, settings)
    solve = path_solver(ECONOMY)
    for stages in _smoothing_schedules(settings.smoothing):
        problem = problem._replace(smoothing=jnp.asarray(stages))
        result = solve(problem, jnp.asarray(guess), settings.tolerance, settings.iterations)
        if int(result.code) == Code.CONVERGED:
            break
    outcome = outcome_of(result, ECONOMY.rows, f"{name}: ")
    return Solution(name, problem, np.asarray(result.x), outcome, long_run, residual=np.asarray(result.residual))


def path_problem(parameters, start, exogenous, long_run, settings):
    """The problem of a path that ends at the long run, at the final smoothing."""
    rule = long_run.saddle.rule
    terminal = Terminal(long_run.steady.x, rule if settings.terminal == "saddle" else np.zeros(rule.shape))
    stages = np.full(len(SMOOTHING_STAGES), settings.smoothing)
    return PathProblem(parameters, jnp.asarray(start), jnp.asarray(exogenous), terminal, jnp.asarray(stages))


def _smoothing_schedules(final):
    """At once at the final smoothing, then by continuation from a smoother problem."""
    yield np.full(len(SMOOTHING_STAGES), final)
    gradual = np.maximum(SMOOTHING_STAGES, final)
    gradual[-1] = final
    yield gradual if final < SMOOTHING_STAGES[0] else np.array([30 * final, 5 * final, final])


def _require(solution):
    if not solution.outcome.converged:
        raise NotSolved(solution.outcome)
    return solution


def with_pipelines(x0, pipeline):
    """Initial unknowns (solver coordinates) with the pipelines of capacity multiplied by `pipeline`."""
    columns = {"UX": "interconnection", "UG": "grid", "U_gas": "gas", "U_vre": "renewable"}
    factor = [pipeline[columns[s]] if s in columns else 1.0 for s in VARIABLES.symbols]
    factor = namespace(*factor).stack(factor)
    return VARIABLES.to_coordinates(VARIABLES.to_levels(x0) * factor)


def learned_slowly(terminal, horizon):
    """Natural rate `(horizon + 1,)` that people learn on the way to its terminal value."""
    weights = logistic(horizon, NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH)
    return terminal * np.append(weights, 1.0)


def _bill_return(parameters, exogenous, path, steady):
    """Real gross return on liquid assets from t to t+1, `(T,)`."""
    xp = namespace(exogenous, path)
    inflation = xp.append(path[1:, VARIABLES.index("pi")], steady[VARIABLES.index("pi")])
    spread = parameters.portfolio.deposit_spread + exogenous[1:-1, INSTRUMENTS.index("dspr")]
    return xp.asarray((1 + path[:, VARIABLES.index("inom")] + spread) / inflation)


def instruments_from(exogenous, first):
    """Instruments of a path of the same length that starts `first` quarters later; the last quarter is repeated."""
    return np.concatenate([exogenous[first:], np.repeat(exogenous[-1:], first, axis=0)])


def path_from(path, first):
    return np.concatenate([path[first:], np.repeat(path[-1:], first, axis=0)])


def _state_at(solution, first):
    if first == 0:
        return np.asarray(solution.problem.start)
    return solution.path[first - 1][ECONOMY.carried]
