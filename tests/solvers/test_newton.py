"""The Newton loop on scalar and vector problems with known roots, and its refusals."""

import jax
import jax.numpy as jnp
import pytest

from model.solvers.outcome import Code
from model.solvers.search.newton import Problem, newton
from tests.tolerances import ROUNDING

TOLERANCE = 1e-12


def solve(function, guess, most_iterations=60, stages=1, longest=jnp.inf, tolerance=TOLERANCE):
    """Newton on `function(x, stage)` with a dense Jacobian."""
    problem = Problem(
        residual=lambda x, stage: (function(x, stage), jnp.zeros(())),
        factorise=lambda x, _, stage: jax.jacfwd(function)(x, stage),
        solve=lambda jacobian, residual: -jnp.linalg.solve(jacobian, residual),
        longest=lambda step: longest / jnp.abs(step).max(),
        stages=stages,
    )
    return newton(problem, jnp.atleast_1d(jnp.asarray(guess, dtype=float)), tolerance, most_iterations)


def code(result):
    return Code(int(result.code))


def test_linear_problem_takes_one_step_and_the_one_that_follows_a_small_residual():
    result = solve(lambda x, _: jnp.array([[2.0, 1.0], [0.0, 4.0]]) @ x - jnp.array([4.0, 8.0]), [9.0, -9.0])
    assert code(result) == Code.CONVERGED
    assert (int(result.iterations), int(result.factorisations)) == (2, 1)
    assert jnp.abs(result.x - jnp.array([1.0, 2.0])).max() <= ROUNDING


def test_line_search_where_full_steps_diverge():
    # Newton on arctan with full steps runs away from every start beyond 1.3917
    result = solve(lambda x, _: jnp.arctan(x), 3.0)
    assert code(result) == Code.CONVERGED
    assert abs(result.x[0]) <= ROUNDING


def test_line_search_steps_back_from_what_is_not_a_number():
    # the full step from 5 goes to 5 - 5 ln 5 < 0, where the logarithm is not a number
    result = solve(lambda x, _: jnp.log(x), 5.0)
    assert code(result) == Code.CONVERGED
    assert abs(result.x[0] - 1) <= ROUNDING


def test_kept_factor_still_solves():
    result = solve(lambda x, _: x + 0.01 * x**3 - 1.01, 1.05)
    assert code(result) == Code.CONVERGED
    assert int(result.factorisations) < int(result.iterations)
    assert abs(result.x[0] - 1) <= ROUNDING


def test_longest_step_is_respected():
    result = solve(lambda x, _: x - 10.0, 0.0, most_iterations=1, longest=0.5)
    assert float(result.x[0]) == 0.5


def test_continuation_ends_at_its_last_stage():
    result = solve(lambda x, stage: x**2 - jnp.array([1.0, 4.0, 9.0])[stage], 1.5, stages=3)
    assert (code(result), int(result.stage)) == (Code.CONVERGED, 2)
    assert abs(result.x[0] - 3) <= ROUNDING


def test_no_root_is_refused():
    assert code(solve(lambda x, _: x**2 + 1, 0.7)) in {Code.DIVERGED, Code.SINGULAR, Code.OUT_OF_STEPS}


def test_local_minimum_of_the_merit_is_refused():
    assert code(solve(lambda x, _: x**2 + 1, 0.0)) == Code.SINGULAR


def test_out_of_steps():
    assert code(solve(lambda x, _: jnp.exp(x) - 5, 9.0, most_iterations=2)) == Code.OUT_OF_STEPS


def test_singular_system_is_refused():
    result = solve(lambda x, _: jnp.stack([x.sum() - 1, 2 * x.sum() - 3]), [0.0, 0.0])
    assert code(result) != Code.CONVERGED


def test_a_root_among_many_is_refused():
    # every point of a line solves both equations, and nothing says which one is meant
    result = solve(lambda x, _: jnp.stack([x.sum() - 1, 2 * x.sum() - 2]), [0.5, 0.5])
    assert code(result) == Code.SINGULAR


@pytest.mark.parametrize("guess", [-1.0, jnp.nan, jnp.inf])
def test_guess_that_is_not_a_number_is_refused(guess):
    assert code(solve(lambda x, _: jnp.log(x), guess)) == Code.NOT_FINITE


def test_one_equation_that_is_not_a_number_is_refused():
    result = solve(lambda x, _: jnp.stack([x[0] - 1, x[0] * jnp.nan]), [1.0, 1.0])
    assert code(result) == Code.NOT_FINITE
    assert jnp.isnan(result.residual).tolist() == [False, True]


def test_stage_that_is_not_a_number_is_refused():
    result = solve(lambda x, stage: x - jnp.array([1.0, jnp.nan])[stage], 0.0, stages=2)
    assert code(result) == Code.NOT_FINITE


def test_jacobian_that_is_not_a_number_is_refused():
    # sqrt has an infinite slope at the start, so the step is zero times infinity
    assert code(solve(lambda x, _: jnp.sqrt(x * 0) * x + x - 1, 0.5)) != Code.CONVERGED


def test_tolerance_that_is_not_a_number_is_never_reached():
    assert code(solve(lambda x, _: x - 1, 0.0, tolerance=jnp.nan)) != Code.CONVERGED


def test_lanes_of_a_batch_do_not_touch_each_other():
    alone = [solve(lambda x, _: jnp.arctan(x), guess) for guess in (3.0, 0.1)]
    together = jax.vmap(lambda guess: solve(lambda x, _: jnp.arctan(x), guess))(jnp.array([3.0, jnp.nan, 0.1]))
    assert [Code(int(c)) for c in together.code] == [Code.CONVERGED, Code.NOT_FINITE, Code.CONVERGED]
    assert together.iterations[0] == alone[0].iterations
    assert together.iterations[2] == alone[1].iterations
