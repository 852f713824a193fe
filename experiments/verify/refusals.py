"""Problems that have no answer, or more than one: they must be refused, never answered."""

import jax.numpy as jnp
import numpy as np

from experiments.verify.borrowing import solve_income_path
from experiments.verify.new_keynesian import DYNARE, parameters
from experiments.verify.roots import root
from experiments.verify.rows import refused, row
from experiments.verify.tolerances import EXACT, SOLVED
from model.examples.economy import solve_steady_state
from model.examples.new_keynesian import BOUNDED_NEW_KEYNESIAN, NEW_KEYNESIAN, Variables
from model.solvers.first_order.saddle_path import saddle_path


def no_answer():
    """Each has a proof in one line that no solution exists."""
    debt = solve_income_path([1.0], assets=-10.0)
    square = root(lambda x, _: x**2 + 1, jnp.ones(1))
    return [
        refused("debt of 10 is due, income is 1 and nobody lends", "c = 1 - 10 - a < 0", debt.newton),
        row("such a path has no numbers", "an answer or none", 0, np.isfinite(debt.levels.consumption).sum(), EXACT),
        row("x^2 + 1 = 0", "squares are positive", 0, np.isfinite(square).sum(), EXACT),
    ]


def no_steady_state():
    """i = max(0, 1 + 1.5 pi + .5 x), i = pi + r: at r = -1 neither i = 0 nor the rule; likewise if too smooth."""
    trap = _steady_state({"output_response": 0.5, "intercept": 1.0}, natural_rate=-1.0, smoothing=1e-8)
    smooth = _steady_state({"output_response": 0.125, "lower_bound": -0.01}, natural_rate=0.0, smoothing=5e-3)
    fine = _steady_state({"output_response": 0.125, "lower_bound": -0.01}, natural_rate=0.0, smoothing=2e-3)
    return [
        refused("natural rate for ever below what the bound allows", "by hand", trap.newton),
        refused("bound smoothed beyond its own distance", "by hand: eps > .00358", smooth.newton),
        row(
            "and a little smoothing below that is answered",
            "by hand",
            _smoothed_inflation(2e-3),
            fine.levels.inflation,
            SOLVED,
        ),
    ]


def _steady_state(given, natural_rate, smoothing):
    p = parameters(**{**DYNARE, **given, "smoothing": smoothing})
    start = Variables(0.0, 0.0, max(natural_rate, 0.0), 0.0, 0.0)
    return solve_steady_state(BOUNDED_NEW_KEYNESIAN, p, np.array([natural_rate, 0.0, 0.0]), start)


def _smoothed_inflation(eps):
    """Larger root of `slope pi (pi + .01) = eps^2`, slope = 1 - 1.5 - .125 (1 - beta) / kappa."""
    slope = 1 - DYNARE["inflation_response"] - 0.125 * (1 - DYNARE["discount_factor"]) / DYNARE["price_slope"]
    return (-0.01 + np.sqrt(0.01**2 + 4 * eps**2 / slope)) / 2


def many_answers():
    """A policy rule that answers inflation with less than one for one leaves many stable paths."""
    passive = parameters(**{**DYNARE, "inflation_response": 0.9, "output_response": 0.0})
    saddle = saddle_path(NEW_KEYNESIAN, passive, jnp.zeros(len(NEW_KEYNESIAN.instruments)), jnp.zeros(5))
    return [row("passive policy is not called determinate", "Gali (2015), section 3.4", 0, saddle.determinate, EXACT)]


CASES = (no_answer, no_steady_state, many_answers)
