"""First-order laws of shocks: at a steady state, and along a path, where they vary with time.

Shock i moves the instruments by `z_i[t]` times its direction, `z[t] = P z[t-1] + eps[t]`, where P has what is left of each. With s
the carried part of the deviation dx from where the economy would be without shocks,

    dx[t] = by_state s[t-1] + by_lagged z[t-1] + by_shock z[t].

Quarter t's equations are `A s[t-1] + B dx[t] + C y[t+1] + F0 z[t-1] + F1 z[t] = 0` and what it expects of the next one
`y[t+1] = L s[t] + M dx[t+1] + G0 z[t] + G1 z[t+1]`; the law of t follows from that of t + 1, backward from the terminal condition.
It is exact to first order (Uhlig, 1999, at a steady state; Boppart, Krusell and Mitman, 2018, on why shocks along a path add up).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from model.compute.programs import program
from model.core.types import Real
from model.solvers.path import PathProblem, elimination_order, linearise, linearised_path, with_ends
from model.solvers.protocol import Economy


class Shocks(NamedTuple):
    """What shocks move, and what is left of them a quarter later: a share of each, or a matrix where one becomes another."""

    directions: Float[Real, "instruments shocks"]
    persistence: Float[Real, "shocks"] | Float[Real, "shocks shocks"]


def as_matrix(persistence: Any) -> Array:
    """The shocks of a quarter by those of the one before."""
    persistence = jnp.asarray(persistence)
    return jnp.diag(persistence) if persistence.ndim == 1 else persistence


def news_of(instrument: int, instruments: int, quarters: int) -> Shocks:
    """Shocks `(quarters,)` that move an instrument for one quarter and are known before it: the first at once, the last longest."""
    directions = np.zeros((instruments, quarters))
    directions[instrument, 0] = 1.0
    return Shocks(directions, np.eye(quarters, k=1))


class Law(NamedTuple):
    """Deviations of the unknowns, of one quarter or of many (leading axis), in solver coordinates."""

    by_state: Float[Real, "*quarters unknowns carried"]
    by_lagged: Float[Real, "*quarters unknowns shocks"]
    by_shock: Float[Real, "*quarters unknowns shocks"]


class _Forcing(NamedTuple):
    """Derivatives of a quarter's equations and expectations by the shocks of the quarter before and its own."""

    by_lagged: Array  # F0
    by_shock: Array  # F1
    expected_by_lagged: Array  # G0
    expected_by_shock: Array  # G1


def onward(law: Law, persistence: Any, carried: Any) -> tuple[Array, Array]:
    """What is carried and the shocks, by those of the quarter before and by what is new in the shocks."""
    k, moved = law.by_shock.shape[-1], as_matrix(persistence)
    own, lagged, shock = (part[..., carried, :] for part in law)
    upper = jnp.concatenate([own, lagged + shock @ moved], -1)
    lead = own.shape[:-2]
    still = jnp.zeros((*lead, k, own.shape[-1]))
    lower = jnp.concatenate([still, jnp.broadcast_to(moved, (*lead, k, k))], -1)
    new = jnp.broadcast_to(jnp.eye(k), (*lead, k, k))
    return jnp.concatenate([upper, lower], -2), jnp.concatenate([shock, new], -2)


@program
def steady_law_solver(economy: Economy) -> Callable[[Any, Real, Real, Real, Shocks], Law]:
    """Compiled `law(p, e, x, rule, shocks) -> Law` at a steady state `x` with instruments `e` and its saddle path's rule."""
    return steady_law(economy)


def steady_law(economy: Economy) -> Callable[[Any, Real, Real, Real, Shocks], Law]:
    """`law(p, e, x, rule, shocks) -> Law`, to be compiled with what is around it."""

    def law(p, e, x, rule, shocks):
        carried = economy.carried
        lead = economy.expectations(p, economy.quarter(p, e, e, x[carried], x))
        lin = linearise(economy, p, e, e, x[carried], x, lead)
        forcing = _forcing(economy, p, e, e, x[carried], x, lead, shocks.directions)
        onward = lin.expected_by_lag + lin.expected_by_now @ rule
        now = lin.by_now.at[:, carried].add(lin.by_lead @ onward)
        by_lagged = -jnp.linalg.solve(now, forcing.by_lagged)
        constant = forcing.by_shock + lin.by_lead @ (lin.expected_by_now @ by_lagged + forcing.expected_by_lagged)
        constant += lin.by_lead @ forcing.expected_by_shock @ as_matrix(shocks.persistence)
        repeated = lin.by_lead @ lin.expected_by_now
        return Law(rule, by_lagged, -_sylvester(now, repeated, jnp.asarray(shocks.persistence), constant))

    return law


@program
def path_law_solver(economy: Economy) -> Callable[[PathProblem, Real, Law, Shocks], Law]:
    """Compiled `law(problem, path, beyond, shocks) -> Law` of the quarters of a solved path; `beyond` is that at its end."""

    def law(problem, path, beyond, shocks):
        order, carried = elimination_order(economy), economy.carried
        p = economy.with_smoothing(problem.parameters, problem.smoothing[-1])
        lag, x = with_ends(economy, problem, path)
        e = problem.exogenous
        now = jax.vmap(economy.quarter, (None, 0, 0, 0, 0))(p, e[:-1], e[1:], lag, x)
        expected = jax.vmap(economy.expectations, (None, 0))(p, now)
        lin = linearised_path(economy, p, problem, path, expected, path.dtype)
        lead = jnp.concatenate([expected[1:], expected[-1:]])

        def forcing(lag_e, e, lag, x, lead):
            return _forcing(economy, p, lag_e, e, lag, x, lead, shocks.directions)

        forced = jax.vmap(forcing)(e[:-1], e[1:], lag, x, lead)
        inside, last = (jax.tree.map(lambda a, part=part: a[part], forced) for part in (slice(-1), -1))

        def back(after, quarter):
            law, ahead, pushed_ahead = after
            here, pushed = quarter
            found = _one_back(here, ahead, pushed, pushed_ahead, law, as_matrix(shocks.persistence), order, carried)
            return (found, here, pushed), found

        start = beyond, lin.last, last
        return lax.scan(back, start, (lin.inside, inside), reverse=True)[1]

    return law


def _sylvester(now, repeated, persistence, constant):
    """X in `now X + repeated X P = constant`: column by column where P is diagonal."""
    if persistence.ndim == 1:

        def one(rho, constant):
            return jnp.linalg.solve(now + rho * repeated, constant)

        return jax.vmap(one, (0, 1), 1)(persistence, constant)
    whole = jnp.kron(jnp.eye(len(persistence)), now) + jnp.kron(persistence.T, repeated)
    return jnp.linalg.solve(whole, constant.T.ravel()).reshape(constant.T.shape).T


def _one_back(here, ahead, pushed, pushed_ahead, law, moved, order, carried):
    """`Law` of a quarter from that of the next one; derivatives are in the order of elimination."""
    C, M = here.by_lead, ahead.expected_by_now
    rule, lagged, shock = (part[order.columns] for part in law)
    onward = C @ (ahead.expected_by_lag + M @ rule)
    now = here.by_now.at[:, order.positions[carried]].add(onward)
    by_shock = pushed.by_shock[order.rows] + C @ (M @ lagged + pushed_ahead.expected_by_lagged)
    by_shock += C @ (M @ shock + pushed_ahead.expected_by_shock) @ moved
    right = jnp.concatenate([here.by_lag, pushed.by_lagged[order.rows], by_shock], 1)
    answer = -jnp.linalg.solve(now, right)[order.positions]
    states, k = here.by_lag.shape[1], len(moved)
    return Law(*jnp.split(answer, [states, states + k], 1))


def _forcing(economy, p, lag_e, e, lag, x, lead, directions):
    def functions(lag_e, e):
        now = economy.quarter(p, lag_e, e, lag, x)
        return economy.residual(p, now, lead), economy.expectations(p, now)

    def along(direction):
        still = jnp.zeros_like(direction)
        before = jax.jvp(functions, (lag_e, e), (direction, still))[1]
        return *before, *jax.jvp(functions, (lag_e, e), (still, direction))[1]

    by_lagged, expected_by_lagged, by_shock, expected_by_shock = jax.vmap(along, 1, 1)(directions)
    return _Forcing(by_lagged, by_shock, expected_by_lagged, expected_by_shock)
