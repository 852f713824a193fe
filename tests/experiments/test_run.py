"""A run from the command line to its folder, and what a refused scenario leaves behind."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest

from experiments import run
from experiments.answer.tables.counterfactual import HORIZONS
from tests.economy import VARIABLES

OUTCOMES = """gdp_real gdp_growth_annual consumption unemployment inflation_annual policy_rate_annual natural_rate_annual
labour_share ai_capex_share ai_revenue_share output relative_price profit_share capital q market_cap house_price wage
automated_share income wealth wealth_share return inequality electricity electricity_datacentre_share generation capacity
under_construction electricity_price grid_capacity interconnection_capacity grid_rent interconnection_rent gpu_rent pue
copper_price public_debt_share bond_share tax_rate political_pressure premium bill_rate_annual""".split()
CERTIFICATE = """converged outcome reason max_residual worst_equation worst_quarter walras gdp_identity complementarity_gap
smoothing horizon_gap stable_roots predetermined newton_iterations""".split()


def start(folder, *overrides):
    return run.main([f"hydra.run.dir={folder}", "calibration=us_2026q1", *overrides])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("run")
    assert (
        start(
            path,
            "scenarios=[bill_tilt,ai_bust]",
            "changes=[{instrument: zX, operation: scale, value: 1.2, from: 2027Q1}]",
        )
        == 0
    )
    return path


def read(folder, name):
    return duckdb.read_parquet(str(folder / name)).df()


def test_every_promised_file_is_there(folder):
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    promised = {
        "config.yaml",
        "paths.parquet",
        "unknowns.parquet",
        "table.csv",
        "table.md",
        "table.tex",
        "table.html",
        "certificate.json",
    }
    assert promised | {"figures/levels.png", "figures/differences.png", ".hydra/config.yaml"} <= names
    assert not any(name.endswith(".partial") for name in names)


def test_paths_are_tidy_and_complete(folder):
    paths = read(folder, "paths.parquet")
    assert list(paths.columns) == ["scenario", "variable", "label", "quarter", "value", "unit"]
    assert set(OUTCOMES) <= set(paths.variable)
    assert set(paths.scenario) == {"baseline", "bill_tilt", "ai_bust", "custom"}
    assert np.isfinite(paths.value).all()
    assert not paths.duplicated(["scenario", "variable", "label", "quarter"]).any()
    assert paths[paths.variable == "gdp_real"].groupby("scenario").size().eq(240).all()


def test_unknowns_carry_the_symbols_of_the_paper(folder):
    unknowns = read(folder, "unknowns.parquet")
    assert set(unknowns.columns) == {"scenario", "quarter", *VARIABLES.symbols}


def test_a_surprise_moves_nothing_before_it_is_announced(folder):
    unknowns = read(folder, "unknowns.parquet").set_index(["scenario", "quarter"])
    gap = (unknowns.loc["ai_bust"] - unknowns.loc["baseline"]).abs().max(axis=1)
    assert gap[["2026Q1", "2026Q4", "2027Q3"]].eq(0).all()
    assert gap["2027Q4"] > 1e-3


def test_certificate_is_complete_and_holds(folder):
    certificate = json.loads((folder / "certificate.json").read_text())
    assert {"device", "precision", "versions", "commit", "config_hash", "seconds"} <= set(certificate)
    assert {"import", "compile", "first", "warm"} <= set(certificate["seconds"])
    for entry in certificate["scenarios"].values():
        assert set(CERTIFICATE) <= set(entry)
        assert entry["converged"] is True
        assert entry["max_residual"] <= 1e-10
        assert max(entry["walras"], entry["gdp_identity"]) <= 1e-9
        assert (entry["stable_roots"], entry["predetermined"]) == (73, 73)
        assert entry["complementarity_gap"] == pytest.approx(entry["smoothing"] ** 2, rel=1e-3)
        assert entry["horizon_gap"] <= 1e-2  # with the natural rate found anew


def test_table_has_a_row_an_outcome_and_horizon(folder):
    table = pd.read_csv(folder / "table.csv")
    for _, rows in table[:-2].groupby("outcome"):
        assert tuple(rows.quarters) == HORIZONS
    paths = read(folder, "paths.parquet")
    gdp = paths[(paths.variable == "gdp_real") & (paths.quarter == "2026Q4")].set_index("scenario").value
    shown = table[(table.outcome == "gdp_real") & (table.quarters == 4)].iloc[0]
    assert float(shown.bill_tilt) == pytest.approx(100 * (gdp["bill_tilt"] / gdp["baseline"] - 1), rel=1e-9)


def test_responses_have_the_expected_signs(folder):
    paths = read(folder, "paths.parquet").set_index(["scenario", "variable", "label", "quarter"]).value
    # more bills: a lower bond premium, more output on impact
    assert paths["bill_tilt", "premium", "bonds", "2026Q1"] < paths["baseline", "premium", "bonds", "2026Q1"]
    assert paths["bill_tilt", "gdp_real", "", "2026Q1"] > paths["baseline", "gdp_real", "", "2026Q1"]
    # a bust of AI: less capex
    assert paths["ai_bust", "ai_capex_share", "", "2028Q4"] < paths["baseline", "ai_capex_share", "", "2028Q4"]
    # more connections: a lower rent once it binds
    assert (
        paths["custom", "interconnection_rent", "", "2034Q1"] < paths["baseline", "interconnection_rent", "", "2034Q1"]
    )


@pytest.mark.parametrize(
    "override, remedy",
    [
        ("economy.government.debt_response=0.01", "raise government.debt_response"),
        ("economy.central_bank.inflation_response=0.9", "raise central_bank.inflation_response"),
    ],
)
def test_an_economy_without_a_unique_stable_path_is_refused_in_words(override, remedy, tmp_path, capsys):
    assert start(tmp_path, override, "scenarios=[ai_subsidy]", "outputs=tables") == 1
    entry = json.loads((tmp_path / "certificate.json").read_text())["scenarios"]["baseline"]
    assert entry["converged"] is False
    assert entry["outcome"] == "infeasible"
    assert remedy in entry["reason"]
    table = pd.read_csv(tmp_path / "table.csv")
    assert table.ai_subsidy.str.startswith("not solved: ").all()
    assert not (tmp_path / "paths.parquet").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_an_impossible_scenario_is_refused_and_the_others_are_complete(tmp_path):
    # three times the legacy output is more than all demand: no fuel price clears the market for electricity
    impossible = "changes=[{instrument: Eleg, operation: scale, value: 3.0, from: 2026Q1, to: 2030Q4}]"
    assert start(tmp_path, "scenarios=[bill_tilt]", impossible, "outputs=tables") == 1
    scenarios = json.loads((tmp_path / "certificate.json").read_text())["scenarios"]
    assert scenarios["bill_tilt"]["converged"]
    assert not scenarios["custom"]["converged"]
    assert scenarios["custom"]["outcome"] in {"diverged", "singular", "out_of_steps", "not_finite", "infeasible"}
    assert scenarios["custom"]["reason"]
    assert set(read(tmp_path, "paths.parquet").scenario) == {"baseline", "bill_tilt"}
    table = pd.read_csv(tmp_path / "table.csv")
    assert table.custom.str.startswith("not solved: ").all()
    assert pd.to_numeric(table.bill_tilt[:-2]).notna().all()
