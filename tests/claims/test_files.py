"""Claims as written: the rules of refutation word for word, and files that cannot be read are refused in words."""

import re

import pandas as pd
import pytest

from calibration.inputs import draws_of, load_inputs
from calibration.markets.inputs import parameter_rows
from experiments.claims.answers import answer
from experiments.claims.cases import DRAW, POINT, RANGE, Case, Economies
from experiments.claims.files import DOSE, MARKETS, ClaimFile, read_claims
from experiments.claims.scenarios import scenario_of
from experiments.request.errors import InputError
from experiments.request.ranges import out_of_range
from experiments.request.scenarios import build_scenario, scenario_problems, shipped
from experiments.request.validation import validate
from model.transition.solutions import Settings

CLAIMS = read_claims()
INPUTS = load_inputs(name="us_2022q4")
NUMBERS = "C1 C1b C1c C1d C2 C2b C2c C2d C3 C3b C3c C3d C4 C4b C5 C6a C6b C6c C6d".split()
IN_WORDS = {  # numbers of rules that are not written as figures
    0: ("less GDP than it costs",),
    1: (
        "1 %",
        "one basis point",
        "one quarter",
        "less than rent",
        "more than",
        "less GDP per dollar than",
        "less to GDP of ten years than",
    ),
    2: ("two quarters",),
    50: ("50 %", "half"),
    1e-6: ("differs",),
    10: ("tenth",),
}


def test_claims_are_in_the_order_of_their_numbers_and_rules_are_in_words():
    assert [claim.number for claim in CLAIMS] == NUMBERS
    for claim in CLAIMS:
        assert not re.search(r"[<>=|*_~]|prototype", claim.refuted_if), claim.number


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)
def test_every_number_of_a_rule_stands_in_its_words(claim):
    for condition in claim.refuted_when.conditions:
        forms = IN_WORDS.get(condition.bound, (f"{condition.bound:g}",))
        assert any(form in claim.refuted_if for form in forms), condition


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)
def test_every_answer_tells_the_number_that_decides(claim):
    measures = {name: {"value": 1.0, "band": None} for name in claim.measures}
    assert re.search(r"\d", answer(claim.answer, measures)) or claim.by_construction
    assert claim.told


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)
def test_scenarios_and_ranges_can_be_built(claim):
    for name, given in claim.scenarios.items():
        scenario = scenario_of(name, given, INPUTS, claim.doses)
        assert scenario is None or scenario_problems(scenario, INPUTS, Settings()) == []
    for spread in claim.ranges:
        for end in (0, 1):
            values = spread.values(end)
            core = {n: v for n, v in values.items() if not n.startswith((MARKETS, DOSE))}
            assert list(out_of_range(INPUTS, core)) == []
            for name in [name for name in values if name.startswith(MARKETS)]:
                row = parameter_rows()[name.removeprefix(MARKETS)]
                assert row.low <= values[name] <= row.high
    assert list(out_of_range(INPUTS, {n: v for n, v in claim.economy.items() if not n.startswith(MARKETS)})) == []
    assert set(claim.core_numbers) <= set(INPUTS.names)


def test_ranges_hold_what_nine_in_ten_draws_of_the_estimate_have():
    draws = pd.read_csv(draws_of(INPUTS.name)).drop(columns="draw")
    lowest, highest = draws.quantile(0.05), draws.quantile(0.95)
    moved = [(n, low, high) for c in CLAIMS for r in c.ranges for n, (low, high) in r.moves.items() if n in draws]
    assert len(moved) > 10
    assert [row for row in moved if row[1] > lowest[row[0]] or row[2] < highest[row[0]]] == []


def body(**changed):
    """A claim that can be read, with other entries."""
    whole = {
        "number": "C9",
        "claim": "Output rises.",
        "question": "Does it?",
        "answer": "It moves by {gap} %.",
        "earlier": {"verdict": "none", "why": "it is new"},
        "experiment": "The baseline.",
        "refuted_if": "it falls",
        "objection": "none",
        "scenarios": {"boom": "asset_boom"},
        "measures": {
            "gap": {
                "says": "gap",
                "unit": "%",
                "series": {"outcome": "gdp_real", "scenario": "boom", "against": "baseline"},
            }
        },
        "headline": "gap",
        "refuted_when": {"all": [{"measure": "gap", "below": 0}]},
    }
    return whole | changed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"headline": "size"}, "no measure 'size' in this claim; there are gap"),
        ({"refuted_when": {}}, "expected either all or any"),
        ({"answer": "It moves by {size} %."}, "no measure 'size' in this claim; there are gap"),
        ({"ranges": [{"name": "r", "moves": {"dose.fall": [0, 1]}}]}, "no dose 'dose.fall' in this claim; there are none"),
        ({"measures": {"gap": {"says": "", "unit": "", "series": {"outcome": "gdp_real"}, "quarters": ["2022Q4", "2026Q1"]}}},
         "expected 2023Q1 or later"),
        ({"refuted_when": {"all": [{"measure": "gap"}]}}, "expected either below or above"),
        ({"scenarios": {}}, "no scenario 'boom' in this claim"),
        ({"sise": 1}, "claim.sise: no such key"),
        ({"measures": {"gap": {"says": "", "unit": "", "series": {"outcome": "gdp"}}}}, "no outcome 'gdp'; the nearest is gdp_real"),
        ({"measures": {"gap": {"says": "", "unit": "", "series": {"outcome": "wage"}}}}, "expected one of low, middle, high"),
        ({"measures": {"gap": {"says": "", "unit": ""}}}, "got nothing; expected one of series"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_read_says_why(changed, words):
    with pytest.raises(InputError) as refusal:
        validate(ClaimFile, body(**changed), "claim")
    assert words in str(refusal.value)


def test_a_claim_that_is_not_there_names_the_nearest():
    with pytest.raises(InputError, match="no claim 'C2e'; the nearest is C2"):
        read_claims(["C2e"])


def test_at_the_ends_of_ranges_only_what_decides_is_solved():
    claim = next(claim for claim in CLAIMS if claim.number == "C4")
    claim = ClaimFile(**{**claim.model_dump(), "answer": "{chips_half:band}"})
    at_an_end, at_a_draw = Case(claim, INPUTS, RANGE), Case(claim, INPUTS, DRAW)
    assert set(at_an_end.scenarios()) == {"energy_more", "chips_more"}
    assert set(at_a_draw.scenarios()) == {"energy_more", "chips_more", "more_chips"}
    assert "chips_half" in at_a_draw.measures and "chips_half" not in at_an_end.measures
    assert set(Case(claim, INPUTS, POINT).scenarios()) == set(claim.scenarios)


def test_a_dose_is_put_in_the_place_of_its_name_and_ranges_move_it():
    claim = next(claim for claim in CLAIMS if claim.number == "C2")
    economies = Economies(INPUTS, None, 0)
    bust = economies.point(claim).scenarios()["bust"]
    assert [c.values for c in bust.changes if c.instrument == "fT"] == [(0.0,)]
    number = [r.name for r in claim.ranges].index("fall of other shares with AI shares")
    told = build_scenario("ai_market_bust", shipped("ai_market_bust"), inputs=INPUTS)
    assert told.announced == bust.announced
    assert told.changes == tuple(c for c in bust.changes if c.instrument != "fT")
    halfway = economies.toward(claim, number, 1, 0.5)
    assert [c.values for c in halfway.scenarios()["bust"].changes if c.instrument == "fT"] == [(pytest.approx(-0.25),)]
    assert halfway.inputs.numbers == INPUTS.numbers


def test_the_news_that_never_came_is_another_economy():
    claim = next(claim for claim in CLAIMS if claim.number == "C2")
    case = Economies(INPUTS, None, 0).point(claim)
    assert case.scenarios()["never"] is None
    assert case.inputs_of("never").value("catch_up.belief.news_2026Q1") == 0
    assert case.inputs_of("bust") is case.inputs


def test_a_part_of_a_scenario_is_its_rows_and_parts_add_up_to_it():
    claim = next(claim for claim in CLAIMS if claim.number == "C6b")
    part, rest, whole = (scenario_of(name, claim.scenarios[name], INPUTS) for name in ("liquidity", "others", "wave"))
    moved = [{c.instrument for c in s.changes} for s in (part, rest, whole)]
    assert moved[0] | moved[1] == moved[2]
    assert "epsi" in moved[1] and "epsi" not in moved[0]


def test_an_impulse_fades_by_a_fifth_a_quarter():
    change = scenario_of("shock", {"impulse": "fT", "size": 0.05}, INPUTS).changes[0]
    assert change.values[:3] == pytest.approx((0.05, 0.04, 0.032))
    assert change.first == 0 and change.last == len(change.values) - 1
