"""Solving a job, certifying every path, and the data that a run leaves behind."""

import time
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

from calibration import calibrate
from model.beliefs import world
from model.core.axes import TREND_ASSET
from model.core.units import quarter_label
from model.equilibrium.nouns import VARIABLES
from model.equilibrium.outcomes import RENAMED, UNITS, reporter
from model.scenarios.catch_up import at_rest
from model.solve import BASELINE, ECONOMY, Baseline, NotSolved, Solution, horizon_gap, on_calendar
from model.solvers.outcome import Code, Outcome

IDENTITY_TOLERANCE = 1e-9
SOLVED_AGAIN = 1e-9  # how far two solves of one quarter lie apart at most
VALUATIONS = {
    label: VARIABLES.index(symbol) for label, symbol in zip(TREND_ASSET.labels, ("VT", "VA", "pH", "VC"), strict=True)
}
BASELINE_DESCRIPTION = "No policy change; AI catches up as calibrated."


@dataclass(frozen=True)
class Solved:
    """One scenario's answer: outcomes by name over the run's quarters, or the reason why there is none.

    `initial` has the same outcomes in the initial steady state.
    """

    name: str
    description: str
    outcome: Outcome
    values: dict = field(default_factory=dict, repr=False)
    unknowns: np.ndarray = field(default=None, repr=False)
    certificate: dict = field(default_factory=dict)
    initial: dict = field(default_factory=dict, repr=False)

    @property
    def certified(self):
        return self.certificate.get("converged", False)


@dataclass(frozen=True)
class Results:
    """All of a run; `interrupted` if the user stopped it before the last scenario."""

    solved: tuple[Solved, ...]
    seconds: dict
    interrupted: bool = False

    @property
    def baseline(self):
        return self.solved[0]

    @property
    def all_certified(self):
        return all(s.certified for s in self.solved) and not self.interrupted


def solve(job, say=print):
    """Solve and certify the baseline and every scenario; Ctrl-C keeps what is finished."""
    clock = time.perf_counter()
    calibrated = calibrate(smoothing=job.settings.smoothing, inputs=job.inputs)
    say(f"calibrated to {len(job.inputs.targets)} targets")
    try:
        here = world(calibrated.baseline, calibrated.catch_up, job.beliefs, job.settings)
    except NotSolved as failure:
        unsolved = refused(BASELINE, "", failure.outcome, job.settings)
        say(f"{BASELINE}: not solved: {failure.outcome.reason}")
        rest = tuple(without_baseline(s, job.settings, failure.outcome.reason) for s in job.scenarios)
        return Results((unsolved, *rest), {"first": time.perf_counter() - clock})
    baseline = here.baseline
    solved = [certified_solution(baseline, baseline.solution, BASELINE, BASELINE_DESCRIPTION)]
    seconds = {"first": time.perf_counter() - clock}
    announce(solved[-1], say, seconds["first"])
    interrupted = False
    for scenario in job.scenarios:
        started = time.perf_counter()
        try:
            solved.append(certified_solution(baseline, here.solve(scenario), scenario.name, scenario.description))
        except KeyboardInterrupt:
            say("interrupted: writing what is finished")
            interrupted = True
            break
        seconds["warm"] = time.perf_counter() - started
        announce(solved[-1], say, seconds["warm"])
    return Results(tuple(solved), seconds, interrupted)


def announce(solved, say, seconds=None):
    """Say in a line how a scenario went."""
    if solved.certified:
        c, duration = solved.certificate, "" if seconds is None else f" in {seconds:.1f} s"
        say(
            f"{solved.name}: certified{duration}, {c['newton_iterations']} iterations, "
            f"residual {c['max_residual']:.0e}, goods market {c['walras']:.0e}"
        )
    else:
        say(f"{solved.name}: not solved: {solved.certificate['reason']}")


def without_baseline(scenario, settings, reason):
    """A scenario of an economy whose baseline is not solved, for that reason."""
    outcome = Outcome(Code.INFEASIBLE, f"the baseline it starts from is not solved: {reason}")
    return refused(scenario.name, scenario.description, outcome, settings)


def _refusal(outcome, settings):
    where = None if outcome.worst_quarter is None else quarter_label(outcome.worst_quarter)
    return {
        "converged": False,
        "outcome": outcome.code.label,
        "reason": outcome.reason,
        "max_residual": outcome.max_residual,
        "worst_equation": outcome.worst_equation,
        "worst_quarter": where,
        "newton_iterations": outcome.iterations,
        "smoothing": settings.smoothing,
    }


def certified_solution(baseline: Baseline, solution: Solution, name, description, beyond=True):
    """`Solved` of a solution, with its report and certificate; `beyond` also solves past the horizon to check it."""
    if not solution.outcome.converged:
        return refused(name, description, solution.outcome, baseline.settings)
    problem, path = on_calendar(baseline, solution)
    report = reporter(ECONOMY)(problem, jnp.asarray(path), jnp.asarray(baseline.initial), jnp.asarray(at_rest()))
    gap = horizon_gap(solution, baseline.settings) if beyond else None
    return certified(baseline, solution, name, description, path, jax.device_get(report), gap)


def refused(name, description, outcome, settings):
    """A scenario without an answer."""
    return Solved(name, description, outcome, certificate=_refusal(outcome, settings))


def certified(baseline, solution, name, description, path, report, gap):
    """A solved scenario with its certificate; refused if an identity fails. `path` is on the baseline's calendar."""
    outcome, settings, books = solution.outcome, baseline.settings, report.accounts
    walras, gdp_gap = (float(np.abs(book).max()) for book in (books.goods_market, books.gdp_gap))
    certificate = {
        "converged": True,
        "outcome": outcome.code.label,
        "reason": outcome.reason,
        "max_residual": outcome.max_residual,
        "worst_equation": outcome.worst_equation,
        "worst_quarter": quarter_label(solution.first_quarter + outcome.worst_quarter),
        "walras": walras,
        "gdp_identity": gdp_gap,
        "flow_of_funds": float(np.abs(books.flow_of_funds).max()),
        "complementarity_gap": float(np.abs(report.products).max()),
        "smoothing": settings.smoothing,
        "horizon_gap": gap,
        "stable_roots": solution.long_run.saddle.stable_roots,
        "predetermined": solution.long_run.saddle.predetermined,
        "newton_iterations": outcome.iterations,
        "valuation_jump": valuation_jump(baseline, path),
    }
    if not max(walras, gdp_gap) <= IDENTITY_TOLERANCE:
        certificate["converged"] = False
        certificate["reason"] = f"an identity fails: goods market {walras:.1e}, GDP {gdp_gap:.1e}"
        return Solved(name, description, outcome, certificate=certificate)
    unknowns = VARIABLES.to_levels(path)
    return Solved(name, description, outcome, dict(report.values), unknowns, certificate, dict(report.initial))


def valuation_jump(baseline, path):
    """How prices move when people learn of the future, `{asset: %}`, on top of what they were expected to be.

    For the baseline it is the first quarter against the initial steady state, for a scenario the first quarter in which it
    is not the baseline.
    """
    base = baseline.solution.path
    differs = (np.abs(path - base) > SOLVED_AGAIN).any(1)
    first = int(differs.argmax())
    before = base[first] if differs.any() else baseline.initial
    after = path[first]
    return {label: float(100 * np.expm1(after[i] - before[i])) for label, i in VALUATIONS.items()}


def tidy_paths(results):
    """Table `scenario, variable, label, quarter, value, unit`."""
    frames = []
    for solved in results.solved:
        for key, array in solved.values.items():
            unit, axis = UNITS[key]
            labels = axis.labels if axis else ("",)
            columns = array if axis else array[:, None]
            quarters = [quarter_label(t) for t in range(len(columns))]
            for j, label in enumerate(labels):
                frames.append(
                    pd.DataFrame(
                        {
                            "scenario": solved.name,
                            "variable": RENAMED.get(key, key),
                            "label": label,
                            "quarter": quarters,
                            "value": columns[:, j],
                            "unit": unit,
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def unknown_paths(results):
    """Table `scenario, quarter` and one column for each unknown, in levels."""
    frames = []
    for s in results.solved:
        if s.certified:
            frame = pd.DataFrame(s.unknowns, columns=list(VARIABLES.symbols))
            frame.insert(0, "quarter", [quarter_label(t) for t in range(len(frame))])
            frame.insert(0, "scenario", s.name)
            frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
