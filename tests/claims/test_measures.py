"""Numbers of a claim from paths that are written down here."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from calibration.inputs import load_inputs
from experiments.answer.certificate import Solved
from experiments.answer.results import Results
from experiments.answer.tables.counterfactual import ROWS, counterfactual_table, fiscal_cost
from experiments.claims.__main__ import main
from experiments.claims.cases import POINT, Case
from experiments.claims.command import EVALUATIONS
from experiments.claims.evaluate import Evaluation, Evaluator
from experiments.claims.files import ClaimFile, Series
from experiments.claims.measures import (
    cents_a_dollar,
    falling_quarters,
    gain_less_cost,
    gain_per_dollar,
    largest_gap,
    lead_of_equity,
    measured,
    net_gain_per_dollar,
    pair_of,
    path_of,
    peak_quarter,
    rise_with_trend,
    sahm_rise,
    share_of_part,
    welfare_per_dollar,
)
from experiments.claims.tables import welfare_table
from experiments.folder.lock import held
from model.equilibrium.outcomes.register import UNITS
from model.solvers.outcome import Code, Outcome
from model.transition.solutions import Settings
from tests.claims.test_files import body

QUARTERS = 60


def solved(**moved):
    """A path on which every outcome is 100, those named are added to; initially all is 50."""
    values = {name: np.full((QUARTERS, len(axis)) if axis else QUARTERS, 100.0) for name, (_, axis) in UNITS.items()}
    for name, change in moved.items():
        values[name] = values[name] + (np.asarray(change)[:, None] if values[name].ndim > 1 else change)
    initial = {name: np.full(len(axis), 50.0) if axis else np.float64(50) for name, (_, axis) in UNITS.items()}
    certificate = {"converged": True, "programmes_moved": ["government.purchases"]}
    return Solved("x", "", Outcome(Code.CONVERGED, ""), values, certificate=certificate, initial=initial)


LAST = {"quarters": ("2025Q4", "2025Q4"), "statistic": "last"}
RAMP = np.linspace(0, 5.9, QUARTERS)  # a tenth a quarter
PATHS = {"baseline": solved(), "boom": solved(gdp_real=RAMP, wage=RAMP)}


def value(answers=None, **measure):
    claim = ClaimFile(**body(measures={"gap": {"says": "", "unit": ""} | measure}))
    return measured(claim, ["gap"], PATHS, answers)["gap"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"quarters": ("2028Q3", "2028Q3"), "statistic": "last"}, 1.0),
        ({"quarters": ("2026Q1", "2028Q3"), "statistic": "mean"}, 0.5),
        ({"quarters": ("2026Q1", "2028Q3"), "statistic": "largest"}, 1.0),
        ({"quarters": ("2026Q2", "2028Q3"), "statistic": "smallest"}, 0.1),
        ({"quarters": ("2026Q1", "2026Q3"), "statistic": "sum"}, 0.3),
        ({"quarters": ("2028Q3", "2028Q3"), "statistic": "last", "times": -2}, -2.0),
    ],
)
def test_statistics_of_a_difference(given, expected):
    series = {"outcome": "gdp_real", "scenario": "boom", "against": "baseline"}
    assert value(series=series, **given) == pytest.approx(expected)


def test_a_change_in_per_cent_of_the_initial_steady_state():
    series = {"outcome": "wage", "label": "low", "scenario": "boom", "against": "initial", "change": "%"}
    assert value(series=series, quarters=("2028Q3", "2028Q3")) == pytest.approx(100 * (101 / 50 - 1))


def test_a_change_of_welfare_compounds_what_are_changes_themselves():
    paths = {
        "baseline": solved(welfare=np.full(QUARTERS, -90.0), welfare_of_all=-90.0),
        "boom": solved(welfare=np.full(QUARTERS, -87.8), welfare_of_all=-87.8),
    }
    series = {"outcome": "welfare", "label": "young_low", "scenario": "boom", "against": "baseline", "change": "%"}
    claim = ClaimFile(**body(measures={"gap": {"says": "", "unit": "", "series": series}}))
    assert measured(claim, ["gap"], paths)["gap"] == pytest.approx(100 * (1.122 / 1.1 - 1))
    spends = solved(welfare_of_all=-87.8, programme_outlays=0.5)
    cost = fiscal_cost(paths["baseline"], spends)
    assert welfare_per_dollar(spends, paths["baseline"]) == pytest.approx(2.0 / cost)


def test_a_gain_over_another_outcome_is_refused():
    with pytest.raises(ValueError, match="welfare_of_all over consumption: a gain is a change already"):
        Series(outcome="welfare_of_all", over="consumption")


def test_the_table_of_welfare_shows_spending_and_wealth_apart():
    baseline, tilt = solved(welfare_of_all=-100.0), solved(welfare_of_all=-99.0, welfare_of_all_from_wealth=2.0)
    answered = SimpleNamespace(
        claims=[SimpleNamespace(number="C1")],
        paths={"C1": {"baseline": baseline, "tilt": tilt}},
        announced={"C1": {"tilt": 0}},
    )
    table = welfare_table(answered).set_index("counted")
    assert list(table["all"]) == pytest.approx([1.0, 0.0, 1.0])
    assert (table["young_low"] == 0).all()


def test_one_outcome_over_another():
    series = {"outcome": "wage", "label": "low", "over": "consumption", "scenario": "boom"}
    assert value(series=series, quarters=("2028Q3", "2028Q3")) == pytest.approx(1.01)


def test_a_pair_shows_both_levels():
    claim = ClaimFile(**body())
    here, other = pair_of(claim.measures["gap"].series, PATHS)
    np.testing.assert_allclose(here, 100 + RAMP)
    np.testing.assert_allclose(other, 100)
    np.testing.assert_allclose(path_of(claim.measures["gap"].series, PATHS), RAMP)


def test_what_was_before_an_economy_began_is_its_initial_steady_state():
    series = {"outcome": "gdp_real", "scenario": "boom", "against": "baseline"}
    assert value(series={"outcome": "gdp_real"}, quarters=("2025Q4", "2026Q1")) == pytest.approx(75.0)
    assert value(series=series, quarters=("2025Q4", "2026Q2")) == pytest.approx(0.1 / 3)
    told = replace(solved(), history={name: np.full((12, *v.shape[1:]), 70.0) for name, v in solved().values.items()})
    claim = ClaimFile(
        **body(measures={"gap": {"says": "", "unit": "", "series": {"outcome": "wage", "label": "low"}} | LAST})
    )
    assert measured(claim, ["gap"], {"baseline": told})["gap"] == pytest.approx(70.0)


def test_the_sahm_line_counts_from_the_lowest_of_the_year_before():
    rate = np.concatenate([[0.0, -0.2, 0.1, 0.4, 0.6], np.full(QUARTERS - 5, 0.6)])
    slump = replace(solved(unemployment=rate), initial={**solved().initial, "unemployment": np.float64(100.0)})
    assert sahm_rise(slump, None) == pytest.approx(0.8)
    assert sahm_rise(solved(unemployment=np.linspace(0, -5, QUARTERS)), None) == pytest.approx(50.0)  # from 50 to 100


def test_falling_quarters_are_counted_one_after_another():
    growth = np.array([-1.0, 2.0, -1.0, -0.1, 1.0, -3.0] + [1.0] * (QUARTERS - 6)) - 100
    assert falling_quarters(solved(gdp_growth_annual=growth), None) == 2


def test_gdp_for_a_dollar_of_wealth_is_of_the_first_year():
    richer = solved(gdp_real=0.5, household_wealth=np.r_[np.full(4, 10.0), np.full(QUARTERS - 4, 90.0)])
    assert cents_a_dollar(richer, PATHS["baseline"]) == pytest.approx(5.0)


def test_a_rise_of_the_wage_has_the_trend_in_it():
    path = solved(gdp_growth_annual=100 * (1.02**4 - 1) - 100)  # GDP is flat without trend
    path = replace(path, values=path.values | {"gdp_real": np.full(QUARTERS, 100.0)})
    path = replace(
        path,
        initial=path.initial | {"gdp_real": np.float64(100.0), "gdp_growth_annual": np.float64(100 * (1.02**4 - 1))},
    )
    expected = 100 * (100 / 50 * 1.02**40 - 1)
    assert rise_with_trend(path, None) == pytest.approx(expected)


def test_the_peak_is_the_quarter_of_the_largest_response():
    assert peak_quarter(solved(gdp_real=-np.exp(-0.5 * (np.arange(QUARTERS) - 3.0) ** 2)), PATHS["baseline"]) == 4


def test_private_resources_are_taken_off():
    policy = solved(gdp_real=2.0, programme_outlays=0.5, investment=1.5)
    assert net_gain_per_dollar(policy, PATHS["baseline"]) == pytest.approx(1.0)


def test_measures_of_measures():
    series = {"outcome": "gdp_real", "scenario": "boom", "against": "baseline"}
    measures = {
        "gap": {"says": "", "unit": "", "difference": ["late", "early"]},
        "most": {"says": "", "unit": "", "largest_of": ["late", "early"]},
        "times": {"says": "", "unit": "", "ratio": ["late", "early"]},
        "late": {"says": "", "unit": "", "series": series, "quarters": ("2033Q3", "2033Q3")},
        "early": {"says": "", "unit": "", "series": series, "quarters": ("2028Q3", "2028Q3")},
    }
    found = measured(ClaimFile(**body(measures=measures)), list(measures), PATHS)
    assert found["gap"] == pytest.approx(2.0) and found["most"] == found["times"] == pytest.approx(3.0)


def test_a_month_that_is_not_within_the_paths_lies_after_them():
    assert value({"months": 7.0}, days="months") == 7
    assert value({"months": "not within the paths"}, days="months") == 31


@pytest.mark.parametrize("lead", [0, 3, -2])
def test_a_lead_is_found_where_it_was_put(lead):
    t = np.arange(QUARTERS)
    wave = np.exp(-0.5 * ((t - 20) / 4.0) ** 2)
    later = np.exp(-0.5 * ((t - 20 - lead) / 4.0) ** 2)
    shocked = solved(market_cap=wave, gdp_real=later)
    assert lead_of_equity(shocked, PATHS["baseline"]) == lead


def test_gains_and_costs_are_present_values():
    policy = solved(gdp_real=np.full(QUARTERS, 2.0), programme_outlays=np.full(QUARTERS, 0.5))
    years = ((1 / 1.03) ** (np.arange(40) / 4)).sum() / 4
    assert gain_per_dollar(policy, PATHS["baseline"]) == pytest.approx(4.0)
    assert gain_less_cost(policy, PATHS["baseline"]) == pytest.approx(1.5 * years)


def per_dollar_in_the_table(policy):
    results = Results((replace(PATHS["baseline"], name="baseline"), replace(policy, name="policy")), {})
    return counterfactual_table(results).set_index("outcome").policy["GDP gained per dollar of fiscal cost"]


@pytest.mark.parametrize(
    ("paid", "cell"),
    [
        ({"debt_service": 0.5}, "no outlays by 2035Q4"),
        ({"debt_service": 0.5, "programme_outlays": 0.001}, "no outlays by 2035Q4"),
        ({"debt_service": -0.5, "programme_outlays": 0.5}, "debt service pays for most of it"),
        ({"debt_service": -0.38, "programme_outlays": 0.5}, "debt service pays for most of it"),
        ({"debt_service": 0.1, "programme_outlays": 0.4}, 4.0),
    ],
)
def test_gdp_is_not_divided_by_debt_service_alone(paid, cell):
    policy, baseline = solved(gdp_real=2.0, **paid), PATHS["baseline"]
    assert per_dollar_in_the_table(policy) == (cell if isinstance(cell, str) else pytest.approx(cell))
    assert np.isnan(gain_per_dollar(policy, baseline)) == isinstance(cell, str)


def test_outlays_that_no_programme_causes_are_none():
    moved = solved(gdp_real=2.0, programme_outlays=0.4)
    slump = replace(moved, certificate=moved.certificate | {"programmes_moved": []})
    assert per_dollar_in_the_table(moved) == pytest.approx(5.0)
    assert per_dollar_in_the_table(slump) == "no outlays by 2035Q4"


def test_the_largest_gap_is_that_of_any_outcome_of_the_table():
    assert ("inflation_annual", None, "pp") in ROWS
    other = solved(inflation_annual=np.where(np.arange(QUARTERS) == 7, -3.0, 0.0))
    assert largest_gap(other, PATHS["baseline"]) == pytest.approx(3.0)
    assert largest_gap(PATHS["baseline"], PATHS["baseline"]) == 0


def test_parts_share_what_they_bring_only_together():
    part, rest, whole = (solved(gdp_real=np.full(QUARTERS, g)) for g in (1.0, 2.0, 5.0))
    assert share_of_part(part, rest, whole, PATHS["baseline"]) == pytest.approx(100 * (1 + 1) / 5)
    assert share_of_part(rest, part, whole, PATHS["baseline"]) == pytest.approx(100 * (2 + 1) / 5)


def test_what_only_supports_may_be_missing_and_what_decides_may_not(tmp_path):
    series = {"outcome": "gdp_real", "scenario": "boom", "against": "baseline"}
    other = {"outcome": "gdp_real", "scenario": "bust", "against": "baseline"}
    measures = {
        "gap": {"says": "", "unit": "", "series": series, "quarters": ("2028Q3", "2028Q3")},
        "aside": {"says": "", "unit": "", "series": other},
        "both": {"says": "", "unit": "", "difference": ["gap", "aside"]},
    }
    claim = ClaimFile(**body(measures=measures, scenarios={"boom": "asset_boom", "bust": "ai_bust"}))
    lost = Solved("bust", "", Outcome(Code.DIVERGED, ""), certificate={"converged": False, "reason": "no root"})
    evaluator = Evaluator(None, None, 0, tmp_path, print)
    found = evaluator._reduce(Case(claim, None, POINT), PATHS | {"bust": lost})
    assert found.reason is None
    assert found.values["gap"] == pytest.approx(1.0)
    assert found.values["aside"] is None and found.values["both"] is None
    assert evaluator._reduce(Case(claim, None, POINT), PATHS | {"boom": lost}).reason == "boom not solved: no root"


def test_what_is_finished_is_read_again_and_torn_files_never_are(tmp_path):
    claim = ClaimFile(**body())
    settings, inputs = Settings(), load_inputs()
    evaluator = Evaluator(inputs, settings, 0, tmp_path, print)
    case = Case(claim, inputs, POINT)
    evaluator._keep({case.key(settings, 0): Evaluation({"gap": 2.0})})
    (tmp_path / "torn.json.partial").write_text('{"half')
    again = Evaluator(inputs, settings, 0, tmp_path, print)
    assert again.evaluate([case], "again") == [Evaluation({"gap": 2.0})]
    assert again.solved_now == 0
    moved = Case(claim, inputs.with_values({"production.markup.ai": 1.5}), POINT)
    assert moved.key(settings, 0) != case.key(settings, 0)


@pytest.mark.parametrize("damage", ["cut", "empty", "another number", "another kind", "not text"])
def test_a_damaged_file_of_evaluations_is_named_and_solved_again(damage, tmp_path, capsys):
    Evaluator(None, None, 0, tmp_path, print)._keep({"key": Evaluation({"gap": 2.0})})
    (part,) = tmp_path.glob("*.json")
    whole = part.read_bytes()
    assert Evaluator(None, None, 0, tmp_path, print)._known == {"key": Evaluation({"gap": 2.0})}
    damaged = {"cut": whole[:50], "empty": b"", "another number": whole.replace(b"2.0", b"3.0")}
    part.write_bytes((damaged | {"another kind": b'{"key": {"value": 1.0}}', "not text": b"\xff\xfe{"})[damage])
    assert Evaluator(None, None, 0, tmp_path, print)._known == {}
    assert f"{part} is damaged or of another kind" in capsys.readouterr().out


def test_a_folder_of_claims_is_held_by_one_process_at_a_time(tmp_path, capsys):
    (tmp_path / EVALUATIONS).mkdir()
    with held(tmp_path, tmp_path / EVALUATIONS):
        assert main(["claims=[C2]", "draws=0", f"hydra.run.dir={tmp_path}"]) == 2
    assert f"{tmp_path} is being solved by another process" in capsys.readouterr().err
