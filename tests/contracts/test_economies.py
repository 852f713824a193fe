"""An economy is a value: several live in one process, and one with an exchanged block is an economy like any other."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from model.core.fields import ByName
from model.equilibrium.economy import reference
from model.equilibrium.outcomes.report import report_on
from model.solvers.first_order.saddle_path import saddle_path
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver
from model.solvers.steady_state import steady_residual
from model.transition.scenarios.scenario import Change, Scenario
from tests.contracts.average_inflation import AVERAGE_INFLATION, with_memory

REFERENCE, EXCHANGED = reference(), reference(central_bank=AVERAGE_INFLATION)
CALIBRATED = calibrate()
QUARTERS = 60
AGES, SKILLS = ("young", "middle_aged", "old"), ("low", "middle", "high")
NUMBERS_OF_GOLD = {
    "parameters.csv": {
        "portfolio.demand_elasticity.crypto": "20",
        "portfolio.size_elasticity.crypto": "0.75",
        "portfolio.trend_chasing.crypto": "0",
        "portfolio.liquidity_beta.crypto": "0",
    },
    "targets.csv": {
        "crypto_value": "0.08",
        **{f"portfolio_prior.{age}.crypto": "0.02" for age in AGES},
        **{f"portfolio_tilt.{skill}.crypto": "1" for skill in SKILLS},
    },
}  # by the rows of crypto that they follow


def initial(economy):
    """Its unknowns in the initial steady state, in which average inflation is at its target."""
    levels = vars(CALIBRATED.initial)
    if economy == EXCHANGED:
        bank = levels["central_bank"]
        bank = AVERAGE_INFLATION.variables(bank.inflation, bank.policy_rate, average_inflation=0.0)
        levels = levels | {"central_bank": bank}
    return np.asarray(economy.variables.pack(ByName(**levels)))


def test_economies_of_the_same_blocks_are_equal_and_have_a_name_that_every_process_knows():
    assert reference() == REFERENCE and hash(reference()) == hash(REFERENCE)
    assert path_solver(reference()) is path_solver(REFERENCE)
    assert "model.central_bank.policy_rule.taylor_rule" in REFERENCE.identity
    assert REFERENCE != EXCHANGED and EXCHANGED.identity is None, "a block of others is not kept on disk"


def test_register_layout_and_order_of_elimination_follow_from_the_blocks():
    assert len(EXCHANGED.rows) == len(EXCHANGED.variables) == 74
    assert EXCHANGED.rows[:73] == REFERENCE.rows and EXCHANGED.rows[73] == "E.74 average_inflation"
    assert "pavg" in EXCHANGED.carried_variables.symbols and "pavg" not in REFERENCE.variables.symbols
    for economy in (REFERENCE, EXCHANGED):
        for side in ("rows", "columns"):
            assert sorted(i for b in economy.blocks for i in getattr(b, side)) == list(range(len(economy.rows)))


def test_a_block_that_is_not_there_cannot_be_exchanged():
    with pytest.raises(ValueError, match=r"no block 'bank' to exchange; expected one of production, energy"):
        reference(bank=AVERAGE_INFLATION)


@pytest.mark.parametrize("memory", [0.0, 0.9])
def test_both_are_at_rest_in_the_same_steady_state(memory):
    for economy, p in ((REFERENCE, CALIBRATED.parameters), (EXCHANGED, with_memory(CALIBRATED.parameters, memory))):
        residual, _ = steady_residual(economy, p, jnp.asarray(initial(economy)), jnp.asarray(economy.at_rest))
        assert np.abs(residual).max() < 1e-9


@pytest.mark.slow
def test_a_new_instrument_and_a_new_outcome_need_their_declarations_alone():
    p, forgiving = with_memory(CALIBRATED.parameters, 0.9), Change("forg", "set", (0.3,), 0, 19)
    report = jax.jit(report_on(EXCHANGED, distribution=False))
    gaps = {}
    for changes in ((), (forgiving,)):
        problem, path = solution(EXCHANGED, p, changes)
        values = report(problem, path, jnp.asarray(initial(EXCHANGED)), jnp.asarray(EXCHANGED.at_rest)).values
        average = path[:, EXCHANGED.variables.index("pavg")]
        np.testing.assert_allclose(
            values["average_inflation_gap"], 100 * (np.exp(4 * average) - 1), rtol=1e-9, atol=1e-12
        )
        gaps[changes] = values
    rate, forgiven = (gaps[changes]["policy_rate_annual"] for changes in ((), (forgiving,)))
    assert np.abs(rate - forgiven).max() > 1e-4, "the rule reads the instrument"
    wrong = Scenario("wrong", "", (Change("forg", "set", (1.5,), 0, 3),))
    assert wrong.problems(EXCHANGED.instruments, at_rest(EXCHANGED)) == [
        "scenario wrong, instrument forg: becomes 1.5; expected 0 to 1"
    ]
    assert "forg" not in REFERENCE.instruments.symbols


@pytest.mark.slow
def test_without_memory_the_exchanged_block_gives_the_same_path_and_with_it_another():
    plain = solved(REFERENCE, CALIBRATED.parameters)
    same = solved(EXCHANGED, with_memory(CALIBRATED.parameters, 0.0))
    for symbol in REFERENCE.variables.symbols:
        here, there = REFERENCE.variables.index(symbol), EXCHANGED.variables.index(symbol)
        np.testing.assert_allclose(same[:, there], plain[:, here], atol=1e-8)
    slow = solved(EXCHANGED, with_memory(CALIBRATED.parameters, 0.9))
    inflation = np.log(
        slow[:, EXCHANGED.variables.index("pi")] / float(CALIBRATED.parameters.central_bank.inflation_target)
    )
    average, expected = 0.0, []
    for news in inflation:
        average = 0.9 * average + 0.1 * news
        expected.append(average)
    np.testing.assert_allclose(slow[:, EXCHANGED.variables.index("pavg")], expected, atol=1e-9)
    assert np.abs(slow[:, EXCHANGED.variables.index("pi")] - same[:, EXCHANGED.variables.index("pi")]).max() > 1e-5


@pytest.mark.slow
def test_an_asset_is_a_label_and_rows_of_numbers(tmp_path):
    root = Path(__file__).resolve().parents[2]
    for package in ("model", "calibration"):
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    axes = tmp_path / "model" / "core" / "axes.py"
    axes.write_text(
        axes.read_text().replace('"H", "C"),', '"H", "C", "Au"),').replace('"crypto"),', '"crypto", "gold"),')
    )
    for table, rows in NUMBERS_OF_GOLD.items():
        _insert(tmp_path / "calibration" / table, rows)
    script = Path(__file__).with_name("another_asset.py")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "JAX_ENABLE_COMPILATION_CACHE": "false"}
    ran = subprocess.run([sys.executable, script], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["unknowns"] == 73 + 3, "a market value, a premium and a reference valuation"
    assert set(found["rows"]) - set(REFERENCE.rows) == {
        "E.17 asset_market[gold]", "E.22 premium[gold]", "E.28 reference_valuation[gold]",
    }  # fmt: skip
    assert found["residual"] < 1e-9, "the new steady state solves the equations"
    assert found["value"] == pytest.approx(4 * 0.08, rel=1e-12) == found["held"]
    assert found["code"] == Code.CONVERGED
    assert found["goods_market"] < 1e-9 and found["flow_of_funds"] < 1e-9
    rise = np.log(found["gold"][0] / (4 * 0.08))
    assert rise == pytest.approx(0.1 / (1 - 0.75 + 20), rel=1e-2), "demand shift over slack and elasticity of demand"
    assert found["gold"][1] == pytest.approx(4 * 0.08, rel=1e-2)
    assert found["crypto"] < float(CALIBRATED.initial.portfolio.market_value[-1]), "at the cost of others"
    assert found["reported"] == pytest.approx(25 * found["gold"][0], rel=1e-9), "% of annual GDP"


def _insert(table, rows):
    """Add a row for gold after each of crypto, like it but for its value."""
    lines = []
    for line in table.read_text(encoding="utf-8").splitlines():
        lines.append(line)
        name = line.partition(",")[0]
        if name in rows:
            cells = next(csv.reader([line]))
            old = next(csv.reader([lines[0]])).index("value")
            cells[0], cells[1], cells[old] = name.replace("crypto", "gold"), f"{cells[1]}u_gold", rows[name]
            lines.append(",".join(f'"{cell}"' for cell in cells))
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


def solved(economy, p, changes=()):
    """Path `(T, n)` after a surprise cut of the policy rate in the initial steady state, with changes of instruments."""
    return solution(economy, p, changes)[1]


def at_rest(economy):
    return np.tile(economy.at_rest, (QUARTERS + 2, 1))


def solution(economy, p, changes=()):
    x = initial(economy)
    scenario = Scenario("cut", "", (Change("epsi", "add", (-0.0025,), 0, 0), *changes))
    assert scenario.problems(economy.instruments, at_rest(economy)) == []
    exogenous = scenario.apply(economy.instruments, at_rest(economy))
    rule = saddle_path(economy, p, jnp.asarray(economy.at_rest), jnp.asarray(x)).rule
    terminal = Terminal(jnp.asarray(x), rule)
    smoothing = jnp.full(1, float(p.smoothing))
    problem = PathProblem(p, jnp.asarray(x[economy.carried]), jnp.asarray(exogenous), terminal, smoothing)
    guess = jnp.tile(jnp.asarray(x), (QUARTERS, 1))
    result = path_solver(economy)(problem, guess, no_factor(economy, QUARTERS), 1e-11, 80)
    assert int(result.code) == Code.CONVERGED
    return problem, np.asarray(result.x)
