"""Bad input to the calibration command: said in words, status 2, nothing solved."""

import pytest

from experiments.estimation import command


@pytest.mark.parametrize(
    "overrides, expected",
    [
        (["starts=0", "searches=0"], ["starts: got 0; allowed 1 to 100000", "searches: got 0"]),
        (["posterior=[5]"], ["posterior: got [5]; expected [] or two or more counts of 16 to 100000"]),
        (["estimated_file=nowhere.csv"], ["nowhere.csv: no such file; expected a CSV with the columns name, prior"]),
        (["actuals=nowhere.csv"], ["nowhere.csv: no such file"]),
        (["calibration.targets_file=nowhere.csv"], ["nowhere.csv: no such file"]),
        (
            ["calibration=reference", "first_quarter=2027Q1"],
            ["path.ai_capex_2026: measured is", "a window from 2027Q1 on"],
        ),
        (
            ["calibration=reference", "beliefs=slow_learning"],
            ["beliefs: got slow_learning; estimates are solved with one view of the future"],
        ),
        (["scenarios=[ai_subsidy]"], ["scenarios: an estimate is of the baseline"]),
        (["left_out=[capex_2031]"], ["left_out: no target 'capex_2031'; the nearest is capex_203"]),
        (["stars=3"], ["stars", "starts"]),
    ],
)
def test_message_and_status(overrides, expected, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "search", lambda *_: pytest.fail("solved in spite of bad input"))
    assert command.main([f"hydra.run.dir={tmp_path}/run", *overrides]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    for sentence in expected:
        assert sentence in said
