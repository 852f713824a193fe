"""A path loses its certificate where any of its checks fails or is not a number."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.answer import certificate
from experiments.answer.certificate import (
    VALUATIONS,
    beyond_horizon,
    certified,
    news_jumps,
    programmes_moved,
    scenario_jump,
)
from experiments.answer.tables.jumps import jump_table
from model.solvers.outcome import Code, Outcome
from model.transition.solutions import Settings
from tests.economy import ECONOMY, VARIABLES

QUARTERS = 8
SETTINGS = Settings()
NAN = float("nan")


def answer(gap=1e-5, products=SETTINGS.smoothing**2, gdp=100.0, unemployment=4.0, lower_bound=-0.01, **books):
    """`certified` of a solved path whose reports are as given."""
    path, bank = (
        np.zeros((QUARTERS, len(VARIABLES))),
        SimpleNamespace(lower_bound=lower_bound, lower_bound_smoothing=1e-4),
    )
    solution = SimpleNamespace(
        path=path,
        exogenous=np.ones((QUARTERS + 2, len(ECONOMY.instruments))),
        problem=SimpleNamespace(parameters=SimpleNamespace(central_bank=bank)),
        first_quarter=0,
        segments=(),
        found=None,
        outcome=Outcome(Code.CONVERGED, "solved", 1e-12, "euler", 3, 5),
        long_run=SimpleNamespace(saddle=SimpleNamespace(stable_roots=73, predetermined=73)),
    )
    baseline = SimpleNamespace(economy=ECONOMY, settings=SETTINGS, solution=solution, initial=path[0], segments=())
    sizes = {"goods_market": 0.0, "gdp_gap": 0.0, "flow_of_funds": 0.0} | books
    report = SimpleNamespace(
        accounts=SimpleNamespace(**{name: np.append(np.zeros(QUARTERS - 1), size) for name, size in sizes.items()}),
        products=np.append(np.full(QUARTERS - 1, SETTINGS.smoothing**2), products),
        values={
            "gdp_real": np.append(np.full(QUARTERS - 1, 100.0), gdp),
            "unemployment_by_skill": np.array([[4.0, 5.0, unemployment]] * QUARTERS),
        },
        initial={"gdp_real": np.array(100.0)},
    )
    return certified(baseline, solution, "baseline", "", path, report, gap)


def test_a_path_that_passes_every_check_is_certified():
    solved = answer()
    assert solved.certified
    assert solved.certificate["horizon_gap"] == 1e-5
    assert solved.values["gdp_real"][0] == 100.0


@pytest.mark.parametrize(
    "fault, said",
    [
        ({"goods_market": 2e-9}, "goods market 2.0e-09"),
        ({"gdp_gap": -2e-9}, "GDP from both sides 2.0e-09"),
        ({"flow_of_funds": 2e-9}, "flow of funds 2.0e-09"),
        ({"goods_market": NAN}, "goods market nan"),
        ({"gdp_gap": NAN}, "GDP from both sides nan"),
        ({"flow_of_funds": NAN}, "flow of funds nan"),
        ({"products": 2e-9}, "rents times slacks 1.9e-09"),
        ({"products": NAN}, "rents times slacks nan"),
        ({"gdp": NAN}, "gdp_real is not a number"),
        ({"gap": 0.02}, "the horizon is too short: further out unknowns move by 2.0e-02"),
        ({"gap": NAN}, "the horizon is too short: there is no path beyond it"),
    ],
)
def test_a_path_that_fails_a_check_is_refused_and_has_no_numbers(fault, said):
    solved = answer(**fault)
    assert not solved.certified
    assert said in solved.certificate["reason"]
    assert solved.values == solved.initial == {} and solved.unknowns is None


def test_quarters_at_the_lower_bound_are_counted():
    assert answer().certificate["quarters_at_lower_bound"] == 0
    assert answer(lower_bound=0.0).certificate["quarters_at_lower_bound"] == QUARTERS


def test_a_horizon_checked_later_can_withdraw_the_certificate():
    early = answer(gap=None)
    assert early.certified and early.certificate["horizon_gap"] is None
    assert beyond_horizon(early, 1e-5).certified
    late = beyond_horizon(early, NAN)
    assert not late.certified and late.values == {}


def test_what_cannot_be_negative_is_refused_and_what_is_merely_odd_is_flagged():
    refused = answer(unemployment=-0.8)
    assert not refused.certified and not refused.values
    assert (
        "Unemployment by skill, high-skilled is -0.8 % of labour force in 2026Q1; possible is 0 to 100"
        in refused.certificate["reason"]
    )
    odd = answer(unemployment=0.5)
    assert odd.certified
    assert odd.certificate["unusual"] == [
        "Unemployment by skill, high-skilled is 0.5 % of labour force in 2026Q1; usual is 1 to 25"
    ]
    assert answer().certificate["unusual"] == []


def test_a_rate_long_at_its_lower_bound_is_flagged(monkeypatch):
    monkeypatch.setattr(certificate, "LONG_AT_BOUND", QUARTERS - 1)
    (flag,) = answer(lower_bound=0.0).certificate["unusual"]
    assert flag.startswith(f"the policy rate is at its lower bound in {QUARTERS} quarters, more than {QUARTERS - 1}")
    assert not answer(gdp=-1.0).certified


def own_jump(of_ai=0.3):
    """A baseline whose AI equity lies `of_ai` in logs above the initial steady state from the first quarter on."""
    path, initial = np.zeros((2, QUARTERS, len(VARIABLES)))
    path[:, VARIABLES.index(VALUATIONS["ai_equity"])] = of_ai
    return SimpleNamespace(economy=ECONOMY, solution=SimpleNamespace(path=path), initial=initial[0], segments=())


@pytest.mark.parametrize("noise", [0.0, 1e-10])
def test_a_scenario_that_changes_nothing_does_not_move_prices(noise):
    baseline = own_jump()
    nothing = scenario_jump(baseline, baseline.solution.path + noise)
    assert nothing == {"quarter": "", "against": "baseline"} | dict.fromkeys(VALUATIONS, 0.0)
    (own,) = news_jumps(baseline)
    assert own["ai_equity"] == pytest.approx(100 * np.expm1(0.3))
    assert (own["quarter"], own["against"]) == (ECONOMY.units.quarter_label(0), "initial steady state")


def test_the_jump_of_a_scenario_is_on_top_of_the_baseline_where_it_first_differs():
    baseline = own_jump()
    path = baseline.solution.path.copy()
    path[3:, VARIABLES.index(VALUATIONS["ai_equity"])] += np.log(1.1)
    path[5:, VARIABLES.index(VALUATIONS["crypto"])] += 1.0
    found = scenario_jump(baseline, path)
    assert found["ai_equity"] == pytest.approx(10.0)
    assert found["crypto"] == 0
    assert found["quarter"] == ECONOMY.units.quarter_label(3)


def test_each_piece_of_news_has_its_jump_against_what_was_expected():
    equity = VARIABLES.index(VALUATIONS["ai_equity"])

    def view(quarter, levels):
        path = np.zeros((QUARTERS, len(VARIABLES)))
        path[:, equity] = np.log(levels)
        return SimpleNamespace(quarter=quarter, solution=SimpleNamespace(path=path))

    segments = (view(0, 1.0), view(2, [1.2] + [1.5] * (QUARTERS - 1)), view(3, 1.8))
    baseline = SimpleNamespace(economy=ECONOMY, segments=segments)
    label = ECONOMY.units.quarter_label
    found = [(jump["quarter"], round(jump["ai_equity"], 9)) for jump in news_jumps(baseline)]
    assert found == [(label(2), 20.0), (label(3), 20.0)]


def test_programmes_are_those_whose_instruments_differ_from_the_baseline():
    def path(first=0, **moved):
        exogenous = np.ones((QUARTERS + 2, len(ECONOMY.instruments)))
        for symbol, value in moved.items():
            exogenous[2:, ECONOMY.instruments.index(symbol)] = value
        return SimpleNamespace(exogenous=exogenous, first_quarter=first)

    baseline = SimpleNamespace(economy=ECONOMY, solution=path(Gov=1.1))
    assert programmes_moved(baseline, path(Gov=1.1)) == []
    assert programmes_moved(baseline, path(Gov=1.1, varpi=2.0, patience=0.9)) == []
    assert programmes_moved(baseline, path(Gov=1.1, trL=1.01, sA=0.5)) == [
        "government.ai_subsidy",
        "government.low_skill_transfer",
    ]
    later = baseline.solution.exogenous[np.minimum(np.arange(QUARTERS + 2) + 3, QUARTERS + 1)]
    assert programmes_moved(baseline, SimpleNamespace(exogenous=later, first_quarter=3)) == []


def test_the_table_of_jumps_says_when_and_what_they_are_measured_against():
    solved = answer()
    lost = replace(solved, name="lost").withdrawn("no path")
    table = jump_table(SimpleNamespace(solved=[solved, replace(solved, name="tilt"), lost]))
    told = table[["scenario", "against"]].to_numpy().tolist()
    assert told == [["baseline", "initial steady state"], ["tilt", "initial steady state"], ["lost", ""]]
    assert table["quarter"].tolist() == [ECONOMY.units.quarter_label(0)] * 2 + [""]
    assert table["crypto"].tolist() == [0.0, 0.0, "not solved: no path"]
