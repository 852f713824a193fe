"""Treasury and Fed plumbing: identities, theorems, and operations in dollars and dates."""

import numpy as np
import pytest

from calibration.numbers.balance_sheet import balance_sheet
from experiments.request.errors import InputError
from experiments.request.scenarios import build_scenario, shipped
from model.transition.scenarios import public_balance_sheet as plumbing

BEFORE = balance_sheet()
OPERATIONS = list(plumbing.OPERATIONS.values())
TILT = {"operation": "bill_tilt", "amount": 3, "unit": "pp of public debt", "from": "2026Q1", "to": "2026Q4"}
ACCOUNT = {"operation": "treasury_account", "amount": -0.15, "unit": "tn USD", "from": "2026Q1", "to": "2026Q3"}


def built(*rows):
    return {c.instrument: c for c in build_scenario("s", {"operations": list(rows)}).changes}


@pytest.mark.parametrize("operation", OPERATIONS, ids=list(plumbing.OPERATIONS))
@pytest.mark.parametrize("amount", [0.3, -0.05])
def test_every_operation_keeps_the_books(operation, amount):
    after = operation(BEFORE, amount)
    assert np.abs(after.gaps()).max() < 1e-12
    assert after.public_debt == pytest.approx(BEFORE.public_debt, rel=1e-14)
    assert after != BEFORE


def test_the_shipped_sheet_adds_up_and_its_bond_share_is_near_the_calibrated_one():
    assert np.abs(BEFORE.gaps()).max() < 1e-12
    assert BEFORE.coupons_public / BEFORE.public_debt == pytest.approx(0.62, abs=0.01)


def test_buying_bonds_is_a_bill_tilt_bit_for_bit():
    """QE of x and a bill-for-coupon tilt of x, each its own operation; where reserves do not move, nothing differs."""
    for amount in (0.1, 0.97, 1.7):
        tilt = plumbing.mapped(BEFORE, plumbing.bill_tilt(BEFORE, amount))
        quiet = plumbing.mapped(BEFORE, plumbing.quantitative_easing(BEFORE, amount, "reverse_repo"))
        ample = plumbing.mapped(BEFORE, plumbing.quantitative_easing(BEFORE, amount))
        assert tilt == quiet
        assert tilt[0] == ample[0] < 0
        assert ample[1] < tilt[1] == 0


def test_a_matched_rundown_and_bill_purchases_move_only_the_spread():
    for after in (plumbing.treasury_account(BEFORE, -0.15), plumbing.reserve_management(BEFORE, 0.15)):
        bond_share, spread = plumbing.mapped(BEFORE, after)
        assert bond_share == 0
        by_hand = [0.0005 / 4 * np.log1p(np.exp((0.09 - r / 31.423) / 0.01)) for r in (2.957, 2.957 + 0.15)]
        assert spread == pytest.approx(by_hand[1] - by_hand[0], rel=1e-12)
    assert set(built(ACCOUNT)) == {"dspr"}


def test_rate_shocks_undo_the_memory_of_the_rule():
    wanted, rho = np.array([-25.0, -50.0, -75.0, -75.0]) / 1e4, 0.8
    shocks = plumbing.rate_innovations(wanted, rho)
    rate, path = 0.0, []
    for shock in [*shocks, 0.0, 0.0]:
        rate = rho * rate + shock
        path.append(4 * rate)
    np.testing.assert_allclose(path, [*wanted, 0, 0, 0], atol=1e-16)


def test_paces_build_up_and_hold():
    buying = {
        "operation": "reserve_management",
        "amount": 40,
        "unit": "bn USD a month",
        "from": "2026Q1",
        "to": "2026Q2",
        "held_to": "2026Q4",
    }
    spread = built(buying)["dspr"]
    assert (spread.first, spread.last, len(spread.values)) == (0, 3, 4)
    reserves = 2.957 + np.array([0.12, 0.24, 0.24, 0.24])
    np.testing.assert_allclose(
        spread.values,
        plumbing.reserve_scarcity_spread(reserves / 31.423) - plumbing.reserve_scarcity_spread(2.957 / 31.423),
        rtol=1e-12,
    )


def test_operations_share_one_balance_sheet():
    """Reserves twice as ample lower the spread by less than twice as much."""
    one, both = built(ACCOUNT)["dspr"].values[0], built(ACCOUNT, ACCOUNT)["dspr"].values[0]
    assert 2 * one < both < one < 0


def test_what_ends_ends_beside_what_stays():
    stays = {**TILT, "amount": 1, "to": None}
    change = built(TILT, stays)["varpi"]
    assert change.last is None
    np.testing.assert_allclose(change.values, [-0.04] * 4 + [-0.01], rtol=1e-12)  # the last value holds for ever


def test_the_share_of_debt_is_the_size_in_points():
    change = built(TILT)["varpi"]
    np.testing.assert_allclose(change.values, -0.03, rtol=1e-12)
    assert (change.first, change.last) == (0, 3)
    for_ever = built({**TILT, "to": None})["varpi"]
    assert for_ever.last is None


def test_shipped_tilt_and_easing_are_one_change():
    def changes(name):
        return build_scenario(name, shipped(name)).changes

    assert changes("bill_tilt") == changes("qe_equivalent")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({**TILT, "operation": "bill_tlt"}, "got 'bill_tlt'; the nearest is bill_tilt"),
        ({**TILT, "unit": "bp a year"}, "operations.0.unit: got 'bp a year'; expected one of tn USD"),
        ({**TILT, "amount": "much"}, "operations.0.amount: got 'much'; expected a finite number"),
        ({**TILT, "amount": [1, 2]}, "got 2 numbers; expected 1 or 4, one a quarter"),
        ({**TILT, "settled": "gold"}, "operations.0.settled: got 'gold'"),
        ({**TILT, "to": "2025Q4"}, "operations.0: to is 2025Q4, before from, 2026Q1"),
        ({**TILT, "from": "soon"}, "operations.0.from: quarter: got 'soon'"),
        ({**TILT, "unit": "bn USD a month", "to": None}, "operations.0.to: Field required for a pace"),
        ({**TILT, "held_to": "2027Q1", "to": None}, "operations.0.held_to: got 2027Q1"),
        ({**ACCOUNT, "amount": -1.5}, "treasury_account would be -0.627 tn USD in 2026Q1; it is 0.873 at the start"),
        (
            {
                "operation": "policy_rate",
                "amount": -25,
                "unit": "bp a year",
                "from": "2026Q1",
                "to": "2026Q2",
                "held_to": "2027Q1",
            },
            "operations.0.held_to: got 2027Q1; expected none with policy_rate",
        ),
        ({**TILT, "sum": 3}, "operations.0.sum: no such key"),
    ],
)
def test_bad_operations_are_refused_in_words(row, sentence):
    with pytest.raises(InputError) as caught:
        build_scenario("s", {"operations": [row]})
    assert sentence in "\n".join(caught.value.sentences)


def test_a_scenario_without_any_row_is_refused():
    with pytest.raises(InputError, match="changes: got none; expected rows of changes, operations or targets"):
        build_scenario("s", {"description": "nothing"})
