"""Bands over the draws of the calibration: their numbers, what is read and refused, and what a run leaves behind."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from calibration.inputs import load_inputs
from experiments import run
from experiments.answer.bands import (
    PERCENT,
    QUARTERS,
    WITHOUT_SIGN,
    Answers,
    quantiles,
    sign,
    solve_draws,
    squared_rank_correlations,
    tidy_draws,
)
from experiments.answer.certificate import Solved
from experiments.answer.figures.fans import write_fans
from experiments.answer.results import Results, solve
from experiments.answer.tables.bands import band_table, summary
from experiments.answer.tables.counterfactual import HORIZONS, ROWS, change, series
from experiments.entry import configured
from experiments.request.build import Job, prepare
from experiments.request.draws import Draws, read_draws
from experiments.request.errors import InputError
from experiments.request.scenarios import build_scenario
from model.equilibrium.outcomes.register import RENAMED, UNITS
from model.solvers.outcome import Code, Outcome
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Settings

INPUTS = load_inputs()
ZA, SHARE = "catch_up.multiplier.zA", "targets.ai_capex_share"
COLUMNS = [
    "outcome", "quarters", "date", "scenario", "unit", "point estimate", "5 %", "16 %", "median", "84 %", "95 %",
    "probability positive", "sign", "probability of sign", "certified draws", "owes most to",
]  # fmt: skip
DRAWS, REFUSED = 40, 3


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_quantiles_are_percentiles_over_the_draws(rng):
    numbers = rng.normal(size=(101, 3, 5))
    ordered = np.sort(numbers, 0)
    np.testing.assert_array_equal(quantiles(numbers), ordered[list(PERCENT)])


def test_a_sign_is_that_of_the_median_with_the_share_of_draws_that_have_it():
    numbers = np.array(
        [[-1.0, 2.0, 0.0], [3.0, -4.0, WITHOUT_SIGN / 2], [5.0, -6.0, -WITHOUT_SIGN / 2], [7.0, -8.0, 1.0]]
    )
    positive, reported, probability = sign(numbers)
    assert positive.tolist() == [0.75, 0.25, 0.25]
    assert reported.tolist() == [1, -1, 0]
    assert probability.tolist() == [0.75, 0.75, 0.75]


def test_what_a_band_owes_most_to_is_a_rank_correlation(rng):
    """scipy's Spearman, squared; what does not move owes nothing."""
    drawn = rng.normal(size=(60, 3))
    numbers = np.stack([np.exp(drawn[:, 1]), drawn[:, 0] + rng.normal(size=60), np.ones(60)], 1)
    found = squared_rank_correlations(drawn, numbers)
    assert found[1, 0] == pytest.approx(1.0)
    assert found[0, 1] == pytest.approx(spearmanr(drawn[:, 0], numbers[:, 1]).statistic ** 2)
    assert not found[:, 2].any()


def test_draws_are_economies_in_which_the_user_has_the_last_word(tmp_path):
    path = write(tmp_path / "d.csv", f"draw,{ZA},{SHARE}", "7,1.8,0.012", "9,1.9,0.013", "11,2.0,0.014")
    draws = read_draws(path, INPUTS.with_values({SHARE: 0.02}), 2)
    assert [economy.moved for economy in draws.economies.values()] == [{SHARE: 0.02, ZA: 1.8}, {SHARE: 0.02, ZA: 1.9}]
    assert list(draws.economies) == [7, 9]
    assert draws.notes == (f"set by you and the same in all draws: {SHARE} = 0.02",)
    assert read_draws(path, INPUTS, 200).notes == (f"{path} has 3 draws; all are used",)


@pytest.mark.parametrize(
    "lines, expected",
    [
        ([], "line 1: got nothing; expected the column draw"),
        (["number,1"], "line 1: got number, 1; expected the column draw"),
        ([f"draw,{ZA}s"], f"line 1: unknown column '{ZA}s'; the nearest is {ZA}"),
        ([f"draw,{ZA},{ZA}"], f"line 1: column '{ZA}' is there twice"),
        ([f"draw,{ZA}", "0,1.8", "1,many"], f"line 3: economy.{ZA}: got 'many'; expected a number"),
        ([f"draw,{ZA}", "0,1.8", "1,nan"], f"line 3: economy.{ZA}: got nan; expected a number"),
        ([f"draw,{ZA}", "0,-1", "1,2"], f"line 2: economy.{ZA}: got -1; allowed 0.001 to 100 [terminal over base]"),
        ([f"draw,{SHARE}", "0,0.1", "1,1.3"], "line 3: calibration.targets.ai_capex_share: got 1.3; allowed 0 to 1"),
        ([f"draw,{ZA}", "0,1.8", "1"], "line 3: got 1 cells; expected 2"),
        ([f"draw,{ZA}", "0,1.8", "0.5,1.8"], "line 3: draw: got '0.5'; expected a whole number, each once"),
        ([f"draw,{ZA}", "0,1.8", "0,1.9"], "line 3: draw: got '0'; expected a whole number, each once"),
        ([f"draw,{ZA}", "0,1.8"], "draws: got 1; expected 2 or more"),
    ],
)
def test_a_bad_file_of_draws_names_file_line_and_what_was_expected(lines, expected, tmp_path):
    path = write(tmp_path / "d.csv", *lines)
    with pytest.raises(InputError) as caught:
        read_draws(path, INPUTS, 200)
    assert path in str(caught.value)
    assert expected in str(caught.value)


def test_every_problem_is_said_at_once_up_to_ten(tmp_path):
    path = write(tmp_path / "d.csv", f"draw,{ZA}", *(f"{i},no" for i in range(12)))
    with pytest.raises(InputError) as caught:
        read_draws(path, INPUTS, 200)
    assert len(caught.value.sentences) == 11
    assert caught.value.sentences[-1] == f"{path}: 2 more problems"


def test_draws_that_the_user_leaves_nothing_of_are_refused(tmp_path):
    path = write(tmp_path / "d.csv", f"draw,{ZA}", "0,1.8", "1,1.9")
    with pytest.raises(InputError, match="every column is set by you"):
        read_draws(path, INPUTS.with_values({ZA: 1.5}), 200)


def answers(rng, refused):
    """Random levels of a baseline and a scenario, the last draws of the scenario refused."""
    levels = rng.uniform(1.0, 2.0, (DRAWS, 2, len(ROWS), QUARTERS))
    levels[DRAWS - refused :, 1] = np.nan
    reasons = (None,) * (DRAWS - refused) + ("lift: diverged",) * refused
    return Answers(("baseline", "lift"), tuple(range(10, 10 + DRAWS)), levels, reasons)


def estimate(rng):
    values = {}
    for outcome, *_ in ROWS:
        axis = UNITS[outcome][1]
        values[outcome] = rng.uniform(1.0, 2.0, (QUARTERS, len(axis.labels)) if axis else QUARTERS)
    names = ("baseline", "lift")
    outcome = Outcome(Code.CONVERGED, "")
    solved = [Solved(name, "", outcome, values, None, {"converged": True}) for name in names]
    lost = Solved("lost", "", Outcome(Code.DIVERGED, ""), certificate={"converged": False, "reason": "diverged"})
    return Results((*solved, lost), {})


def test_the_table_compares_each_draw_with_its_own_baseline(rng):
    found = answers(rng, REFUSED)
    table = band_table(estimate(rng), found)
    assert list(table.columns) == COLUMNS
    assert len(table) == 3 * len(ROWS) * len(HORIZONS)
    rows = table.set_index(["scenario", "outcome", "quarters"])
    base, here = found.levels[: DRAWS - REFUSED, :, 0, 19].T
    differences = 100 * (here / base - 1)
    lift = rows.loc["lift", "gdp_real", 20]
    assert lift["unit"] == "% from baseline"
    assert lift["84 %"] == pytest.approx(np.percentile(differences, 84), rel=1e-12)
    assert lift["probability positive"] == pytest.approx((differences > 0).mean())
    assert lift["certified draws"] == DRAWS - REFUSED
    level = rows.loc["baseline", "gdp_real", 20]
    assert level["median"] == pytest.approx(np.median(found.levels[:, 0, 0, 19]), rel=1e-12)
    assert level["certified draws"] == DRAWS
    assert (rows.loc["lost"]["median"] == "not solved: diverged").all()
    assert found.certificate() == {"used": DRAWS, "certified": DRAWS - REFUSED, "refused": {"lift: diverged": REFUSED}}


def test_bands_of_too_few_draws_are_refused(rng, tmp_path):
    found, results = answers(rng, 5), estimate(rng)
    assert found.refusals == {"lift": "bands not shown: only 35 of 40 draws certified"}
    rows = band_table(results, found).set_index("scenario")
    assert (rows.loc["lift"]["5 %"] == found.refusals["lift"]).all()
    assert (rows.loc["lift"]["certified draws"] == 35).all()
    assert found.refusals["lift"] in summary(rows.reset_index())
    write_fans(results, found, tmp_path, "")
    assert not list(tmp_path.iterdir())


def test_tidy_draws_have_every_certified_path(rng):
    found = answers(rng, REFUSED)
    table = tidy_draws(found)
    assert list(table.columns) == ["draw", "scenario", "variable", "label", "quarter", "value"]
    assert not table.duplicated(["draw", "scenario", "variable", "label", "quarter"]).any()
    assert table.groupby("scenario").draw.nunique().to_dict() == {"baseline": DRAWS, "lift": DRAWS - REFUSED}
    outcome, label, _ = ROWS[6]
    one = table[(table.draw == 12) & (table.scenario == "lift") & (table.variable == RENAMED.get(outcome, outcome))]
    np.testing.assert_array_equal(one[one.label == label].value, found.levels[2, 1, 6])


class Refusing:
    """Stands for `Batch`: gives every point random outcomes but the scenario of the first draw, and is stopped in the third call."""

    def __init__(self, inputs, settings, coordinates, distribution, conditions):
        self.coordinates, self.calls = coordinates, 0

    def solve(self, points, say):
        self.calls += 1
        if self.calls == 3:
            raise KeyboardInterrupt
        values = estimate(np.random.default_rng(self.calls)).baseline.values
        assert {len(p.coordinates) for p in points} == {len(p.origin) for p in points} == {self.coordinates}
        return None, [self._solved(p, values, self.calls == 1 and i == 1) for i, p in enumerate(points)]

    def _solved(self, point, values, refused):
        code = Code.DIVERGED if refused else Code.CONVERGED
        certificate = {"converged": not refused, "reason": "it diverged"}
        return Solved("", "", Outcome(code, ""), {} if refused else values, None, certificate)

    def forget_economies(self):
        pass


def test_draws_are_solved_in_chunks_and_an_interruption_keeps_the_finished_ones(monkeypatch):
    monkeypatch.setattr("experiments.answer.bands.Batch", Refusing)
    monkeypatch.setattr("experiments.answer.bands.POINTS", 5)
    draws = Draws({i: INPUTS.with_values({ZA: 1.8 + i / 100}) for i in range(6)})
    lift, said = Scenario("lift", "", (Change("sA", "add", (0.1,), 0, 19),)), []
    found = solve_draws(Job(INPUTS, Settings(), (lift,), draws), (lift,), said.append)
    assert [line.partition(" certified")[0] for line in said[:2]] == ["draws 2/6: 1", "draws 4/6: 3"]
    assert said[2:] == ["interrupted: writing what is finished"]
    assert found.interrupted
    assert (found.draws, found.reasons) == ((0, 1, 2, 3), ("it diverged", None, None, None))
    assert [len(found.numbers(name)) for name in found.names] == [4, 3]
    assert found.refusals == {"lift": "bands not shown: only 3 of 4 draws certified"}


def test_a_scenario_that_is_made_of_the_economys_numbers_is_made_of_those_of_the_draw(monkeypatch):
    class Kept(Refusing):
        def solve(self, points, say):
            values.extend(p.scenario.changes[0].values for p in points if p.scenario)
            return super().solve(points, say)

    monkeypatch.setattr("experiments.answer.bands.Batch", Kept)
    inputs, markup, values = load_inputs(name="us_2022q4"), "production.markup.ai", []
    row = {"instrument": "mA", "operation": "set", "value": 1.01, "divided_by": markup, "from": "2026Q1"}
    body = {"changes": [row]}
    rivals = build_scenario("rivals", body, inputs=inputs)
    draws = Draws({0: inputs.with_values({markup: 1.02}), 1: inputs.with_values({markup: 1.1})})
    solve_draws(Job(inputs, Settings(), (rivals,), draws, bodies={"rivals": body}), (rivals,), lambda line: None)
    assert values == [(1.01 / 1.02,), (1.01 / 1.1,)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("bands")
    lines = ["3,1.85,1.45", "4,1.9,1.55", "5,1.95,1.5", "6,1.92,1.6"]
    draws = write(path / "draws.csv", f"draw,{ZA},catch_up.multiplier.zX", *lines)
    overrides = [
        "calibration=reference",
        "uncertainty=posterior",
        f"calibration.draws={draws}",
        "scenarios=[ai_subsidy]",
    ]
    assert run.main([f"hydra.run.dir={path}", *overrides]) == 0
    return path


@pytest.mark.slow
def test_a_run_leaves_its_bands(folder):
    assert list(pd.read_csv(folder / "bands.csv").columns) == COLUMNS
    names = {p.name for p in folder.rglob("*")}
    assert {"bands.md", "bands.tex", "bands.html", "fan_ai_subsidy.png", "table.csv"} <= names
    certificate = json.loads((folder / "certificate.json").read_text())
    assert certificate["draws"] == {"used": 4, "certified": 4, "refused": {}}
    assert certificate["scenarios"]["ai_subsidy"]["converged"]


@pytest.mark.slow
def test_a_draw_is_a_run_of_its_own_with_those_numbers(folder):
    draws = duckdb.read_parquet(str(folder / "draws.parquet")).df()
    scenarios = prepare(configured("config", ["scenarios=[ai_subsidy]"])).scenarios
    inputs = INPUTS.with_values({ZA: 1.95, "catch_up.multiplier.zX": 1.5})
    single = solve(Job(inputs, Settings(), scenarios), lambda line: None)
    mine = draws[draws.draw == 5].set_index(["scenario", "variable", "label"]).value
    for outcome, label, kind in ROWS:
        key = RENAMED.get(outcome, outcome), label or ""
        alone = [series(s.values, outcome, label)[:QUARTERS] for s in single.solved]
        drawn = [mine.loc[(name, *key)].to_numpy() for name in ("baseline", "ai_subsidy")]
        np.testing.assert_allclose(change(*drawn, kind), change(*alone, kind), atol=1e-8, rtol=0, err_msg=str(key))
