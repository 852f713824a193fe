"""The lower bound of the policy rate in forecasts: shocks to come add up to first order, but the rate stays above its bound.

Where people expect the rate below it in some quarter, additions to the rule that they know of hold it there
(`model.solvers.first_order.bound`): all else follows from them to first order, as it does from shocks.

How far ahead people look is a judgement: a year, as forecasters expected the first rise of 2009 to 2011 (Swanson and Williams,
2014). The further they look the deeper slumps are, and from seventeen quarters on the default economy need not have one path alone.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from calibration.shocks.past import QUARTERS_AHEAD, Past
from calibration.shocks.state_space import QUARTERS_OF_TWO_YEARS, observed_slopes, state_space
from calibration.shocks.tables import watched
from model.core.types import Real
from model.core.units import percent_a_year
from model.equilibrium.outcomes.register import UNITS
from model.solvers.first_order.bound import additions
from model.solvers.first_order.law import news_of
from model.transition.derivatives.shocks import law_along
from model.transition.solutions import Baseline

EXPECTED = 4  # quarters over which people look whether the rate meets its bound, this one first
RATE = "policy_rate"


class LowerBound(NamedTuple):
    """Of the quarters of the model: what additions to the rule do, of this quarter and of those ahead that are known."""

    rate: float  # [% a year]
    carried: Float[np.ndarray, "quarters carried ahead"]  # to the unknowns that are carried
    told: Float[np.ndarray, "quarters levels ahead"]  # to the levels and the observables of the state
    response: Float[np.ndarray, "quarters ahead ahead"]  # to the rate of this quarter and of those after it, a row each


def lower_bound(baseline: Baseline, ahead: int = EXPECTED) -> LowerBound:
    """`LowerBound` along a baseline with its news, of people who look `ahead` so many quarters."""
    economy, observed = baseline.economy, watched()
    news = news_of(economy.instruments.index("epsi"), len(economy.instruments), ahead)
    along = law_along(baseline, news, QUARTERS_AHEAD + QUARTERS_OF_TWO_YEARS)
    slopes = observed_slopes(along.outcomes, UNITS, observed)
    space = state_space(along.law, slopes, news.persistence, economy.carried, observed)
    transition, impact = (np.asarray(part) for part in space)
    states = len(economy.carried)
    response = np.stack([_expected_rates(transition, t, ahead) @ impact[t] for t in range(QUARTERS_AHEAD)])
    rate = float(percent_a_year(baseline.solution.problem.parameters.central_bank.lower_bound))
    return LowerBound(rate, impact[:QUARTERS_AHEAD, :states], impact[:QUARTERS_AHEAD, states + ahead :], response)


class Held(NamedTuple):
    """The lower bound in the state space of a `Past`: by quarter from the first of the forecast on."""

    room: Float[np.ndarray, "quarters ahead"]  # how far the rate without shocks is above the bound
    expected: Float[np.ndarray, "quarters ahead state"]  # the rate to come by the state
    effect: Float[np.ndarray, "quarters state ahead"]
    response: Float[np.ndarray, "quarters ahead ahead"]

    def moved(
        self, h: int, states: Float[Real, "paths state"], higher: Float[Real, "paths quarters"]
    ) -> Float[np.ndarray, "paths state"]:
        """What holding the bound adds to the states of quarter `h`; the rate without shocks is `higher` in each path by quarter.

        Raises ArithmeticError where nothing holds it.
        """
        ahead = np.arange(h, h + self.room.shape[1])
        gaps = self.room[h] + states @ self.expected[h].T + higher[:, np.minimum(ahead, higher.shape[1] - 1)]
        found = np.zeros_like(states)
        for path in np.flatnonzero(gaps.min(1) < 0):
            added = additions(gaps[path], self.response[h])
            if np.isnan(added).any():
                raise ArithmeticError("no path holds the policy rate at its lower bound")
            found[path] = self.effect[h] @ added
        return found


def held_in(past: Past, bound: LowerBound, count: int) -> Held:
    """`Held` in the `count` quarters after the data of a `Past`."""
    transition = past.space.transition
    first, size, states = len(past.known), transition.shape[1], bound.carried.shape[1]
    ahead = bound.response.shape[1]
    rates = past.without_shocks[RATE].to_numpy() - bound.rate
    quarters = range(first, first + count)
    own = [min(t - past.first, len(bound.response) - 1) for t in quarters]
    effect = np.zeros((count, size, ahead))
    effect[:, :states] = bound.carried[own]
    effect[:, size - bound.told.shape[1] :] = bound.told[own]
    expected = np.stack([_expected_rates(transition, t, ahead) for t in quarters])
    room = np.stack([rates[np.minimum(np.arange(t, t + ahead), len(rates) - 1)] for t in quarters])
    return Held(room, expected, effect, bound.response[own])


def _expected_rates(transition, quarter, ahead):
    """The rate of a quarter and of those after it by the state of the quarter, `(ahead, state)`; the last law stays."""
    size, observed = transition.shape[1], [o.name for o in watched()]
    found = np.zeros((ahead, size))
    found[:, size - len(observed) + observed.index(RATE)] = 1.0
    for h in range(ahead):
        for t in range(quarter + h, quarter, -1):
            found[h] = found[h] @ transition[min(t, len(transition) - 1)]
    return found
