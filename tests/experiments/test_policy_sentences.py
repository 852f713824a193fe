"""The answer to a question of policy in words, from tables that are written by hand."""

from types import SimpleNamespace as Of

import numpy as np
import pandas as pd
import pytest

from experiments.policy.sentences import policy_sentence, rule_sentence

HANGS_ON = [Of(number="p.x", name="slope", values=[1.0, 2.0]), Of(number="p.q", name="", values=[0.5])]


def answered(values, worths=(0.5,), steps=1, loss=None, most=None, frontier=None):
    """An answer whose controls a, b, ... have the values, one control of several steps if `steps`."""
    each = (
        [Of(name="a", change_cost=0.0)]
        if steps > 1
        else [Of(name="abc"[k], change_cost=0.0) for k in range(len(values))]
    )

    class Controls:
        scale = np.ones(len(values))

        def __len__(self):
            return len(values)

    controls = Controls()
    controls.each = each
    return Of(
        plan=Of(controls=controls, judged=Of(limits=[Of(count=1)])),
        question=Of(
            file=Of(
                objective=Of(loss=loss, most=most, least=None),
                frontier=frontier,
                hangs_on=HANGS_ON,
                limits=[Of(outcome="programme_outlays")],
            )
        ),
        gain=0.2449,
        nothing=Of(criteria=[61.0]),
        best=Of(trial=Of(criteria=[4.72]), conditions=Of(met=True, multipliers=np.array(worths)), reason=""),
    )


def tables(values, steps=1, unit="% of spending for life", hanging=()):
    names = ["a"] * len(values) if steps > 1 else list("abc")[: len(values)]
    quarters = [f"202{6 + k}Q1" for k in range(len(values))]
    policy = pd.DataFrame(
        {"control": names, "value": values, "unit": "share of cost", "from": quarters, "to": quarters}
    )
    gains = pd.DataFrame(
        {
            "policy": ["the best of all", "all for a", "other_scenario", "its_twin", "lost"],
            "gain": [0.2449, 0.2449, 0.1234, 0.12341, np.nan],
            "unit": unit,
        }
    )
    found = {"policy": (policy, ""), "gains": (gains, "")}
    if hanging:
        numbers, notes = [*hanging, 9.0], [""] * (1 + len(hanging)) + ["no step brings it further"]
        rows = pd.DataFrame({"gain": [0.2449, *numbers], "a": [values[0], *numbers], "note": notes})
        found["hangs_on"] = rows, ""
    return found


GAINS = (
    "It gains 0.24 % of spending for life over no policy; the next best of those compared, other scenario, gives 0.12."
)


@pytest.mark.parametrize(
    ("answer", "given", "said"),
    [
        (answered([0.3, 0.0]), tables([0.3, 0.0]), f"Best: all of it for a. {GAINS}"),
        (answered([0.3, 0.2]), tables([0.3, 0.2]), f"Best: a mix of a and b. {GAINS}"),
        (answered([0.0, 0.0]), tables([0.0, 0.0]), "Best is to do nothing."),
        (answered([0.3, 0.0], most=Of(outcome="gdp_real", label=None)), tables([0.3, 0.0], unit="2022 = 100"), "Best: all of it for a. Real GDP is 0.24 higher (2022 = 100) than without a policy; the next best of those compared, other scenario, gives 0.12."),
        (answered([0.3], ()), tables([0.3], hanging=(0.151, 0.79)), f"Best: a at 0.30 (share of cost). {GAINS} With slope from 1 to 2 or p.q at 0.5 it is best at 0.15 to 0.79."),
        (answered([0.3], ()), tables([0.3], hanging=(-0.12, 0.29)), f"Best: a at 0.30 (share of cost). {GAINS} With slope from 1 to 2 or p.q at 0.5 it is best at -0.12 to 0.29: not even its sign is known."),
        (answered([0.3, 0.0]), tables([0.3, 0.0], hanging=(0.1, np.nan)), f"Best: all of it for a. {GAINS} With slope from 1 to 2 or p.q at 0.5 it gains 0.10 all the same."),
        (answered([0.3, -0.02], (), 2, "loss"), tables([0.3, -0.02], 2), "Best: a between -0.02 and 0.30 (share of cost) from 2026Q1 to 2027Q1. The loss falls from 61 to 4.7; the next best of those compared, other scenario, gives 0.12."),
    ],
)  # fmt: skip
def test_what_is_best_what_it_gains_and_what_it_hangs_on(answer, given, said):
    assert policy_sentence(answer, given, "") == said
    assert policy_sentence(answer, given, "no horizon") == f"Not certified: no horizon. {said}"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (
            "objective.welfare.inequality_aversion",
            " With inequality aversion from 0 to 2 the best policy gains 0.087 to 0.38, each by its own measure.",
        ),
        ("limits.0.at_most", ""),
    ],
)
def test_a_judgement_in_the_objective_is_told_with_the_range_of_the_gain(number, said):
    answer = answered([0.3, 0.0], frontier=Of(number=number, values=[0, 2]))
    found = tables([0.3, 0.0]) | {"frontier": (pd.DataFrame({"gain": [0.087, 0.384]}), "")}
    assert policy_sentence(answer, found, "") == f"Best: all of it for a. {GAINS}{said}"


def test_a_rule_has_its_coefficients_and_what_they_do_to_standard_deviations():
    policy = pd.DataFrame(
        {
            "coefficient": ["response", "inertia"],
            "number": ["central_bank.inflation_response", "central_bank.rate_smoothing"],
            "best": [15.9, 0.98],
            "bound": ["", "at its highest"],
        }
    )
    gains = pd.DataFrame(
        {
            "rule": ["best", "as calibrated", "taylor", "inertial"],
            "loss": [1.0, 2.0, 3.0, 4.0],
            "inflation [% a year]": [1.04, 2.21, 2.9, 0.9],
        }
    )
    said = (
        "Best: response 16 and inertia 0.98 (at its highest); the annual rate moves by 0.32 points in the first quarter for a point of "
        "inflation. Standard deviations become 1.0 instead of 2.2 for inflation. The rule inertial has 0.90 for inflation."
    )
    tables = {"policy": (policy, ""), "gains": (gains, "")}
    assert rule_sentence(answered([15.9, 0.98]), tables) == said
    doubtful = Of(best=Of(conditions=Of(met=False), reason="no step brings it further"))
    assert rule_sentence(doubtful, tables) == f"Not certified: no step brings it further. {said}"


def test_what_a_goal_costs_is_told_the_right_way_round():
    """The least outlays that reach a goal are more than those without it; of other ways the cheapest is named."""
    answer = answered([0.1])
    row = Of(outcome="programme_outlays", label=None)
    answer.question.file.objective = Of(welfare=None, loss=None, most=None, least=row)
    answer.gain = -0.018
    told = tables([0.1])
    rows = {"policy": ["the best of all", "all for grid", "all for tax"], "gain": [-0.018, -0.03, -0.05]}
    told["gains"] = (pd.DataFrame(rows).assign(unit="% of GDP", size=1.0, note=""), "")
    said = policy_sentence(answer, told, "")
    assert (
        "is 0.018 higher (% of GDP) than without a policy; the next best of those compared, all for grid, gives -0.03."
        in said
    )


def test_over_draws_the_band_of_those_that_are_certified_is_told():
    gains = [*np.linspace(0.1, 0.3, 21), 9.0, 0.2]
    notes, draws = [*[""] * 21, "a policy has no path here", ""], [*map(str, range(22)), "mean"]
    columns = {"draw": draws, "policy above": gains, "it passes a limit by": 1e-4, "own best": 1.0, "note": notes}
    drawn = {"draws": (pd.DataFrame(columns), "")}
    told = policy_sentence(answered([0.1]), tables([0.1]) | drawn, "")
    assert "In nine of ten of 21 draws of the estimated numbers it gains 0.11 to 0.29." in told
    drawn["draws"][0].loc[[0, 1, 21], "it passes a limit by"] = 0.01
    told = policy_sentence(answered([0.1]), tables([0.1]) | drawn, "")
    assert "it gains 0.11 to 0.29, but passes a limit in 2; the best that keeps them in each gains 1.0 to 1.0." in told
    drawn["draws"][0]["policy above"] -= 0.2
    told = policy_sentence(answered([0.1]), tables([0.1]) | drawn, "")
    assert "it gains -0.09 to 0.09: not even its sign is known, but passes a limit in 2;" in told
    drawn["draws"][0]["note"] = "not solved"
    assert "No draw of the estimated numbers is certified." in policy_sentence(
        answered([0.1]), tables([0.1]) | drawn, ""
    )
