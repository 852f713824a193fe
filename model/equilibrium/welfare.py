"""Welfare of the nine groups as consumption, tastes held fixed (Lucas, 1987): changes, never levels.

Spending gives utility `log m`, and wealth that of `tastes.utility_of_wealth` with others' mean wealth as in the first quarter: at rest
a little more of either is worth what it is in the Euler equation, and nobody's welfare falls because others spend or have more
(habits and a mean that moves would make it so). People age as in the model. Childcare, hours and unemployment count through
spending alone.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

from model.core.axes import SKILL
from model.core.fields import ByName
from model.core.types import Real
from model.households.groups import by_group, heads
from model.households.tastes import mean_wealth, utility_of_wealth


class Gains(NamedTuple):
    """Logs `(T, group)` by which spending for life would have to rise for the same gain, by what brings it."""

    spending: Array
    wealth: Array

    @property
    def whole(self) -> Float[Real, "quarter group"]:
        return self.spending + self.wealth


def gains(
    p: ByName,
    saver_spending: Float[Real, "quarter group"],
    spender_spending: Float[Real, "quarter group"],
    wealth: Float[Real, "quarter group"],
) -> Gains:
    """`Gains` of what lies ahead of each quarter over the first quarter lived for ever.

    Arguments are `(T, group)`; the last quarter of a path is lived for ever. A group of savers and spenders has the geometric
    mean of both. Raising a group's spending by one per cent in all quarters but the first gains one per cent.
    """
    h = p.households
    share = h.savers / heads(h)
    spending = share * jnp.log(saver_spending) + (1 - share) * jnp.log(spender_spending)
    of_wealth = share * utility_of_wealth(h, wealth, mean_wealth(h, wealth[0]))
    utility = jnp.stack([spending, of_wealth], 1)  # (T, 2, group)
    ahead = h.discount_factor * _ageing(h)
    lifetimes = jnp.linalg.inv(jnp.eye(len(ahead)) - ahead)  # expected discounted quarters in each stage

    def back(later, now):
        value = now + later @ ahead.T
        return value, value

    path = lax.scan(back, utility[-1] @ lifetimes.T, utility, reverse=True)[1]
    return Gains(*jnp.moveaxis((path - utility[0] @ lifetimes.T) / lifetimes.sum(1), 1, 0))


def mean_gain(p: ByName, by_group_over_time: Float[Real, "quarter group"]) -> Float[Real, "quarter"]:
    """Mean over heads `(T,)` of logs `(T, group)`: one per cent of anybody's spending weighs the same."""
    people = heads(p.households)
    return by_group_over_time @ people / people.sum()


def _ageing(h):
    """Probabilities `(group, group)` of being in each stage next quarter, alive."""
    leaving = by_group(h.ageing_rate, jnp.ones(len(SKILL)))
    return jnp.diag(1 - leaving) + jnp.diag(leaving[: -len(SKILL)], len(SKILL))
