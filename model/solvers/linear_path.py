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
    now: BlockFactor  # of B
    by_lag: Array  # (T, n, carried), of dx
    by_lead: Array  # (T, n, expected), of dx
    condensed: Condensed
    expected_by_now: Array  # (T, expected, n)
    rule: Array  # (T, expected, carried), Phi[t+1]
    feedback: Array  # (T, expected, expected), (I - Phi[t+1] Q)^-1


def condense(lin, carried, blocks=None):
    """Condensed quarter(s), with the responses of dx to s[t-1] and z[t+1], and the factor of B."""
    blocks = blocks or one_block(lin.by_now.shape[-1])
    now = block_triangular.factorise(lin.by_now, blocks)
    response = -block_triangular.solve(now, jnp.concatenate([lin.by_lag, lin.by_lead], -1), blocks)
    expected = lin.expected_by_now @ response
    n = lin.by_lag.shape[-1]
    condensed = Condensed(
        response[..., carried, :n],
        response[..., carried, n:],
        lin.expected_by_lag + expected[..., :n],
        expected[..., n:],
    )
    return condensed, response[..., :n], response[..., n:], now


def factorise(lin, terminal_rule, carried, blocks):
    """Factor of a path's Jacobian; `lin` has T quarters, `terminal_rule` is Phi[T]."""
    condensed, by_lag, by_lead, now = condense(lin, carried, blocks)
    identity = jnp.eye(terminal_rule.shape[0], dtype=terminal_rule.dtype)

    def backward(rule, quarter):
        feedback = jnp.linalg.inv(identity - rule @ quarter.state_by_lead)
        earlier = quarter.lead_by_state + quarter.lead_by_lead @ (feedback @ (rule @ quarter.state_by_state))
        return earlier, (rule, feedback)

    _, (rule, feedback) = lax.scan(backward, terminal_rule, condensed, reverse=True)
    return Factor(now, by_lag, by_lead, condensed, lin.expected_by_now, rule, feedback)


def solve(factor, residual, carried, blocks):
    """Newton step `(T, n)` for residuals `(T, n)`, with no change of s[-1]."""
    own = -block_triangular.solve(factor.now, residual[..., None], blocks)[..., 0]
    state, lead = own[:, carried], jnp.einsum("tij,tj->ti", factor.expected_by_now, own)
    c = factor.condensed

    def backward(intercept, quarter):
        rule, feedback, state_t, lead_t, by_lead = quarter
        expected = feedback @ (rule @ state_t + intercept)
        return lead_t + by_lead @ expected, expected

    none = jnp.zeros_like(lead[0])
    _, expected = lax.scan(backward, none, (factor.rule, factor.feedback, state, lead, c.lead_by_lead), reverse=True)

    def forward(s, quarter):
        rule, feedback, state_t, expected_t, by_state, by_lead = quarter
        carried_on = by_state @ s
        z = feedback @ (rule @ carried_on) + expected_t
        return carried_on + by_lead @ z + state_t, (s, z)

    start = jnp.zeros_like(state[0])
    columns = (factor.rule, factor.feedback, state, expected, c.state_by_state, c.state_by_lead)
    _, (s, z) = lax.scan(forward, start, columns)
    return own + jnp.einsum("tij,tj->ti", factor.by_lag, s) + jnp.einsum("tij,tj->ti", factor.by_lead, z)
