"""Welfare of the nine groups as consumption, tastes held fixed (Lucas, 1987).

Spending and wealth give utility `log m + nu log k` as in the Euler equation, and people age as in the model. Childcare, hours
and unemployment count through spending alone.
"""

import jax.numpy as jnp
from jax import lax

from model.core.axes import SKILL
from model.households.groups import by_group, heads


def welfare(p, saver_spending, spender_spending, wealth):
    """Spending for life that is as good as what lies ahead, and as what there is would be for ever: two `(T, group)`.

    Arguments are `(T, group)`; the last quarter of a path is lived for ever. A group of savers and spenders has the geometric
    mean of both. Raising a group's spending by one per cent in all quarters raises its welfare by one per cent.
    """
    h = p.households
    share = h.savers / heads(h)
    saved = jnp.log(saver_spending) + h.wealth_utility * jnp.log(wealth)
    utility = share * saved + (1 - share) * jnp.log(spender_spending)
    ahead = h.discount_factor * _ageing(h)
    lifetimes = jnp.linalg.inv(jnp.eye(len(ahead)) - ahead)  # expected discounted quarters in each stage
    for_ever = utility @ lifetimes.T

    def back(later, now):
        value = now + ahead @ later
        return value, value

    path = lax.scan(back, for_ever[-1], utility, reverse=True)[1]
    return tuple(jnp.exp(value / lifetimes.sum(1)) for value in (path, for_ever))


def mean_welfare(p, by_group_over_time):
    """Geometric mean over heads `(T,)`: one per cent of anybody's spending weighs the same."""
    people = heads(p.households)
    return jnp.exp(jnp.log(by_group_over_time) @ people / people.sum())


def _ageing(h):
    """Probabilities `(group, group)` of being in each stage next quarter, alive."""
    leaving = by_group(h.ageing_rate, jnp.ones(len(SKILL)))
    return jnp.diag(1 - leaving) + jnp.diag(leaving[: -len(SKILL)], len(SKILL))
