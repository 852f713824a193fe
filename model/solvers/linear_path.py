"""Linear algebra of a path: each quarter is condensed to what it carries forward and what it expects, then one short
recursion runs over time.

A quarter's linearised equations are `A s[t-1] + B dx[t] + C z[t+1] = -r[t]`, with s the carried part of dx and z the change
of expectations, `z[t] = L s[t-1] + M dx[t]`. Solving each quarter for dx leaves a two-point problem in s and z,

    s[t] = P s[t-1] + Q z[t+1] + p,        z[t] = R s[t-1] + U z[t+1] + u,

and the backward sweep `z[t] = Phi[t] s[t-1] + phi[t]` is the linear decision rule of every quarter. It is block
elimination (Thomas, 1949) on 29 expectations instead of 73 unknowns.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax

from model.solvers import block_triangular
from model.solvers.block_triangular import BlockFactor, one_block


class Linearised(NamedTuple):
    """Derivatives of one quarter or of a path (leading axis)."""

    by_lag: Array  # A (n, carried)
    by_now: Array  # B (n, n)
    by_lead: Array  # C (n, expected)
    expected_by_lag: Array  # L (expected, carried)
    expected_by_now: Array  # M (expected, n)


class Condensed(NamedTuple):
    """The quarter as a map from (s[t-1], z[t+1]) to (s[t], z[t])."""

    state_by_state: Array  # P
    state_by_lead: Array  # Q
    lead_by_state: Array  # R
    lead_by_lead: Array  # U


class Factor(NamedTuple):
    """All of a path's Jacobian that `solve` needs."""

    now: BlockFactor  # of B
    response: Array  # (T, n, carried + expected), of dx to s[t-1] and z[t+1]
    state_by_lead: Array  # (T, carried, expected), Q
    expected_by_now: Array  # (T, expected, n), M
    rule: Array  # (T, expected, carried), Phi[t+1]
    feedback: Array  # (T, expected, expected), (I - Phi[t+1] Q)^-1
    lead: Array  # (T, expected, carried), of z[t+1] to s[t-1] by the rule
    surprise: Array  # (T, expected, expected), of phi[t] to phi[t+1]
    state_by_state: Array  # (T, carried, carried), of s[t] to s[t-1] by the rule


def condense(lin, carried, blocks=None):
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


def factorise(lin, terminal_rule, carried, blocks=None):
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
    return Factor(now, response, Q, lin.expected_by_now, rule, feedback, lead, U @ feedback, P + Q @ lead)


def solve(factor, residual, carried, blocks=None):
    """Newton step `(T, n)` for residuals `(T, n)`, with no change of s[-1]."""
    blocks = blocks or one_block(residual.shape[-1])
    own = block_triangular.solve(factor.now, -residual[..., None], blocks)[..., 0]
    state, lead = own[:, carried], _apply(factor.expected_by_now, own)
    ahead = _apply(factor.rule, state)
    intercept = _recursion(factor.surprise, lead + _apply(factor.surprise, ahead), reverse=True)
    beyond = _apply(factor.feedback, ahead + intercept)
    s = _recursion(factor.state_by_state, state + _apply(factor.state_by_lead, beyond))
    return own + _apply(factor.response, jnp.concatenate([s, beyond + _apply(factor.lead, s)], 1))


def _apply(matrices, vectors):
    return jnp.einsum("tij,tj->ti", matrices, vectors)


def _recursion(matrices, additions, reverse=False):
    """v[t] of v[t+1] = matrix[t] v[t] + addition[t] from v[0] = 0; in reverse, from the other end."""

    def step(v, quarter):
        matrix, addition = quarter
        return matrix @ v + addition, v

    _, v = lax.scan(step, jnp.zeros_like(additions[0]), (matrices, additions), reverse=reverse, unroll=4)
    return v
