"""The report on a solved path: every outcome, the accounts, and the products of rents and slacks."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from model.compute.programs import light_program
from model.core.fields import ByName
from model.core.types import Real
from model.equilibrium.accounts import Accounts, accounts
from model.equilibrium.economy import Economy
from model.equilibrium.outcomes.observed import Observed
from model.equilibrium.outcomes.register import DISTRIBUTION, OUTCOMES
from model.equilibrium.welfare import Gains, gains, mean_gain
from model.solvers.path import PathProblem, quarters


class Report(NamedTuple):
    """`values` is {outcome: (T,) or (T, label)}; `accounts` are arrays over time; `products` are rent times slack.

    `initial` is {outcome: () or (label,)} of the initial steady state, which would last for ever.
    """

    values: dict[str, Real]
    initial: dict[str, Real]
    accounts: Accounts
    products: Array


@light_program
def reporter(economy: Economy) -> Callable[..., Report]:
    """Compiled `report` of `report_on`."""
    return report_on(economy)


def report_on(economy: Economy, distribution: bool = True) -> Callable[..., Report]:
    """`report(problem, path, initial, base_exogenous) -> Report`; `initial` is the base steady state `(n,)`.

    `distribution`: with poverty, inequality and top shares, which take longer than all the rest.
    """
    asked = OUTCOMES + economy.outcomes + (DISTRIBUTION if distribution else ())

    def report(problem: PathProblem, path: Array, initial: Real, base_exogenous: Real) -> Report:
        p = problem.parameters
        now = jax.tree.map(lambda a: a[:-1], quarters(economy, problem, path))
        base = economy.quarter(p, base_exogenous, base_exogenous, initial[economy.carried], initial)
        both = jax.tree.map(lambda one, many: jnp.concatenate([jnp.asarray(one)[None], jnp.asarray(many)]), base, now)
        books = jax.vmap(accounts, (None, 0))(p, both)
        observed = Observed(p, both, base, books, economy.units)
        found = {o.name: o.function(observed) for o in asked}
        gained = gains(p, both.x.households.spending, both.spending.spender, both.x.households.wealth)
        nothing = jax.tree.map(jnp.zeros_like, gained)
        values = {name: value[1:] for name, value in (found | welfare(p, gained)).items()}
        rest = {name: value[0] for name, value in (found | welfare(p, nothing)).items()}
        return Report(values, rest, jax.tree.map(lambda a: a[1:], books), now.bounds.products)

    return report


def welfare(p: ByName, gained: Gains) -> dict[str, Real]:
    """Gains in % over the initial steady state, by what brings them."""
    parts = {"": gained.whole, "_from_spending": gained.spending, "_from_wealth": gained.wealth}
    of_groups = {f"welfare{part}": logs for part, logs in parts.items()}
    of_all = {f"welfare_of_all{part}": mean_gain(p, logs) for part, logs in parts.items()}
    return {name: 100 * jnp.expm1(logs) for name, logs in (of_groups | of_all).items()}
