"""The certificate of a path: what was checked and what came out; without it there is a reason, and no number."""

from dataclasses import dataclass, field, replace

import jax
import jax.numpy as jnp
import numpy as np

from experiments.answer.judgment import judged, large, large_changes
from model.core.axes import TREND_ASSET
from model.equilibrium.outcomes.report import reporter
from model.equilibrium.plausibility import impossible, unusual
from model.solvers.outcome import Code, Outcome
from model.transition.calendar import instruments_from, on_calendar
from model.transition.lower_bound import at_lower_bound
from model.transition.solutions import BASELINE, Baseline, Solution
from model.transition.solve import horizon_gap

BASELINE_DESCRIPTION = "No policy change; AI catches up as calibrated."
IDENTITY_TOLERANCE = 1e-9  # of trend GDP; of rents times slacks, around the square of the smoothing
HORIZON_TOLERANCE = 1e-2  # in logs, of any unknown halfway to the end
SOLVED_AGAIN = 1e-9  # how far two solves of one quarter lie apart at most
USUAL_MOVE = 25.0  # % a quarter, of a price
LONG_AT_BOUND = 8  # quarters
VALUATIONS = {k: "pH" if s == "H" else f"V{s}" for s, k in zip(TREND_ASSET.symbols, TREND_ASSET.labels, strict=True)}


@dataclass(frozen=True)
class Solved:
    """One scenario's answer: outcomes by name over the run's quarters, or the reason why there is none.

    `initial` has the same outcomes in the initial steady state, `history` those of the quarters before the first shown.
    """

    name: str
    description: str
    outcome: Outcome
    values: dict = field(default_factory=dict, repr=False)
    unknowns: np.ndarray = field(default=None, repr=False)
    certificate: dict = field(default_factory=dict)
    initial: dict = field(default_factory=dict, repr=False)
    history: dict = field(default_factory=dict, repr=False)

    @property
    def certified(self):
        return self.certificate.get("converged", False)

    def withdrawn(self, reason):
        """The same without certificate and numbers."""
        certificate = self.certificate | {"converged": False, "reason": reason}
        return Solved(self.name, self.description, self.outcome, certificate=certificate)


def refused(name, description, outcome, settings, units):
    """A scenario without an answer."""
    where = None if outcome.worst_quarter is None else units.quarter_label(outcome.worst_quarter)
    certificate = {
        "converged": False,
        "outcome": outcome.code.label,
        "reason": outcome.reason.removeprefix(f"{name}: "),
        "max_residual": outcome.max_residual,
        "worst_equation": outcome.worst_equation,
        "worst_quarter": where,
        "newton_iterations": outcome.iterations,
        "smoothing": settings.smoothing,
    }
    return Solved(name, description, outcome, certificate=certificate)


def without_baseline(scenario, settings, reason, units):
    """A scenario of an economy whose baseline is not solved, for that reason."""
    outcome = Outcome(Code.INFEASIBLE, f"the baseline it starts from is not solved: {reason}")
    return refused(scenario.name, scenario.description, outcome, settings, units)


def certified_solution(baseline: Baseline, solution: Solution, name, description, beyond=True):
    """`Solved` of a solution, with its report and certificate; `beyond` also solves past the horizon to check it."""
    if not solution.outcome.converged:
        return refused(name, description, solution.outcome, baseline.settings, baseline.economy.units)
    problem, path = on_calendar(baseline, solution)
    economy = baseline.economy
    given = (jnp.asarray(a) for a in (path, baseline.initial, economy.at_rest))
    report = reporter(economy)(problem, *given)
    gap = horizon_gap(solution, baseline.settings) if beyond else None
    return certified(baseline, solution, name, description, path, jax.device_get(report), gap)


def certified(baseline, solution, name, description, path, report, gap):
    """A solved scenario with its certificate, or refused by one of its checks. `path` is on the baseline's calendar.

    `gap` is its `model.transition.solve.horizon_gap`, None where that is checked later.
    """
    outcome, books, units = solution.outcome, report.accounts, baseline.economy.units
    at_bound = int(at_lower_bound(baseline.economy, solution.problem.parameters, path).sum())
    certificate = {
        "converged": True,
        "outcome": outcome.code.label,
        "reason": outcome.reason,
        "max_residual": outcome.max_residual,
        "worst_equation": outcome.worst_equation,
        "worst_quarter": units.quarter_label(solution.first_quarter + outcome.worst_quarter),
        "walras": _largest(books.goods_market),
        "gdp_identity": _largest(books.gdp_gap),
        "flow_of_funds": _largest(books.flow_of_funds),
        "complementarity_gap": _largest(report.products),
        "smoothing": baseline.settings.smoothing,
        "horizon_gap": None,
        "stable_roots": solution.long_run.saddle.stable_roots,
        "predetermined": solution.long_run.saddle.predetermined,
        "newton_iterations": outcome.iterations,
        "quarters_at_lower_bound": at_bound,
        "programmes_moved": programmes_moved(baseline, solution),
        "valuation_jumps": news_jumps(baseline) if name == BASELINE else [scenario_jump(baseline, path)],
        "unusual": [
            *unusual(report.values, units.quarter_label),
            *_unusual_prices(baseline, solution, path),
            *_long_at_bound(at_bound),
        ],
    }
    if solution.found is not None:
        certificate |= judged(solution.found, baseline.economy)
        certificate["unusual"] = [*large(solution.found, units), *certificate["unusual"]]
    certificate["unusual"] += large_changes(baseline, solution)
    first = units.first_shown
    history = {key: series[:first] for key, series in report.values.items()} if first else {}
    values = {key: series[first:] for key, series in report.values.items()}
    unknowns = baseline.economy.variables.to_levels(path[first:])
    solved = Solved(name, description, outcome, values, unknowns, certificate, dict(report.initial), history)
    failures = list(_failures(certificate, solved.values))
    if failures:
        return solved.withdrawn(f"an identity fails: {', '.join(failures)}; allowed {IDENTITY_TOLERANCE:.0e}")
    if sentences := impossible(report.values, units.quarter_label):
        return solved.withdrawn(f"no economy can be so: {'; '.join(sentences)}; take a smaller change")
    return solved if gap is None else beyond_horizon(solved, gap)


def _failures(certificate, values):
    """Identities that do not hold, rents that are paid without need, outcomes that are not numbers."""
    sizes = {
        "goods market": certificate["walras"],
        "GDP from both sides": certificate["gdp_identity"],
        "flow of funds": certificate["flow_of_funds"],
        "rents times slacks": certificate["complementarity_gap"] - certificate["smoothing"] ** 2,
    }
    yield from (f"{name} {size:.1e}" for name, size in sizes.items() if not size <= IDENTITY_TOLERANCE)
    yield from (f"{name} is not a number" for name, path in values.items() if not np.isfinite(path).all())


def beyond_horizon(solved, gap):
    """`Solved` with its horizon check, refused where that fails; `gap` is as of `certified`."""
    if gap <= HORIZON_TOLERANCE:
        return replace(solved, certificate=solved.certificate | {"horizon_gap": gap})
    moves = "there is no path beyond it" if np.isnan(gap) else f"further out unknowns move by {gap:.1e} in logs"
    reason = f"the horizon is too short: {moves}, allowed {HORIZON_TOLERANCE:g}; raise solver.horizon"
    return replace(solved, certificate=solved.certificate | {"horizon_gap": gap}).withdrawn(reason)


def _largest(book):
    return float(np.abs(book).max())


def programmes_moved(baseline, solution):
    """Names of the instruments of public spending that a solution has otherwise than its baseline."""
    instruments, first = baseline.economy.instruments, solution.first_quarter
    before = instruments_from(baseline.solution.exogenous, first)
    moved = (np.abs(solution.exogenous[1:] - before[1:]) > SOLVED_AGAIN).any(0)
    spends = [entry.metadata["spends"] for entry in instruments.entries]
    return [entry.name for entry, m, s in zip(instruments.entries, moved, spends, strict=True) if m and s]


def scenario_jump(baseline, path):
    """How prices move, `{asset: %}`, in the quarter in which people learn of a scenario: against the baseline, where the two first differ."""
    base = baseline.solution.path
    differs = (np.abs(path - base) > SOLVED_AGAIN).any(1)
    first = int(differs.argmax())
    moved = _jump(baseline.economy, base[first], path[first] if differs.any() else base[first])
    quarter = baseline.economy.units.quarter_label(first) if differs.any() else ""
    return {"quarter": quarter, "against": BASELINE, **moved}


def news_jumps(baseline):
    """How prices move, `{asset: %}`, at each piece of the baseline's news: what people then expect against what they expected before.

    Where there is none, in its first quarter against the initial steady state.
    """
    label = baseline.economy.units.quarter_label
    if len(baseline.segments) < 2:
        moved = _jump(baseline.economy, baseline.initial, baseline.solution.path[0])
        return [{"quarter": label(0), "against": "initial steady state", **moved}]
    views = zip(baseline.segments, baseline.segments[1:], strict=False)
    return [
        {
            "quarter": label(new.quarter),
            "against": "what was expected before",
            **_jump(baseline.economy, old.solution.path[new.quarter - old.quarter], new.solution.path[0]),
        }
        for old, new in views
    ]


def _long_at_bound(quarters):
    if quarters > LONG_AT_BOUND:
        yield (
            f"the policy rate is at its lower bound in {quarters} quarters, more than {LONG_AT_BOUND}: expectations may hold it there, and "
            "the same equations may have another path"
        )


def _unusual_prices(baseline, solution, path):
    """Sentences on prices that move far from one quarter to the next although nobody learns anything."""
    told = {0, solution.first_quarter, *(s.quarter for s in (*baseline.segments, *solution.segments))}
    quiet = [t for t in range(1, len(path)) if t not in told]
    for label, column in ((label, baseline.economy.variables.index(s)) for label, s in VALUATIONS.items()):
        moves = 100 * np.expm1(np.diff(path[:, column]))[np.array(quiet) - 1]
        worst = int(np.abs(moves).argmax())
        if abs(moves[worst]) > USUAL_MOVE:
            quarter = baseline.economy.units.quarter_label(quiet[worst])
            yield f"{label} moves by {moves[worst]:.3g} % in {quarter} without news; usual is at most {USUAL_MOVE:g}"


def _jump(economy, before, after):
    positions = {label: economy.variables.index(symbol) for label, symbol in VALUATIONS.items()}
    return {label: float(100 * np.expm1(after[i] - before[i])) for label, i in positions.items()}
