"""The daily block and the quarterly core: what each tells the other.

The core gives its path of equity values without flows, its payouts and its policy rate. The daily block gives back, for
every quarter, the mean price deviation that flows bring and the variance that they add to returns, against the same path
without them; both shift the demand for equity, the first so that the core reproduces the deviation at given returns and
payouts. A price is the core's path times the deviation: the flows are counted once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.types import Real, Scalar
from model.core.units import DAYS_A_QUARTER, QUARTERS_A_YEAR
from model.equilibrium.economy import Economy
from model.equilibrium.outcomes.report import reporter
from model.markets.day import Day
from model.markets.declarations import Core, Parameters
from model.markets.decomposition import FLOWS
from model.markets.paths import simulate, without
from model.solvers.first_order.responses import linear_response_solver
from model.solvers.path import quarters
from model.transition.beliefs.experience import Experienced, experience
from model.transition.beliefs.sequential import surprised_each_quarter
from model.transition.calendar import instruments_from, path_from
from model.transition.solutions import Baseline, Solution, path_problem

EQUITY = ("T", "A")
CUT, STEEPNESS = 0.0025, 4.0  # a step of the policy rate; odds of one per step of its path, as a logistic curve
STEP = 1e-4  # of a response, for the derivative of outcomes
DAMPING, PASSES, SMALL = 0.8, 8, 1e-5  # of the fixed point in log prices


class NotContracting(Exception):
    """The two-way coupling does not come to its fixed point; the message says how."""

    def __init__(self, sentence: str):
        super().__init__(f"two-way coupling: {sentence}")


class Responses(NamedTuple):
    """What a surprise demand for an equity does that fades at the flows' persistence, per unit of log demand.

    Leading axes: quarter of the surprise, equity (T, A); then quarters of the daily path.
    """

    log_value: Float[np.ndarray, "surprises equity quarters"]  # of all equity
    outcomes: dict[str, np.ndarray]  # (surprise, equity, quarter, ...)


@dataclass(frozen=True)
class Coupled:
    """Daily paths and the quarters of the core they belong to, leading axis `path` in all arrays."""

    day: Day  # (days, ..., paths)
    quiet: Day  # the same without flows
    pressure: Float[np.ndarray, "paths quarters"]  # [log], mean deviation that flows bring
    shifts: Float[np.ndarray, "paths quarters equity"]  # [log demand]
    offset: Float[np.ndarray, "paths quarters"]  # [log], of the core's answer at the ends of quarters, zero one way
    contraction: float | None  # ratio of the last two passes, two-way


def equity_values(economy: Economy) -> list[int]:
    """Positions of the values of equity among the unknowns."""
    return [economy.variables.index(f"V{k}") for k in EQUITY]


def _shifts(economy):
    """Positions of the demand for equity among the instruments."""
    return [economy.instruments.index(f"f{k}") for k in EQUITY]


def core_path(solution: Solution, count: int) -> Core:
    """`markets.declarations.Core` of a path: the daily block starts at the end of its first quarter."""
    p, path = solution.problem.parameters, np.asarray(solution.path)
    growth = float(p.production.trend_growth)
    now = solved_quarters(solution)
    value = np.exp(path[: count + 1, equity_values(solution.economy)]).sum(1)
    trend = growth ** (solution.first_quarter + np.arange(count + 1)) * solution.economy.units.gdp_trillions_a_quarter
    log_value = np.log(value * trend)
    payout = np.asarray(now.cash_flows.dividends).sum(1)[1 : count + 1] * trend[1:]
    change = QUARTERS_A_YEAR * np.diff(path[: count + 1, solution.economy.variables.index("inom")])
    odds = 1 / (1 + np.exp(-STEEPNESS * (-change / CUT - 0.5)))
    return Core(log_value[0], log_value[1:], payout, odds)


def solved_quarters(solution: Solution) -> Any:
    """All objects of the quarters of a solved path."""
    return jax.device_get(quarters(solution.economy, solution.problem, jnp.asarray(solution.path)))


def demand_shifts(
    p: Parameters,
    size_elasticity: Float[Real, "equity"],
    pressure: Float[Real, "*batch"],
    added_variance: Float[Real, "*batch"],
) -> Float[Real, "*batch equity"]:
    """`f_k = (1 - iota_k) p - chisig (sigma2 - sigma2bar)`, log demand for T and A.

    `pressure` and the quarterly variance that flows add. `sigma2bar` is the variance of the
    same path without flows: a constant would count the news in fundamentals as flows.
    """
    return (1 - size_elasticity) * pressure[..., None] - (p.volatility_aversion * added_variance)[..., None]


def responses(baseline: Baseline, flow_persistence: float, count: int, outcomes: Sequence[str] = ()) -> Responses:
    """`Responses` around the baseline to surprises in quarters 1 to `count`."""
    found = [
        [_response(baseline, q, column, flow_persistence, count, outcomes) for column in _shifts(baseline.economy)]
        for q in range(1, count + 1)
    ]
    values = {name: np.array([[r[name] for r in row] for row in found]) for name in ("log_value", *outcomes)}
    return Responses(values.pop("log_value"), values)


def _response(baseline, quarter, column, persistence, count, outcomes):
    """Changes by name, `(count, ...)` over quarters 1 to `count`, zero before the surprise."""
    settings, base, economy = baseline.settings, baseline.solution, baseline.economy
    start = base.path[quarter - 1][economy.carried]
    exogenous, path = instruments_from(base.exogenous, quarter), path_from(base.path, quarter)
    problem = path_problem(base.problem.parameters, start, exogenous, base.long_run, settings)
    direction = np.zeros_like(exogenous)
    direction[1:, column] = persistence ** np.arange(settings.horizon + 1)
    linear = np.asarray(linear_response_solver(economy)(problem, jnp.asarray(path), jnp.asarray(direction)))

    def levels(step):
        moved = problem._replace(exogenous=jnp.asarray(exogenous + step * direction))
        here = jnp.asarray(path + step * linear)
        report = reporter(economy)(moved, here, jnp.asarray(baseline.initial), jnp.asarray(economy.at_rest))
        value = np.log(np.exp(np.asarray(here)[:, equity_values(economy)]).sum(1))
        return {"log_value": value} | {name: np.asarray(report.values[name]) for name in outcomes}

    above, below = levels(STEP), levels(-STEP)
    length = count - quarter + 1
    changes = {}
    for name in above:
        change = (above[name] - below[name])[:length] / (2 * STEP)
        changes[name] = np.concatenate([np.zeros((quarter - 1, *change.shape[1:])), change])
    return changes


def innovations(
    shifts: Float[Real, "paths quarters equity"], persistence: Scalar
) -> Float[Real, "paths quarters equity"]:
    """What of the demand shifts is news in its quarter."""
    before = np.concatenate([np.zeros_like(shifts[:, :1]), shifts[:, :-1]], 1)
    return shifts - persistence * before


def answered(
    response: Float[Real, "surprises equity quarters ..."], news: Float[Real, "paths surprises equity"]
) -> Float[np.ndarray, "paths quarters ..."]:
    """Sum of the responses to all news."""
    return np.einsum("pse,seq...->pq...", news, response)


def couple(
    p: Parameters,
    size_elasticity: Float[Real, "equity"],
    core: Core,
    seed: int,
    paths: int,
    responses: Responses | None = None,
) -> Coupled:
    """`Coupled` daily paths; with `responses`, the core's answer to flows moves prices too, by a damped fixed point.

    There the deviation of prices at the end of every quarter is the one that the core has. Raises NotContracting if the
    passes do not end there.
    """
    quiet = simulate(p, core, seed, paths, without())
    offset, before, size, contraction = np.zeros((paths, len(core.log_value))), None, np.inf, None
    for _ in range(PASSES):
        day = simulate(p, core, seed, paths, drift=np.diff(offset, axis=1, prepend=0.0))
        deviation = by_quarter(day.sources[:, FLOWS].sum(1))
        pressure = np.asarray(deviation.mean(1).T)
        added = _quarterly_variance(day) - _quarterly_variance(quiet)
        shifts = np.asarray(demand_shifts(p, np.asarray(size_elasticity), pressure, added))
        found = Coupled(day, quiet, pressure, shifts, offset, contraction)
        if responses is None:
            return found
        answer = answered(responses.log_value, innovations(shifts, p.flow_persistence)) - deviation[:, -1].T
        change = DAMPING * (answer - offset)
        size = float(np.sqrt((change**2).mean()))
        contraction = None if before is None else size / before
        if size < SMALL:
            return found
        if contraction is not None and not contraction < 1:
            raise NotContracting(f"each pass changes prices {contraction:.3g} times as much as the one before")
        offset, before = offset + change, size
    raise NotContracting(f"prices still change by {size:.1e} after {PASSES} passes")


def _quarterly_variance(day):
    return (by_quarter(day.total_return) ** 2).sum(1).T


def by_quarter(daily: Float[Real, "days ..."]) -> Float[Real, "quarters days_a_quarter ..."]:
    """`(days, paths)` as `(quarters, days of the quarter, paths)`."""
    return daily.reshape(-1, DAYS_A_QUARTER, *daily.shape[1:])


def lived_through(
    baseline: Baseline, shifts: Float[np.ndarray, "quarters equity"], persistence: float, name: str
) -> Experienced:
    """`Experienced` of one path of demand shifts from quarter 1 on, each a surprise."""
    base = baseline.solution
    changed = np.array(base.exogenous)
    changed[2 : 2 + len(shifts), _shifts(base.economy)] += shifts
    views = surprised_each_quarter(base.exogenous, changed, persistence, len(shifts) + 1)
    return experience(base, views, baseline.settings, name)
