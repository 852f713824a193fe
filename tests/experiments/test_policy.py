"""The command policy: what it refuses, and what it leaves in its folder."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from calibration.calibrate import load
from calibration.inputs import load_inputs
from calibration.shocks.stored import numbers_at_mode
from experiments.policy.answer import gained, people_of, planned
from experiments.policy.command import main
from experiments.policy.rules import judged, ruled
from experiments.policy.told import shipped_policies
from experiments.request.errors import InputError
from experiments.request.policies import build_question
from experiments.request.rule_questions import asks_for_a_rule, build_rule_question
from experiments.request.strict_yaml import read_yaml
from experiments.request.targets import CONDITIONS_FOLDER
from experiments.run import main as run
from model.transition.solutions import Settings

FOLDER = CONDITIONS_FOLDER.parent / "policy"
SHIPPED = {told["name"]: told for told in shipped_policies()}
QUESTIONS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
INPUTS = load_inputs(name="us_2022q4")
PLAIN = {
    "name": "plain",
    "objective": {"most": {"outcome": "gdp_real", "from": "2026Q1", "to": "2030Q4"}},
    "controls": [{"instruments": "sG", "from": "2026Q1", "to": "2030Q4", "low": 0, "high": 0.1}],
}
CONTROL = PLAIN["controls"][0]


def question(**changed):
    return build_question({**PLAIN, **changed}, INPUTS, Settings())


@pytest.mark.parametrize("name", QUESTIONS)
def test_shipped_questions_can_be_put(name):
    raw = read_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    read = build_rule_question(raw, INPUTS) if asks_for_a_rule(raw) else build_question(raw, INPUTS, Settings())
    assert read.name == name
    assert read.file.description


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"objective": {}}, "policy.objective: got nothing; expected one of welfare, loss, most, least"),
        ({"objective": {"loss": []}}, "policy.objective.loss: got none"),
        ({"objective": {"welfare": {"weights": "rich"}}}, "policy.objective.welfare.weights: got 'rich'"),
        ({"objective": {"welfare": {"weights": {"rich": 1}}}}, "no group 'rich'"),
        ({"objective": {"most": {"outcome": "gdp", "from": "2026Q1", "to": "2027Q4"}}}, "no outcome 'gdp'"),
        ({"objective": {"most": {"outcome": "wage", "from": "2026Q1", "to": "2027Q4"}}}, "wage expects one of low, middle"),
        ({"objective": {"most": {"outcome": "gdp_real", "from": "2027Q4", "to": "2026Q1"}}}, "in order"),
        ({"controls": []}, "policy.controls: got none"),
        ({"controls": [CONTROL | {"instruments": "sZ"}]}, "policy.controls.0.instruments: no instrument 'sZ'"),
        ({"objective": {"loss": [{"outcome": "unemployment", "target": "low", "from": "2026Q1", "to": "2027Q4"}]}}, "policy.objective.loss.0.target: got 'low'; expected a number or 'baseline'"),
        ({"objective": {"welfare": {"weights": {"young_low": "x"}}}}, "policy.objective.welfare.weights.young_low: got 'x'; expected a number"),
        ({"controls": [CONTROL | {"instruments": [1]}]}, "policy.controls.0.instruments.0: got 1; expected text"),
        ({"controls": [CONTROL | {"low": 1}]}, "policy.controls.0: got low 1 and high 0.1; expected low below high"),
        ({"controls": [CONTROL | {"high": None}]}, "policy.controls.0.scale: got none"),
        ({"controls": [CONTROL, CONTROL]}, "policy.controls: sG is there twice"),
        ({"controls": [CONTROL | {"to": None, "every": "year"}]}, "a permanent control has one step"),
        ({"controls": [CONTROL | {"to": "2025Q4"}]}, "to is 2025Q4, before from"),
        ({"controls": [CONTROL | {"instruments": ["sG", "sX", "sG"]}]}, "policy.controls.0.instruments: sG is there twice; name each once"),
        ({"controls": [CONTROL | {"from": "2020Q1", "to": "2021Q4"}]}, "policy.controls.0: from is 2020Q1; expected 2026Q1 or later"),
        ({"controls": [CONTROL | {"change_cost": float("inf")}]}, "policy.controls.0.change_cost: got inf"),
        ({"limits": [{"outcome": "unemployment", "at_most": float("nan"), "from": "2026Q1", "to": "2026Q4"}]}, "policy.limits.0.at_most: got nan"),
        ({"controls": [CONTROL | {"instruments": "zQ", "low": -2}]}, "instrument zQ: becomes -1; expected"),
        ({"limits": [{"outcome": "unemployment", "from": "2026Q1", "to": "2026Q4"}]}, "expected one of at_most and at_least"),
        ({"announced": "2024Q1"}, "policy.announced: got 2024Q1; expected 2026Q1 or later"),
        ({"during": "boom"}, "policy.during: no scenario 'boom'"),
        ({"during": "ai_bust"}, "ai_bust is announced in"),
        ({"compare": ["boom"]}, "policy.compare: no scenario 'boom'"),
        ({"hangs_on": [{"number": "markup", "values": [1]}]}, "policy.hangs_on.0.number: no number 'markup'"),
        ({"frontier": {"number": "limits.0.at_most", "values": [1]}}, "policy.frontier.number: got limits.0.at_most"),
        ({"frontier": {"number": "objective.welfare.inequality_aversion", "values": [1, 20]}, "objective": {"welfare": {"inequality_aversion": 1}}}, "policy.frontier: at 20: policy.objective.welfare.inequality_aversion: got 20"),
        ({"hangs_on": [{"number": "production.markup.ai", "values": [0.5]}]}, "policy.hangs_on.0: economy.production.markup.ai: got 0.5; allowed"),
        ({"goal": 1}, "policy.goal"),
    ],
)  # fmt: skip
def test_bad_questions_are_refused_in_words(changed, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace("[", r"\[")):
        question(**changed)


def test_without_bounds_of_its_own_a_control_goes_as_far_as_its_instruments_can_be():
    """A subsidy is at most 0.99 of a cost, that of two controls together; a transfer has no end."""
    row = {"from": "2026Q1", "to": "2030Q4", "scale": 0.1}
    alone = question(controls=[row | {"instruments": ["sG", "trL"], "low": 0}]).controls[0]
    assert (alone.low, alone.high) == (0.0, pytest.approx(0.99))
    both = [row | {"name": "one", "instruments": "sG"}, row | {"name": "two", "instruments": "sG"}]
    assert [control.high for control in question(controls=both).controls] == pytest.approx([0.495] * 2)
    after = both[0], both[1] | {"from": "2031Q1", "to": "2035Q4"}
    assert [control.high for control in question(controls=list(after)).controls] == pytest.approx([0.99] * 2)
    beside = both[0] | {"high": 0.9}, both[1]
    assert [control.high for control in question(controls=list(beside)).controls] == pytest.approx([0.9, 0.09])
    lasting = row | {"name": "lasting", "instruments": "sG", "to": "2035Q4"}
    in_turn = [lasting, *(c | {"high": 0.6} for c in after)]
    assert question(controls=in_turn).controls[0].high == pytest.approx(0.39)
    assert question(controls=[row | {"instruments": "trL", "low": 0}]).controls[0].high == np.inf
    with pytest.raises(InputError, match="its instruments leave no room"):
        question(controls=[row | {"instruments": "sG", "low": 0.99}])


RULE = {
    "name": "rule",
    "objective": {"variances": [{"outcome": "inflation_annual"}]},
    "coefficients": [{"number": "central_bank.inflation_response", "low": 1.2, "high": 3}],
}
COEFFICIENT = RULE["coefficients"][0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"objective": {"most": {"outcome": "gdp_real"}}}, "policy.objective.variances: Field required"),
        ({"objective": {"variances": []}}, "policy.objective.variances: got []; expected 1 or more"),
        ({"objective": {"variances": [{"outcome": "inflation"}]}}, "no outcome 'inflation' whose variance is known"),
        ({"objective": {"variances": [{"outcome": "wage"}]}}, "wage expects one of low, middle"),
        ({"objective": {"variances": [{"outcome": "unemployment", "weight": 0}]}}, "greater than 0"),
        ({"coefficients": [COEFFICIENT | {"number": "central_bank.inflation"}]}, "is no coefficient of a rule; the nearest is central_bank.inflation"),
        ({"coefficients": [COEFFICIENT | {"number": "production.markup.ai"}]}, "is no coefficient of a rule"),
        ({"coefficients": [COEFFICIENT | {"number": "government.pension.low"}]}, "is no coefficient of a rule"),
        ({"coefficients": [COEFFICIENT | {"low": 4}]}, "policy.coefficients.0: got low 4 and high 3; expected low below high"),
        ({"coefficients": [COEFFICIENT | {"high": 100}]}, "policy.coefficients.0: economy.central_bank.inflation_response: got 100; allowed 0 to 20"),
        ({"compare": ["tailor"]}, "policy.compare: no rule 'tailor'; the nearest is taylor"),
        ({"compare": ["nominal_gdp"]}, "nominal_gdp is not a rule of the quarter alone"),
        ({"frontier": {"number": "limits.0.at_most", "values": [1]}}, "policy.frontier.number: got limits.0.at_most"),
        ({"frontier": {"number": "coefficients.0.high", "values": [2, 50]}}, "policy.frontier: at 50: policy.coefficients.0"),
        ({"controls": [CONTROL]}, "policy.controls"),
    ],
)  # fmt: skip
def test_bad_questions_of_a_rule_are_refused_in_words(changed, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace("[", r"\[")):
        build_rule_question({**RULE, **changed}, INPUTS)


def test_a_rule_needs_an_economy_whose_shocks_are_estimated():
    with pytest.raises(InputError, match="shocks are estimated for economies that begin in 2023"):
        build_rule_question(RULE, load_inputs())


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["nowhere"], "best_use_of_a_tenth"),
        (["nowhere.yaml"], "policy_file: nowhere.yaml: no such file"),
        (["starts=0"], "starts: got 0; allowed 1 to 64"),
        (["draws=1000"], "draws: got 1000; allowed 0 to 100"),
        (["scenarios=[ai_bust]"], "policy.during=NAME"),
        (["policy.objective=null"], "policy.objective: Field required"),
        (
            ["beliefs=sequential", "calibration=us_2026q1"],
            "questions of policy cannot be solved where people revise their beliefs",
        ),
        (["rule_for_stability", "reoptimise=yearly"], "reoptimise: got yearly; a rule is kept, expected never"),
        (
            ["worth_of_connections", "policy.controls.0.to=null", "reoptimise=yearly"],
            "reoptimise: got yearly, and all that is set is for ever",
        ),
        (["rule=fixed_rate"], "rule: got fixed_rate; only the commands run (with its studies) and contributions"),
    ],
)
def test_bad_overrides_are_refused_in_words(overrides, said, tmp_path, capsys):
    assert main([*overrides, f"hydra.run.dir={tmp_path}"]) == 2
    assert said in capsys.readouterr().err


def test_changes_beside_a_file_of_ones_own_are_refused(tmp_path, capsys):
    asked = tmp_path / "small.yaml"
    asked.write_text(ASKED, encoding="utf-8")
    assert main([str(asked), "policy.announced=2030Q1", f"hydra.run.dir={tmp_path}"]) == 2
    assert "policy.announced=2030Q1; expected the file alone" in capsys.readouterr().err


ASKED = "{name: small, objective: {welfare: {weights: low_skilled}}, controls: [{name: grid, instruments: sG, from: 2026Q1, to: 2030Q4, low: 0, high: 0.2}, {name: low, instruments: trL, from: 2026Q1, to: 2030Q4, low: 0, high: 0.01}], limits: [{outcome: programme_outlays, at_most: 0.05, over: baseline, from: 2026Q1, to: 2030Q4, mean: true}], compare: [grid_subsidy, ai_bust], frontier: {number: limits.0.at_most, values: [0.02]}}"


@pytest.mark.slow
def test_an_answer_leaves_tables_a_scenario_and_its_certificate(tmp_path, capsys):
    folder, asked = tmp_path / "asked", tmp_path / "small.yaml"
    asked.write_text(ASKED, encoding="utf-8")
    assert main([str(asked), "starts=2", f"hydra.run.dir={folder}"]) == 0
    assert "starts agree" in capsys.readouterr().out
    told = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    assert told["policy"]["met"]
    assert told["policy"]["first_order_residual"] <= 1e-6
    assert told["policy"]["largest_gap_of_slopes_to_differences"] <= 1e-5
    assert told["policy"]["starts_that_agree"] == 2
    assert told["scenarios"]["small"]["converged"]
    gains = pd.read_csv(folder / "gains.csv").set_index("policy").gain
    assert gains["the best of all"] >= gains.drop("the best of all").max() - 1e-9
    assert gains["all for low"] > gains["all for grid"]
    frontier = pd.read_csv(folder / "frontier.csv")
    assert 0 < frontier.gain[0] < gains["the best of all"]
    assert {"years.csv", "policy.csv", "scenario.yaml"} <= {path.name for path in folder.iterdir()}
    answer = json.loads((folder / "policy.json").read_text(encoding="utf-8"))["answer"]
    assert re.match(
        r"Best: all of it for low\. It gains [0-9.]+ % of spending for life over no policy; the next best", answer
    )
    assert gains["all for grid"] > 0 and "all for grid, gives" in answer  # lower tariffs help the low-skilled too
    limits = pd.read_csv(folder / "limits.csv").iloc[0]
    assert limits.limit == "Outlays of programmes, on average, at most 0.05 over the baseline's"
    assert limits["gain of relaxing it by one [% of spending for life]"] == pytest.approx(
        told["policy"]["multipliers_of_limits"][0]
    )
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert answer in page and "data:image/png" in page and "first-order conditions hold" in page
    body = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    assert list(body) == ["small"]
    again = tmp_path / "again"
    assert run([f"scenarios_file={folder / 'scenario.yaml'}", "scenarios=[]", f"hydra.run.dir={again}"]) == 0


@pytest.mark.slow
def test_an_answer_to_a_question_of_a_rule_leaves_tables_and_its_certificate(tmp_path, capsys):
    assert main(["rule_for_stability", "starts=2", "draws=2", f"hydra.run.dir={tmp_path}"]) == 0
    assert "2 of 2 starts agree" in capsys.readouterr().out
    told = json.loads((tmp_path / "certificate.json").read_text(encoding="utf-8"))["policy"]
    assert told["met"]
    assert told["first_order_residual"] <= 1e-6
    assert told["largest_gap_of_slopes_to_differences"] <= 1e-5
    rules = pd.read_csv(tmp_path / "gains.csv").set_index("rule")
    assert rules["weighted variances"].idxmin() == "best"
    added = (rules.filter(like="[") ** 2).sum(axis=1)
    np.testing.assert_allclose(added, rules["weighted variances"], rtol=1e-9)
    frontier = pd.read_csv(tmp_path / "frontier.csv").filter(like="unemployment [")
    assert frontier.iloc[:, 0].is_monotonic_decreasing
    draws = pd.read_csv(tmp_path / "draws.csv")
    assert (draws["its own best rule"] <= draws["rule above"] + 1e-9).all()
    assert (draws["rule above"] <= draws["calibrated rule"]).all()
    rule = yaml.safe_load((tmp_path / "rule.yaml").read_text(encoding="utf-8"))
    best = pd.read_csv(tmp_path / "policy.csv").set_index("number").best
    assert rule["numbers"] == pytest.approx(best.to_dict())
    assert SHIPPED["rule_for_stability"]["values"] == pytest.approx(best.to_list(), rel=1e-3)


def test_a_gain_of_welfare_is_relative_to_what_was_there():
    """From 2 to 3.02 % over the initial steady state is 1 % of spending; a loss that falls from 5 to 3 gains 2."""
    trials = [SimpleNamespace(criteria=np.array([lost])) for lost in (-2.0, -3.02, 5.0, 3.0)]
    welfare, loss = (SimpleNamespace(file=SimpleNamespace(objective=SimpleNamespace(welfare=w))) for w in ({}, None))
    assert gained(welfare, *trials[:2]) == pytest.approx(1.0)
    assert gained(loss, *trials[2:]) == pytest.approx(2.0)


@pytest.mark.slow
def test_a_rule_is_compared_with_all_its_numbers():
    """Taylor's rule has no inertia: that it has none counts too where the question does not set inertia."""
    raw = read_yaml((FOLDER / "rule_for_stability.yaml").read_text(encoding="utf-8")) | {"compare": ["taylor"]}
    found = []
    for coefficients in (raw["coefficients"], raw["coefficients"][:2]):
        asked = build_rule_question({**raw, "coefficients": coefficients}, INPUTS)
        task, _, here = ruled(asked, INPUTS, numbers_at_mode())
        found.append(float(judged(task, asked.compare[0].numbers, asked, here).criteria[0]))
    assert found[0] == pytest.approx(found[1], rel=1e-12)


@pytest.fixture(scope="module")
def plan_of():
    """The question of that name and its plan on the default baseline."""
    settings = Settings()
    baseline, people = load(INPUTS.name).baseline(settings), people_of(INPUTS, settings.smoothing)

    def plan(name):
        raw = read_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        question = build_question(raw, INPUTS, settings)
        return question, planned(question, baseline, people)

    return plan


@pytest.mark.slow
def test_no_slump_that_fulfils_itself_is_taken_for_the_effect_of_a_stimulus(plan_of):
    """Newton's method leads from the baseline, and from the path of a large stimulus, to 15 quarters at the lower bound with
    prices that fall (Benhabib et al., 2001): a second solution of the same equations."""
    _, plan = plan_of("best_use_for_growth")
    stimulus = [0.0720, 0.0836, 0.1409, 0.1076, 0.3197, 0.4025, 0.4818, 0.0452, 0.0048, 0.0027]
    (large,) = plan.trials([stimulus])
    (half,) = plan.trials([np.array(stimulus) / 2])
    (nothing,) = plan.trials(np.zeros((1, len(stimulus))))
    np.testing.assert_allclose(nothing.held.path, plan.baseline.solution.path, atol=1e-8)
    gains = [nothing.criteria[0] - trial.criteria[0] for trial in (half, large)]
    assert 0 < gains[0] < gains[1] < 2.2 * gains[0]


@pytest.mark.slow
def test_the_shipped_best_use_gains_what_it_says_and_meets_its_limit(plan_of):
    told, (question, plan) = SHIPPED["best_use_of_a_tenth"], plan_of("best_use_of_a_tenth")
    best, nothing = plan.trials(np.array([told["values"], np.zeros(len(told["values"]))]))
    assert gained(question, nothing, best) == pytest.approx(told["certificate"]["gain"], rel=1e-6)
    assert best.criteria[1] == pytest.approx(0.0, abs=1e-8)
