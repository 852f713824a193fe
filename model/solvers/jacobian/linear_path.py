"""Linear algebra of a path: each quarter is condensed to what it carries forward and what it expects, then one short
recursion runs over time.

A quarter's linearised equations are `A s[t-1] + B dx[t] + C z[t+1] = -r[t]`, with s the carried part of dx and z the change
of expectations, `z[t] = L s[t-1] + M dx[t]`. Solving each quarter for dx leaves a two-point problem in s and z,

    s[t] = P s[t-1] + Q z[t+1] + p,        z[t] = R s[t-1] + U z[t+1] + u,

and the backward sweep `z[t] = Phi[t] s[t-1] + phi[t]` is the linear decision rule of every quarter. It is block
elimination (Thomas, 1949) on 29 expectations instead of 73 unknowns.
"""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float, Int

from model.core.types import Real
from model.solvers.jacobian import block_triangular
from model.solvers.jacobian.block_triangular import Block, BlockFactor, one_block


class Linearised(NamedTuple):
    """Derivatives of one quarter or of a path (leading axis)."""

    by_lag: Float[Array, "... unknowns carried"]  # A
    by_now: Float[Array, "... unknowns unknowns"]  # B
    by_lead: Float[Array, "... unknowns expected"]  # C
    expected_by_lag: Float[Array, "... expected carried"]  # L
    expected_by_now: Float[Array, "... expected unknowns"]  # M


class Condensed(NamedTuple):
    """The quarter as a map from (s[t-1], z[t+1]) to (s[t], z[t])."""

    state_by_state: Float[Array, "... carried carried"]  # P
    state_by_lead: Float[Array, "... carried expected"]  # Q
    lead_by_state: Float[Array, "... expected carried"]  # R
    lead_by_lead: Float[Array, "... expected expected"]  # U


class Factor(NamedTuple):
    """All of a path's Jacobian that `solve` needs."""

    now: BlockFactor  # of B
    expected_by_now: Float[Array, "quarters expected unknowns"]  # M
    rule: Float[Array, "quarters expected carried"]  # Phi[t+1]
    feedback: Float[Array, "quarters expected expected"]  # (I - Phi[t+1] Q)^-1
    surprise: Float[Array, "quarters expected expected"]  # of phi[t] to phi[t+1]
    state_by_lead: Float[Array, "quarters carried expected"]  # Q
    state_by_state: Float[Array, "quarters carried carried"]  # of s[t] to s[t-1] by the rule
    others: Float[
        Array, "quarters unknowns-carried carried+expected"
    ]  # of what is not carried to s[t-1] by the rule and to surprises in z[t+1]


def condense(
    lin: Linearised, carried: Int[np.ndarray, "carried"], blocks: tuple[Block, ...] | None = None
) -> tuple[Condensed, Float[Array, "... unknowns inputs"], BlockFactor]:
    """Condensed quarter(s), with the responses of dx to s[t-1] and z[t+1], and the factor of B."""
    blocks = blocks or one_block(lin.by_now.shape[-1])
    now = block_triangular.factorise(lin.by_now, blocks)
    response = block_triangular.solve(now, -jnp.concatenate([lin.by_lag, lin.by_lead], -1), blocks)
    expected = lin.expected_by_now @ response
    n = lin.by_lag.shape[-1]
    condensed = Condensed(
        response[..., carried, :n],
        response[..., carried, n:],
        lin.expected_by_lag + expected[..., :n],
        expected[..., n:],
    )
    return condensed, response, now


def factorise(
    lin: Linearised,
    terminal_rule: Float[Array, "expected carried"],
    carried: Int[np.ndarray, "carried"],
    blocks: tuple[Block, ...] | None = None,
) -> Factor:
    """Factor of a path's Jacobian; `lin` has T quarters, `terminal_rule` is Phi[T]."""
    (P, Q, R, U), response, now = condense(lin, carried, blocks)
    identity = jnp.eye(terminal_rule.shape[0], dtype=terminal_rule.dtype)
    n = lin.by_lag.shape[-1]

    def backward(rule, quarter):
        forward, by_state, by_lead = quarter
        ahead = rule @ forward
        feedback = jnp.linalg.inv(identity - ahead[:, n:])
        lead = feedback @ ahead[:, :n]
        return by_state + by_lead @ lead, (rule, feedback, lead)

    forward = response[:, carried]
    _, (rule, feedback, lead) = lax.scan(backward, terminal_rule, (forward, R, U), reverse=True)
    by_state, by_lead = jnp.split(response[:, _others(carried, response.shape[1])], [n], -1)
    others = jnp.concatenate([by_state + by_lead @ lead, by_lead], -1)
    return Factor(now, lin.expected_by_now, rule, feedback, U @ feedback, Q, P + Q @ lead, others)


class _Alone(NamedTuple):
    """What a quarter's residual does if nothing else moves: a quarter or a path (leading axis)."""

    state: Array  # (carried,), s[t]
    others: Array  # (n - carried,), the rest of dx[t]
    ahead: Array  # (expected,), z[t+1] by the rule
    intercept: Array  # (expected,), of z[t]


def solve(
    factor: Factor,
    residual: Float[Array, "quarters unknowns"],
    carried: Int[np.ndarray, "carried"],
    blocks: tuple[Block, ...] | None = None,
) -> Float[Array, "quarters unknowns"]:
    """Newton step for residuals, with no change of s[-1]."""
    return _over_time(factor, jax.vmap(partial(_alone, carried=carried, blocks=blocks))(factor, residual), carried)


def impulses(
    factor: Factor,
    quarters: Int[Array, "impulses"],
    residuals: Float[Array, "impulses unknowns"],
    carried: Int[np.ndarray, "carried"],
    blocks: tuple[Block, ...] | None = None,
) -> Float[Array, "quarters unknowns impulses"]:
    """Newton steps for `residuals`, each of one quarter, of `quarters`, and zero in all others."""

    def step(quarter, residual):
        here = _alone(jax.tree.map(lambda a: a[quarter], factor), residual, carried, blocks)
        T = len(factor.rule)
        return _over_time(
            factor, jax.tree.map(lambda v: jnp.zeros((T, *v.shape), v.dtype).at[quarter].set(v), here), carried
        )

    return jax.vmap(step, out_axes=-1)(quarters, residuals)


def _alone(factor, residual, carried, blocks):
    """`_Alone` of one quarter: dx[t] and z[t] with s[t-1] = 0 and z[t+1] = Phi[t+1] s[t]."""
    blocks = blocks or one_block(len(residual))
    own = block_triangular.solve(factor.now, -residual[:, None], blocks)[:, 0]
    state = own[carried]
    ahead = factor.rule @ state
    intercept = factor.expected_by_now @ own + factor.surprise @ ahead
    return _Alone(state, own[_others(carried, len(own))], ahead, intercept)


def _over_time(factor, alone, carried):
    """Newton step `(T, n)` from what each quarter does alone: intercepts phi[t] backward, then states forward."""
    intercept = _recursion(factor.surprise, alone.intercept, reverse=True)
    beyond = _apply(factor.feedback, alone.ahead + intercept[1:])
    s = _recursion(factor.state_by_state, alone.state + _apply(factor.state_by_lead, beyond))
    others = alone.others + _apply(factor.others, jnp.concatenate([s[:-1], beyond], 1))
    step = jnp.concatenate([s[1:], others], 1)
    return step[:, np.argsort(np.concatenate([carried, _others(carried, step.shape[1])]))]


def _others(carried, n):
    return np.setdiff1d(np.arange(n), carried)


def product(
    inside: Linearised,
    last: Linearised,
    terminal_rule: Float[Real, "unknowns carried"],
    carried: Int[np.ndarray, "carried"],
    change: Float[Array, "quarters unknowns"],
) -> Float[Array, "quarters unknowns"]:
    """Change of the residuals with `change` of the unknowns.

    `inside` has the quarters 0 to T - 1, `last` is quarter T, which follows `terminal_rule`.
    """
    state = jnp.pad(change[:, carried], ((1, 0), (0, 0)))
    expected = _apply(inside.expected_by_lag, state[:-1]) + _apply(inside.expected_by_now, change)
    final = last.expected_by_lag @ state[-1] + last.expected_by_now @ (terminal_rule @ state[-1])
    own = _apply(inside.by_lag, state[:-1]) + _apply(inside.by_now, change)
    return own + _apply(inside.by_lead, jnp.concatenate([expected[1:], final[None]]))


def _apply(matrices, vectors):
    return jnp.einsum("tij,tj->ti", matrices, vectors)


def _recursion(matrices, additions, reverse=False):
    """All v of v[t+1] = matrix[t] v[t] + addition[t] from v[0] = 0, `(T + 1, ...)`; in reverse, from v[T] = 0 at the other end."""

    def step(v, quarter):
        matrix, addition = quarter
        v = matrix @ v + addition
        return v, v

    start = jnp.zeros_like(additions[0])
    _, v = lax.scan(step, start, (matrices, additions), reverse=reverse, unroll=4)
    return jnp.concatenate([v, start[None]] if reverse else [start[None], v])
