"""Claims as written: the rules of refutation word for word, and files that cannot be read are refused in words."""

import csv
from pathlib import Path

import pytest

from calibration.inputs import load_inputs
from calibration.markets.inputs import parameter_rows
from experiments.claims.files import MARKETS, ClaimFile, read_claims
from experiments.claims.scenarios import scenario_of
from experiments.request.errors import InputError
from experiments.request.ranges import out_of_range
from experiments.request.schema import validate
from model.transition.solutions import Settings
from tests.economy import INSTRUMENTS

CLAIMS = read_claims()
INPUTS = load_inputs(name="us_2026q1")
RULES = Path(__file__).parent.parent / "references" / "claims.csv"


def test_every_claim_has_the_rule_of_the_paper_word_for_word():
    with RULES.open(newline="", encoding="utf-8") as handle:
        rules = {row["number"]: row["refuted_if"] for row in csv.DictReader(handle)}
    assert {claim.number: claim.refuted_if for claim in CLAIMS} == rules
    assert [claim.number for claim in CLAIMS] == list(rules)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)
def test_scenarios_and_ranges_can_be_built(claim):
    for name, given in claim.scenarios.items():
        assert list(scenario_of(name, given, INPUTS).problems(INSTRUMENTS, Settings().horizon)) == []
    for spread in claim.ranges:
        for end in (0, 1):
            values = spread.values(end)
            core = {n: v for n, v in values.items() if not n.startswith(MARKETS)}
            assert list(out_of_range(INPUTS, core)) == []
            for name in values.keys() - core.keys():
                row = parameter_rows()[name.removeprefix(MARKETS)]
                assert row.low <= values[name] <= row.high
    assert list(out_of_range(INPUTS, claim.economy)) == []


def body(**changed):
    """A claim that can be read, with other entries."""
    whole = {
        "number": "C9",
        "claim": "Output rises.",
        "question": "Does it?",
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
        ({"refuted_when": {"all": [{"measure": "gap"}]}}, "expected either below or above"),
        ({"scenarios": {}}, "no scenario 'boom' in this claim"),
        ({"sise": 1}, "sise: Extra inputs are not permitted"),
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


def test_only_what_decides_is_taken_at_draws():
    claim = next(claim for claim in CLAIMS if claim.number == "C4")
    assert set(claim.needed(whole=False)) == {"interconnection", "chips"}
    assert set(claim.needed(whole=True)) == {"interconnection", "chips", "grid", "builds"}
    assert {"gdp_gap", "gdp_interconnection", "gdp_chips"} <= set(claim.decisive)
    assert "gdp_grid" not in claim.decisive


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
