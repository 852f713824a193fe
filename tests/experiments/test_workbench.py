"""The commands history and forecast, conditions and rules: what they refuse, and what their tables hold."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from calibration.inputs import load_inputs
from calibration.shocks.stored import usual
from experiments.answer.judgment import LARGE, judged, judgment_table, large, large_changes, moved_most
from experiments.entry import configured
from experiments.folder.captions import caption_of
from experiments.forecast import command as forecast
from experiments.forecast.tables import revision_table
from experiments.history import command as history
from experiments.request.build import prepare
from experiments.request.errors import InputError
from experiments.request.rules import held, holding, read_rule
from experiments.request.strict_yaml import read_yaml
from experiments.request.targets import CONDITIONS_FOLDER
from experiments.run import main as run
from experiments.study.design import study_of
from model.core.units import UNITS_OF_2025
from model.equilibrium.economy import reference
from model.transition.scenarios.scenario import Change, Mover, Scenario, Target
from model.transition.targets.solving import Found, Judgment, Pin

INPUTS = load_inputs(name="us_2022q4")
RULES = sorted(path.stem for path in (CONDITIONS_FOLDER.parent / "rule").glob("*.yaml"))


def rule(name):
    text = (CONDITIONS_FOLDER.parent / "rule" / f"{name}.yaml").read_text(encoding="utf-8")
    return read_rule(read_yaml(text))


@pytest.mark.parametrize(
    ("command", "overrides", "said"),
    [
        (history.main, ["first=soon"], "first: got soon; expected a quarter from 1985Q1 to 2026Q1"),
        (history.main, ["scenarios=[ai_bust]"], "scenarios: history has none"),
        (history.main, ["calibration=reference"], "history needs one that begins in 2023"),
        (forecast.main, ["rule=fixed_rate"], "rule: got fixed_rate; a forecast knows rules that respond"),
        (history.main, ["first=2015Q9"], "first: got 2015Q9; expected a quarter from 1985Q1 to 2026Q1"),
        (forecast.main, ["quarters=3"], "quarters: got 3; allowed 4 to 40"),
        (forecast.main, ["paths=5"], "paths: got 5; allowed 100 to 100000"),
        (forecast.main, ["earlier=nowhere"], "earlier: nowhere: no forecast.csv there"),
        (forecast.main, ["calibration=us_2026q1"], "a forecast needs one that begins in 2023"),
        (run, ["conditions=fed_2026"], "fed_2026_06"),
        (run, ["rule=tayler"], "taylor"),
        (run, ["rule=nominal_gdp", "calibration=us_2026q1"], "rule: nominal_gdp needs the two-sector economy"),
        (run, ["rule=fixed_rate", "conditions=fed_2026_06"], "rule: fixed_rate holds what conditions fed_2026_06 pin"),
        (
            run,
            ["rule=fixed_rate", "scenarios=[rate_cut]"],
            "rule: fixed_rate holds the policy rate to 2027Q4, and scenario rate_cut moves it",
        ),
        (
            history.main,
            ["rule=fixed_rate"],
            "rule: got fixed_rate; only the commands run (with its studies) and contributions",
        ),
        (run, ["targets=[{outcome: wage, values: 1, from: 2027Q1, moves: zT}]"], "scenario custom.targets.0.label"),
        (run, ["targets=[{outcome: wage}]"], "scenario custom.targets.0.values"),
    ],
)
def test_bad_input_is_refused_in_words(command, overrides, said, tmp_path, capsys):
    assert command([f"hydra.run.dir={tmp_path}", *overrides]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", RULES)
def test_rules_name_numbers_of_the_economy_in_their_ranges(name):
    inputs = load_inputs(name="us_2022q4", economy_name="two_sector_remembering")
    read = rule(name)
    assert read.name == name
    assert read.source
    for number, value in read.numbers.items():
        row = inputs.row(number)
        assert row.low <= value <= row.high, number


def test_a_rule_of_two_kinds_at_once_is_refused():
    with pytest.raises(InputError, match="fixed_quarters"):
        read_rule({"name": "mine", "description": "", "source": "", "fixed_quarters": 0})


def test_a_held_rate_is_held_in_scenarios_from_their_announcement_on():
    problems = []
    fixed = held(rule("fixed_rate"), INPUTS, problems)
    assert problems == []
    late = holding(Scenario("late", "", (), announced=6), fixed)
    assert [(t.first, len(t.values)) for t in late.targets] == [(6, 2)]
    assert holding(Scenario("later", "", (), announced=8), fixed).targets == ()


def test_a_held_rate_is_held_at_the_points_of_a_study_too():
    point = study_of(configured("config", ["study=policy_grid", "rule=fixed_rate"])).point(0)
    assert [t.outcome for t in point.scenario.targets] == ["policy_rate_annual"]


def test_captions_say_what_a_held_rate_is_and_name_conditions_that_were_asked_for():
    said = [
        caption_of(prepare(configured("config", [asked]))) for asked in ("rule=fixed_rate", "conditions=fed_2026_06")
    ]
    assert "fixed_rate (3.63 % to 2027Q4, then as calibrated). Baseline: AI catches up, no policy change;" in said[0]
    assert "Baseline: conditions fed_2026_06;" in said[1]


def found(share):
    mover = Mover("patience", ("patience",), 0.9, 0.001)
    target = Target("unemployment", None, (4.5,), 4, (mover,))
    pin = Pin(target, 4, 4.5, 4.5, 4.3)
    return Found((pin,), (Judgment(mover, 4, share * 0.001),), ())


def test_more_than_three_standard_deviations_are_flagged():
    assert list(large(found(0.9 * LARGE), UNITS_OF_2025)) == []
    assert list(large(found(1.5 * LARGE), UNITS_OF_2025)) == [
        "patience takes more than three standard deviations to hit the targets in 2027Q1 (4.5)"
    ]


def test_a_change_of_more_than_three_standard_deviations_is_flagged_too():
    economy = reference()
    persistence, deviation = usual("patience")
    baseline = SimpleNamespace(
        economy=economy, solution=SimpleNamespace(exogenous=np.ones((12, len(economy.instruments))))
    )

    def said(sizes, first=0, targets=None):
        exogenous = np.ones((12, len(economy.instruments)))
        column = economy.instruments.index("patience")
        exogenous[1 : 1 + len(sizes), column] += deviation * np.array(sizes)
        solution = SimpleNamespace(exogenous=exogenous, first_quarter=first, found=targets)
        return list(large_changes(baseline, solution))

    assert said([0.9 * LARGE, persistence * 0.9 * LARGE, persistence**2 * 0.9 * LARGE]) == []
    assert said([0.0, 4.4, persistence * 4.4], first=2) == [
        "patience is changed by more than three standard deviations of the data in 2026Q4 (4.4)"
    ]
    assert said([9.0], targets=found(1.0)) == [], "what hits targets is told with them"
    assert len(said([9.0], targets=SimpleNamespace(judgments=()))) == 1


def test_a_change_for_ever_is_listed_for_ten_years():
    persistence, deviation = usual("cost_push")
    job = SimpleNamespace(scenarios=(Scenario("mine", "", (Change("cost_push", "add", (deviation,), 4, None),)),))
    table = judgment_table(SimpleNamespace(solved=()), job)
    np.testing.assert_allclose(table.standard_deviations, [1.0, *[1 - persistence] * 39], atol=1e-12)


def test_what_moves_most_is_told_with_what_is_left_of_it():
    rows = judged(found(1.5), reference())["judgment"]
    assert moved_most({"judgment": rows}) == (
        "patience by up to +1.5 (standard deviations, 2027Q1; 0.9 of it is left a quarter later)"
    )
    assert moved_most({}) == ""


def test_add_factors_are_listed_in_standard_deviations_of_what_is_new():
    persistence, deviation = usual("cost_push")
    change = Change("cost_push", "add", (deviation, persistence * deviation), 4, 5)
    job = SimpleNamespace(scenarios=(Scenario("mine", "", (change,)),))
    table = judgment_table(SimpleNamespace(solved=()), job)
    np.testing.assert_allclose(table.standard_deviations, [1.0, 0.0], atol=1e-12)
    assert list(table.quarter) == ["2027Q1", "2027Q2"]


def test_revisions_are_those_of_quarters_in_both():
    def told(means):
        rows = {"outcome": "Unemployment", "unit": "%", "quarter": list(means), "mean": list(means.values())}
        return pd.DataFrame(rows).assign(both_5=0.0, both_95=9.0)

    table = revision_table(told({"2026Q3": 4.4, "2026Q4": 4.5}), told({"2026Q2": 4.2, "2026Q3": 4.1}))
    assert list(table.quarter) == ["2026Q3"]
    np.testing.assert_allclose(table.revision, 0.3)


@pytest.mark.slow
def test_history_leaves_parts_that_add_up(tmp_path, capsys):
    assert history.main([f"hydra.run.dir={tmp_path}", "first=2024Q1"]) == 0
    table = pd.read_csv(tmp_path / "contributions.csv").dropna(subset="data")
    parts = table.drop(columns=["outcome", "quarter", "unit", "data"])
    np.testing.assert_allclose(parts.sum(axis=1), table.data, atol=1e-6)
    growth = pd.read_csv(tmp_path / "growth.csv")
    told = growth[["trend", "ai", "other_shocks", "not_explained"]].sum(axis=1)
    np.testing.assert_allclose(told, growth.growth, atol=1e-6)
    assert (growth.ai_low_5 < growth.ai).all()
    assert (growth.ai < growth.ai_high_95).all()
    assert "of which AI is" in capsys.readouterr().out
    assert (tmp_path / "figures" / "history.png").stat().st_size > 50_000


@pytest.mark.slow
def test_a_forecast_has_fans_scores_and_revisions(tmp_path, capsys):
    first, second = tmp_path / "first", tmp_path / "second"
    options = ["paths=500", "quarters=12"]
    assert forecast.main([f"hydra.run.dir={first}", *options, "score=true"]) == 0
    assert forecast.main([f"hydra.run.dir={second}", *options, f"earlier={first}", "outputs.figures=false"]) == 0
    table = pd.read_csv(first / "forecast.csv")
    assert table.quarter.min() == "2026Q3"
    ordered = table[[f"both_{percent}" for percent in (5, 16, 50, 84, 95)]].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    scores = pd.read_csv(first / "scores.csv")
    assert len(scores) == 30
    assert (scores.distinct == scores.forecasts // scores.horizon).all()
    revisions = pd.read_csv(second / "revisions.csv")
    np.testing.assert_allclose(revisions.revision, 0.0, atol=1e-9)
    assert "written:" in capsys.readouterr().out
