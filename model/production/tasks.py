"""Tasks and automation by skill: Frechet productivities of AI and labour."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.formulas import ces_price
from model.core.types import Real, Scalar
from model.production.declarations import Instruments, Parameters


class Tasks(NamedTuple):
    automated_share: Real  # [share of task cost] (skill,)
    bundle_price: Array  # [final goods per unit] (skill,)
    labour_price: Array  # [final goods per unit of the composite]
    open_price: Array  # [final goods per unit] (skill,), of tasks that are open to AI
    ai_services: Real  # [units] (skill,)
    hours: Array  # [efficiency units] (skill,)


def task_bundle(
    automation: Float[Array, "*skill"], ai_price: Scalar, wage: Float[Real, "*skill"], elasticity: Scalar
) -> tuple[Float[Array, "*skill"], Float[Array, "*skill"]]:
    """Automated share and unit cost of a skill's tasks (Eaton and Kortum, 2002, eqs. 7 and 8)."""
    by_ai, by_labour = automation * ai_price**-elasticity, wage**-elasticity
    return by_ai / (by_ai + by_labour), (by_ai + by_labour) ** (-1 / elasticity)


def tasks(
    p: Parameters,
    e: Instruments,
    ai_price: Scalar,
    wage: Float[Real, "skill"],
    labour_composite: Scalar,
    open_share: Scalar | None = None,
) -> Tasks:
    """Task demands of the labour composite (Acemoglu and Restrepo, 2018, in Frechet form).

    A share of tasks is open to AI, all of them where it is None; the rest is done by labour alone: `pB = pI^F w^(1-F)`.
    """
    T = automation_capability(p, e)
    Gam_s, pI = task_bundle(T, ai_price, wage, p.task_elasticity)
    pB = pI
    if open_share is not None:
        Gam_s, pB = open_share * Gam_s, pI**open_share * wage ** (1 - open_share)
    pL = ces_price(p.skill_weight, pB, p.skill_elasticity)
    cost = p.skill_weight * (pB / pL) ** -p.skill_elasticity * labour_composite * pB
    return Tasks(Gam_s, pB, pL, pI, Gam_s * cost / ai_price, jnp.asarray((1 - Gam_s) * cost / wage))


def automation_capability(p: Parameters, e: Instruments) -> Float[Array, "skill"]:
    """AI productivity at the tasks of each skill, `(skill,)`: scale times capability, plus what is added for the high."""
    low_middle = p.automation_scale[:2] * e.task_capability
    return jnp.append(low_middle, p.automation_scale[2] + p.high_skill_automation + e.high_skill_capability)
