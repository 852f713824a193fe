"""The commands of the market side: bad input in words, and small runs read back."""

import csv
import json

import numpy as np
import pytest

from experiments.contributions.command import main as contributions
from experiments.markets.__main__ import main as markets


def refused(capsys, main, *arguments):
    assert main(list(arguments)) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("markets.trend_assets=-0.1", "markets.trend_assets: got -0.1; allowed 0.05 to 0.35 [tn USD]"),
        ("markets.volatility_target_assets=-1", "markets.volatility_target_assets: got -1; allowed 0.1 to 2 [tn USD]"),
        ("markets.trend_asset=0.1", "trend_assets"),
        ("markets.blackout_last_day=60", "expected a quarter of 63 days to have open days"),
        ("markets.blackout_last_day=70", "markets.blackout_last_day: got 70; allowed 0 to 62"),
        ("months=600", "months: got 600; allowed 4 to 60"),
        ("paths=5", "paths: got 5; allowed 100 to 1000000"),
        ("coupling=sideways", "coupling"),
        ("beliefs=slow_learning", "beliefs: got slow_learning; markets move around a core that does not surprise"),
        ("scenarios=[bill_tilt,ai_bust]", "scenarios: got 2; expected at most one"),
        ("estimate_also=[skewness]", "estimate_also: got ['skewness']; expected estimate=true with it"),
    ],
)
def test_bad_markets_are_refused_in_words(capsys, tmp_path, argument, sentence):
    assert sentence in refused(capsys, markets, "calibration=us_2026q1", argument, f"hydra.run.dir={tmp_path}")


def test_an_estimate_with_what_is_not_there_is_refused_in_words(capsys, tmp_path):
    arguments = ("estimate=true", "estimate_also=[variance_ratio_mont]", f"hydra.run.dir={tmp_path}")
    assert "'variance_ratio_mont'; the nearest is variance_ratio_month" in refused(capsys, markets, *arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["scenarios=[liquidity_wav]"], "scenarios: no scenario 'liquidity_wav'; the nearest is liquidity_wave_2026"),
        (["scenarios=[bill_tilt]"], "scenario bill_tilt.operations.0.component: Field required"),
        (["scenarios=[]"], "scenarios: expected one, whose rows name their components"),
    ],
)
def test_bad_contributions_are_refused_in_words(capsys, tmp_path, arguments, sentence):
    assert sentence in refused(capsys, contributions, *arguments, f"hydra.run.dir={tmp_path}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["beliefs=sequential", "beliefs.persistence=1.5"], "beliefs.persistence: got 1.5; allowed 0 to below 1"),
        (["beliefs.gain=0.2"], "beliefs.gain: got 0.2; beliefs=surprise does not use it, beliefs=slow_learning does"),
        (["beliefs=sequential", "scenarios=[ai_bust]"], "scenario ai_bust: got a change without `to`"),
        (
            ["beliefs=slow_learning", "study=policy_grid"],
            "beliefs: got slow_learning; studies and bands cannot be solved",
        ),
        (["beliefs=crash_wedge", "uncertainty=posterior"], "beliefs: got crash_wedge; studies and bands"),
        (
            ["beliefs=slow_learning", "beliefs.gain=0.02"],
            "people learn for 446 quarters, expected at most half the horizon, 120",
        ),
        (["beliefs=crash_wedge", "beliefs.hazard=0.5"], "beliefs.hazard: got 0.5; allowed 0 to 0.2"),
    ],
)
def test_bad_beliefs_are_refused_in_words(capsys, tmp_path, arguments, sentence):
    from experiments.run import main

    assert sentence in refused(capsys, main, "calibration=us_2026q1", *arguments, f"hydra.run.dir={tmp_path}")


def rows(path):
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.slow
def test_a_small_market_run_leaves_tables_figures_and_a_certificate(capsys, tmp_path):
    arguments = ["paths=200", "months=6", "calibration=reference", f"hydra.run.dir={tmp_path}"]
    assert markets(arguments) == 0
    certificate = json.loads((tmp_path / "certificate.json").read_text())
    assert certificate["price_gap"] < 1e-11
    assert certificate["scenarios"]["baseline"]["walras"] < 1e-9
    assert (tmp_path / "days.parquet").stat().st_size > 1000
    for path in certificate["paths_solved_in_full"].values():
        np.testing.assert_allclose(path["equity_value_full"], path["equity_value_linear"], rtol=0.05, atol=2e-6)
    shares = rows(tmp_path / "variance.csv")
    assert [row["price changes over"] for row in shares] == ["1 day", "1 week", "1 month", "3 months", "6 months"]
    for row in shares:
        parts = [
            float(v) for k, v in row.items() if k.endswith(", %") and k not in ("standard deviation, %", "all flows, %")
        ]
        assert sum(parts) == pytest.approx(100, rel=1e-9)
    for name in ("fans.png", "variance.png"):
        assert (tmp_path / "figures" / name).stat().st_size > 20_000
    assert "2026Q2" in (tmp_path / "macro.csv").read_text()
    assert "200 daily paths over 2 quarters" in capsys.readouterr().out


@pytest.mark.slow
def test_an_exploding_market_is_refused_with_the_condition(capsys, tmp_path):
    arguments = ["markets.hedging_short=9", f"hydra.run.dir={tmp_path}"]
    assert "dealer hedging: the same-day loop has a gain of" in refused(capsys, markets, *arguments)


@pytest.mark.slow
def test_contributions_add_up_to_the_whole(capsys, tmp_path):
    arguments = [
        "scenarios=[crypto_adoption]",
        "calibration=reference",
        f"hydra.run.dir={tmp_path}",
    ]
    assert contributions(arguments) == 0
    table = rows(tmp_path / "contributions.csv")
    names = [k for k in table[0] if k not in ("outcome", "quarters", "difference in", "total")]
    assert len(names) == 6
    for row in table:
        assert sum(float(row[n]) for n in names) == pytest.approx(float(row["total"]), abs=1e-9)
    assert (tmp_path / "contributions.png").stat().st_size > 20_000
    certificate = json.loads((tmp_path / "certificate.json").read_text())
    assert len(certificate["scenarios"]) == 64
    assert all(c["converged"] for c in certificate["scenarios"].values())


@pytest.mark.slow
def test_a_core_that_is_announced_after_the_next_news_is_refused(capsys, tmp_path):
    file = tmp_path / "late.yaml"
    file.write_text(
        "late:\n  announced: 2029Q1\n  changes: [{instrument: sA, operation: add, value: 0.05, from: 2029Q1, to: 2031Q4}]\n"
    )
    said = refused(capsys, markets, f"scenarios_file={file}", f"hydra.run.dir={tmp_path}")
    assert "late is announced in 2029Q1; markets move around what is expected until the news of 2028Q1" in said
