"""What `answers` cannot be asked is refused in words before anything is solved."""

import pytest

from experiments.frames import answers
from experiments.request.errors import InputError
from model.transition.scenarios.scenario import Change, Scenario


def own(operation="add", values=(0.1,), instrument="sA", announced=0):
    return Scenario("own", "", (Change(instrument, operation, values, 4, 7),), announced)


@pytest.mark.parametrize(
    ("scenarios", "said"),
    [
        (["ai_bust", "ai_bust"], "scenario ai_bust: given 2 times"),
        ({"baseline": "ai_bust"}, "scenario baseline: the name is taken"),
        ([own(), own()], "scenario own: given 2 times"),
        ([own(instrument="sB")], "scenario own: no instrument 'sB'"),
        ([own(operation="multiply")], "scenario own: got operation 'multiply'; expected one of add, scale, set, hold"),
        ([own(values=())], r"scenario own: got values \(\); expected finite numbers"),
        ([own(values=(float("nan"),))], r"scenario own: got values \(nan,\)"),
        ([own(announced=-6)], "scenario own: announced in 2024Q3; expected 2026Q1 or later"),
        ({"mine": [{"instrument": "sA", "operation": "add", "value": 0.1}]}, "scenario mine.changes.0.from"),
        ({"mine": own(instrument="sB")}, "scenario mine: no instrument 'sB'"),
        (["ai_burst"], "no scenario 'ai_burst'; the nearest is ai_bust"),
    ],
)
def test_scenarios_that_cannot_be(scenarios, said):
    with pytest.raises(InputError, match=said):
        answers(scenarios=scenarios)
