"""Complementarity: what the smoothed condition holds, and its limit against a merit order solved by hand."""

import jax
import jax.numpy as jnp

from experiments.verify.roots import root
from experiments.verify.rows import row
from experiments.verify.tolerances import LIMIT, ROUNDING, SMOOTHED
from model.core.formulas import fischer_burmeister

CONTINUATION = (1e-2, 1e-4, 1e-6, 1e-8)


def smoothed_condition():
    """Zero exactly where a b = eps^2 with both positive; a limit of min(a, b)."""
    source = "Kanzow (1996)"
    a = jnp.array([1e-4, 1e-2, 0.3, 1.0, 40.0])
    both = jnp.array([[0.0, 2.0], [3.0, 0.0], [0.0, 0.0], [1e-3, 5.0]])
    rows = [
        row(f"zero at b = eps^2 / a, eps {eps:g}", source, 0.0, fischer_burmeister(a, eps**2 / a, eps), ROUNDING)
        for eps in (1e-1, 1e-3, 1e-5)
    ]
    solved = jax.vmap(lambda b: root(lambda a, eps: fischer_burmeister(a, b, eps), jnp.ones(1), (1e-3,)))(a)
    return [
        *rows,
        row("the root a has a b = eps^2", source, 1e-6, solved[:, 0] * a, LIMIT, scale=1e-6),
        row(
            "zero where a or b is zero and neither negative, at eps 0",
            "Fischer (1992)",
            0.0,
            fischer_burmeister(both[:3, 0], both[:3, 1], 0.0),
            ROUNDING,
        ),
        row("not zero where both are positive or one negative", "Fischer (1992)", 1.0, _sign_is_right(), 0.0),
    ]


def _sign_is_right():
    positive = fischer_burmeister(jnp.array([0.1, 2.0]), jnp.array([3.0, 0.5]), 0.0) > 0
    negative = fischer_burmeister(jnp.array([-0.1, -2.0]), jnp.array([3.0, -0.5]), 0.0) < 0
    return float(positive.all() & negative.all())


def merit_order():
    """Cheap plant: cost 2, capacity 1, rent mu. Dear plant: cost 5 + 2 g. Demand: size - price. Three regimes."""
    source = "by hand"
    answers = {
        "neither binds": (2.5, (2.0, 0.5, 0.0, 0.0)),
        "the cheap plant is full": (5.0, (4.0, 1.0, 0.0, 2.0)),
        "both run": (10.0, (23 / 3, 1.0, 4 / 3, 17 / 3)),
    }
    rows = []
    for regime, (size, answer) in answers.items():
        got = _dispatched(size)
        names = ("price", "cheap", "dear", "rent")
        rows += [
            row(f"{regime}: {name}", source, a, g, SMOOTHED) for name, a, g in zip(names, answer, got, strict=True)
        ]
    return rows


def _dispatched(size):
    """Price, generation of both plants, rent of the cheap one's capacity."""

    def conditions(unknowns, eps):
        price, cheap, dear, rent = unknowns
        return jnp.stack(
            [
                price - 2 - rent,
                fischer_burmeister(rent, 1 - cheap, eps),
                fischer_burmeister(dear, 5 + 2 * dear - price, eps),
                cheap + dear - (size - price),
            ]
        )

    return root(conditions, jnp.array([3.0, 0.5, 0.5, 0.5]), CONTINUATION)


CASES = (smoothed_condition, merit_order)
