"""Growth accounting: what each kind of demand adds to the growth of chained GDP."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from model.core.axes import DEMAND
from model.core.types import Real, Scalar
from model.equilibrium.accounts import COMPONENTS

KIND_OF_COMPONENT = {
    "goods": "C", "childcare": "C", "housing_services": "C", "electricity": "C",
    "traditional_investment": "IT", "ai_investment": "IA", "housing_investment": "IH",
    "generation_gas": "P", "generation_nuclear": "P", "generation_renewable": "P", "grid": "P", "interconnection": "P",
    "on_site_power": "P", "purchases": "G", "exports": "EX", "ai_exports": "EX", "imports": "IM",
}  # fmt: skip
KIND = np.array([[KIND_OF_COMPONENT[c] == d for d in DEMAND.symbols] for c in COMPONENTS], float)


def growth_contributions(
    quantity: Float[Real, "quarter component"],
    price: Float[Real, "quarter component"],
    base_quantity: Float[Real, "component"],
    base_price: Float[Real, "component"],
    trend_growth: Scalar,
) -> Float[Array, "quarter demand"]:
    """Contributions `(T, demand)` to the quarterly growth of Fisher GDP with its trend; they add up to it exactly.

    The change of each quantity at the mean of old and new prices, the new ones over the Fisher price index, by GDP at those
    prices (BEA, NIPA Handbook, chapter 4, contributions to per cent change). Arguments as of `accounts.fisher_index`.
    """
    q, p = jnp.concatenate([base_quantity[None], quantity]), jnp.concatenate([base_price[None], price])
    before, after, old, new = q[:-1], trend_growth * q[1:], p[:-1], p[1:]
    laspeyres = (new * before).sum(1) / (old * before).sum(1)
    paasche = (new * after).sum(1) / (old * after).sum(1)
    weight = old + new / jnp.sqrt(laspeyres * paasche)[:, None]
    return (weight * (after - before) / (weight * before).sum(1)[:, None]) @ KIND
