"""The exported equations against the residual that the solver evaluates, and what the export refuses."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from experiments.export import __main__ as command
from experiments.export.dynare import Export, mod_name, mod_text
from experiments.export.equations import coordinate_names
from experiments.export.expressions import definitions, printed_number
from experiments.export.scalars import Graph, scalarise
from model.equilibrium.economy import two_sector
from tests.economy import ECONOMY, INSTRUMENTS, VARIABLES, at_rest
from tests.tolerances import ROUNDING

FUNCTIONS = {name: getattr(np, name) for name in ("exp", "log", "sqrt")}
QUARTERS = 6
FIXED = ("mA", "sG", "pol")


@pytest.fixture(scope="module")
def calibrated():
    return calibrate(smoothing=1e-3)


def near(x0, rng, count):
    """Random points `(count, n)` a hundredth away from `x0`, with prices and rents still positive."""
    return x0 + 0.01 * np.where(VARIABLES.log, 1.0, x0) * rng.standard_normal((count, len(x0)))


@pytest.fixture(scope="module")
def exported(calibrated):
    """Export of a random path around the initial steady state, with all instruments but FIXED moving."""
    rng = np.random.default_rng(20260101)
    x0 = np.asarray(VARIABLES.pack(calibrated.initial))
    before, terminal, long_run = near(x0, rng, 3)
    instruments = at_rest() + 0.02 * rng.random((QUARTERS + 2, len(INSTRUMENTS)))
    for symbol in FIXED:
        instruments[:, INSTRUMENTS.index(symbol)] = at_rest()[INSTRUMENTS.index(symbol)]
    weight = np.linspace(0, 1, QUARTERS)
    return Export(
        ECONOMY,
        "trial",
        "A trial.",
        "Nowhere",
        0,
        calibrated.parameters,
        before,
        terminal,
        long_run,
        x0,
        weight,
        instruments,
    )


@pytest.fixture(scope="module")
def text(exported):
    return mod_text(exported)


def in_python(expression):
    """An expression of the file as Python: dated names become one word, powers are `**`."""
    dated = re.sub(r"(\w+)\(([+-])1\)", lambda m: m[1] + {"-": "_lag", "+": "_lead"}[m[2]], expression)
    return dated.replace("^", "**")


def evaluated(text, values):
    """The residuals of the file's model block at `values`, by the rules of Python's arithmetic."""
    model = text[text.index("@#endif") : text.index("end;")]
    known = {**FUNCTIONS, **values}
    for name, expression in re.findall(r"^# (\w+) = (.*);$", model, re.MULTILINE):
        known[name] = eval(in_python(expression), {}, known)
    return np.array([eval(in_python(e), {}, known) for e in re.findall(r"^(.*) = 0;$", model, re.MULTILINE)])


def moving(text):
    return re.findall(r"^var (\w+);$", text, re.MULTILINE)


def test_the_files_equations_are_the_solvers_residual_at_random_points(calibrated, exported, text, rng):
    p = calibrated.parameters
    residual = jax.jit(
        lambda e, x: ECONOMY.residual(
            p,
            ECONOMY.quarter(p, e[0], e[1], x[0][ECONOMY.carried], x[1]),
            ECONOMY.expectations(p, ECONOMY.quarter(p, e[1], e[2], x[1][ECONOMY.carried], x[2])),
        )
    )
    for t in range(3):
        e = exported.instruments[t : t + 3]
        x = near(exported.guess_from, rng, 3)
        values = {}
        for suffix, later, es, xs in zip(("_lag", "", "_lead"), ("_before", "", "_next"), e, x, strict=True):
            values.update({name + suffix: value for name, value in zip(coordinate_names(ECONOMY), xs, strict=True)})
            values.update({s + later: value for s, value in zip(INSTRUMENTS.symbols, es, strict=True)})
        expected = np.asarray(residual(jnp.asarray(e), jnp.asarray(x)))
        got = evaluated(text, values)
        assert got.shape == (len(VARIABLES),)
        assert np.abs(expected).max() > 1e-3
        np.testing.assert_allclose(got, expected, rtol=ROUNDING, atol=ROUNDING)


def test_only_instruments_that_move_are_in_the_file(text):
    assert set(moving(text)) == set(INSTRUMENTS.symbols) - set(FIXED)
    assert "Instruments that do not move: " in text
    for symbol in FIXED:
        assert not re.search(rf"\b{symbol}\b", text[text.index("varexo") :])


def test_no_name_or_unit_ends_the_quotes_it_is_written_in():
    for declared in (two_sector().variables, two_sector().instruments):
        assert [entry.symbol for entry in declared.entries if "'" in entry.name + entry.unit] == []


def test_no_instrument_has_a_lag_or_a_lead_of_dynare(text):
    # Dynare would add an unknown for it, and the starting guess would no longer have the shape of the path
    model = text[text.index("@#endif") : text.index("end;")]
    dated = set(re.findall(r"(\w+)\([+-]1\)", model))
    assert dated <= set(coordinate_names(ECONOMY))
    for word in ("varpi_before", "zA_next"):
        assert re.search(rf"\b{word}\b", model)
        assert re.search(rf"^  {word} \(long_name", text, re.MULTILINE)


def block(text, name):
    body = text.split(f"\n{name};\n")[1].split("end;")[0]
    return {key: float(value) for key, value in re.findall(r"^(\w+) = (.*);$", body, re.MULTILINE)}


def test_both_ends_and_the_instruments_are_written_to_the_last_digit(exported, text):
    first, last = block(text, "initval"), block(text, "endval")
    np.testing.assert_array_equal([first[name] for name in coordinate_names(ECONOMY)], exported.before)
    np.testing.assert_array_equal([last[name] for name in coordinate_names(ECONOMY)], exported.terminal)
    for symbol in moving(text):
        column = exported.instruments[:, INSTRUMENTS.index(symbol)]
        found = re.search(rf"^var {symbol};\nperiods (.*);\nvalues (.*);$", text, re.MULTILINE)
        assert found[1].split(", ") == [str(t + 1) for t in range(QUARTERS)]
        np.testing.assert_array_equal([float(v.strip("()")) for v in found[2].split(", ")], column[1:-1])
        assert (first[symbol], last[symbol]) == (column[0], column[-1])


def test_the_guess_is_a_line_between_both_steady_states_and_no_path(exported, text):
    found = {
        name: np.array(re.search(rf"^{name} = \[(.*)\];$", text, re.MULTILINE)[1].split("; "), float)
        for name in ("guess_from", "guess_weight", "long_run")
    }
    line = np.outer(1 - found["guess_weight"], found["guess_from"])
    line += np.outer(found["guess_weight"], found["long_run"])
    np.testing.assert_array_equal(line, exported.guess)
    np.testing.assert_array_equal(exported.guess[[0, -1]], [exported.guess_from, exported.long_run])


def test_the_file_says_what_it_is(text):
    head = text[: text.index("\nvar\n")]
    for words in (
        "Scenario trial: A trial.",
        "Nowhere",
        "period 1 is 2026Q1, period 6 is 2027Q2",
        "Smoothing of the complementarity conditions: 0.001",
        "Units",
        "dynare trial.mod",
        "Apache",
    ):
        assert words in head
    assert all(line.startswith("//") for line in head.strip().splitlines())
    assert text.count("[name='E.") == len(VARIABLES)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x**2 - x[::-1] / 3).reshape(2, 2) @ jnp.exp(x[:2]),
        lambda x: jnp.outer(x, 1 - x).at[1, :].add(2.0).at[:, 2].set(x).sum(0) ** -1.5,
        lambda x: jnp.sqrt(jnp.concatenate([x, -(1 - x - 1)]) * 1.0 + 0.0) - (x[0] - (x[1] - x[2])),
        lambda x: jnp.stack([x, jnp.roll(x, 1)]).T.sum() / (x / (x / 2)),
    ],
)
def test_a_traced_function_and_its_expressions_agree(function, rng):
    x, graph = rng.uniform(0.5, 1.5, 4), Graph()
    nodes = [graph.symbol(f"x{i}") for i in range(4)]
    (found,) = scalarise(graph, jax.make_jaxpr(function)(jnp.asarray(x)), nodes)
    lines, wanted = definitions(graph, found.ravel().tolist(), {})
    known = {**FUNCTIONS, **{f"x{i}": value for i, value in enumerate(x)}}
    for name, expression in lines:
        known[name] = eval(in_python(expression), {}, known)
    got = [eval(in_python(expression), {}, known) for expression in wanted]
    np.testing.assert_allclose(got, np.ravel(function(jnp.asarray(x))), rtol=ROUNDING)


def test_an_operation_without_scalar_form_is_named():
    graph = Graph()
    with pytest.raises(ValueError, match="the operation sin has no scalar form"):
        scalarise(graph, jax.make_jaxpr(jnp.sin)(1.0), graph.symbol("x"))


def test_numbers_are_printed_without_loss(rng):
    for value in rng.standard_normal(100) * 10.0 ** rng.integers(-300, 300, 100):
        assert float(printed_number(value)) == value


@pytest.mark.parametrize(
    "scenario, name", [("ai_subsidy", "ai_subsidy"), ("2x-grid", "scenario_2x_grid"), ("é", "scenario__")]
)
def test_file_names_are_ones_that_dynare_takes(scenario, name):
    assert mod_name(scenario) == name


@pytest.mark.parametrize(
    "overrides, expected",
    [
        (["target=dynar"], ["no target 'dynar'; the nearest is dynare; there are dynare"]),
        (["target=gams"], ["no target 'gams'", "there are dynare"]),
        ([], ["target: not given; there are dynare"]),
        (["target=dynare", "scenarios=[ai_subsidi]"], ["no scenario 'ai_subsidi'; the nearest is ai_subsidy"]),
        (
            ["target=dynare", "calibration=reference", "beliefs=crash_wedge", "beliefs.hazard=0.02"],
            ["beliefs: got crash_wedge; exported paths cannot"],
        ),
        (["target=dynare", "chek=true"], ["chek: unknown key", "the nearest is check"]),
        (["target=dynare", "check=perhaps"], ["check"]),
    ],
)
def test_bad_input_is_answered_in_words(overrides, expected, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("calibration.calibrate", lambda *_, **__: pytest.fail("calibrated in spite of bad input"))
    assert command.main([f"hydra.run.dir={tmp_path}/run", *overrides]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    for sentence in expected:
        assert sentence in said
    assert not list(tmp_path.rglob("*.mod"))


def test_a_check_without_dynare_is_refused_in_words(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("experiments.export.dynare_runner.shutil.which", lambda name: None)
    assert command.main([f"hydra.run.dir={tmp_path}/run", "target=dynare", "check=true"]) == 2
    assert "expected octave-cli and Dynare here" in capsys.readouterr().err
