"""Bad input to the calibration command: said in words, status 2, nothing solved."""

import pytest

from calibration.inputs import TARGETS_FILE
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
            ["beliefs: got slow_learning; estimates cannot be solved where people revise their beliefs"],
        ),
        (["scenarios=[ai_subsidy]"], ["scenarios: an estimate is of the baseline"]),
        (["left_out=[capex_2031]"], ["left_out: no target 'capex_2031'; the nearest is capex_203"]),
        (["assumed={catch_up.disapointment: 0}"], ["assumed: 'catch_up.disapointment' is not estimated"]),
        (["assumed={catch_up.disappointment: 2}"], ["assumed: catch_up.disappointment: got 2; allowed 0 to 1"]),
        (
            ["assumed={catch_up.disappointment: none}"],
            ["assumed.catch_up.disappointment: got 'none'; expected a number"],
        ),
        (
            ["economy.production.markup.ai=1.4"],
            [
                "economy.production.markup.ai: got 1.4, but it is estimated; give it as 'assumed={production.markup.ai: 1.4}' alone"
            ],
        ),
        (
            ["economy.production.markup.ai=1.4", "assumed={production.markup.ai: 1.2}"],
            ["economy.production.markup.ai: got 1.4, but it is assumed to be 1.2"],
        ),
        (["save=mine", f"calibration.targets_file={TARGETS_FILE}"], ["save: a saved calibration has the levels of"]),
        (["start=us_2022q5"], ["start: no calibration 'us_2022q5'; the nearest is us_2022q4"]),
        (["moments_file=nowhere.csv"], ["nowhere.csv: no such file"]),
        (["normal_draws=10"], ["normal_draws: nothing uses them; expected posterior=[] and save=NAME beside it"]),
        (["normal_draws=-1"], ["normal_draws: got -1; allowed 0 to 100000"]),
        (["cut=2024"], ["cut: got '2024', expected a form such as 2026Q1"]),
        (["cut=2024Q4"], ["path.us_2022q4.capex_2023: published is ''; expected a quarter such as 2024Q3"]),
        (
            ["cut=2024Q3", "moments_file=calibration/vintages/moments_2024q4.csv"],
            ["path.at_2024q4.capex_2024: published in 2024Q4, after 2024Q3; leave it out"],
        ),
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
