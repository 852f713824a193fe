"""`python -m experiments.claims` as users run it: the same numbers everywhere, nothing solved twice, refusals as refusals."""

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from experiments.answer.tables.writing import shown_number
from experiments.claims.files import read_claims
from experiments.policy.told import shipped_policies
from experiments.report.build import build_report
from experiments.site.answers import shipped
from tests.explore.conftest import DESKTOP, PHONE, browser  # noqa: F401

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
CLAIMS = "[C2d,C3d,C6d]"


def claims(folder, *overrides):
    command = [
        sys.executable,
        "-m",
        "experiments.claims",
        f"hydra.run.dir={folder}",
        f"claims={CLAIMS}",
        "draws=2",
        *overrides,
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("claims")
    run = claims(folder)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder, run.stdout


def read_parquet(path):
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet(?)", [str(path)]).df()


def test_table_file_report_and_terminal_have_the_same_answers(done):
    folder, printed = done
    table = pd.read_csv(folder / "claims.csv", keep_default_na=False)
    stored = {c["number"]: c for c in json.loads((folder / "claims.json").read_text())["claims"]}
    report, said = unescape((folder / "report.html").read_text()), " ".join(printed.split())
    assert list(table.claim) == list(stored) == ["C2d", "C3d", "C6d"]
    assert all(told["answer"] in report for told in shipped_policies())
    for row in table.to_dict("records"):
        told = stored[row["claim"]]
        assert row["answer"] == told["answer"] and f"<strong>{told['answer']}</strong>" in report
        assert told["answer"] in said and row["verdict"].upper() in said
        assert f">{row['verdict']}</span>" in report
        headline = told["measures"][told["headline"]]
        assert float(row["size"]) == pytest.approx(headline["value"])
        assert shown_number(headline["value"]) in report
    assert (folder / "claims.tex").read_text().count("toprule") >= 1
    assert set(pd.read_csv(folder / "changes.csv").claim) == set(stored)


def test_what_is_shipped_is_what_a_run_finds(done):
    folder, _ = done
    told = {claim["number"]: claim for claim in shipped()["claims"]}
    for claim in json.loads((folder / "claims.json").read_text())["claims"]:
        for name, measure in claim["measures"].items():
            expected = told[claim["number"]]["measures"][name]["value"]
            assert measure["value"] == pytest.approx(expected, rel=2e-3, abs=1e-3), (claim["number"], name)


def test_the_paths_are_those_of_the_numbers(done):
    folder, _ = done
    stored = json.loads((folder / "claims.json").read_text())
    paths = read_parquet(folder / "paths.parquet")
    at = paths[(paths.variable == "public_debt_share") & (paths.quarter == "2029Q4")].set_index("scenario").value
    moved = at["C2d supported"] - at["C2d unsupported"]
    assert abs(moved) > 1e-3
    assert stored["claims"][0]["measures"]["debt"]["value"] == pytest.approx(moved, rel=1e-9)
    assert all(certificate["converged"] for certificate in stored["certificates"].values())


def test_the_same_command_solves_nothing_twice(done):
    folder, _ = done
    parts = {path: path.stat().st_mtime_ns for path in (folder / "evaluations").glob("*.json")}
    again = claims(folder)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "0 of 0" not in again.stdout and "draws: " not in again.stdout
    new = [path for path in (folder / "evaluations").glob("*.json") if path not in parts]
    assert new == []


def test_the_report_is_one_file_that_needs_nothing(done):
    folder, _ = done
    report = (folder / "report.html").read_text()
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", report))
    names = ("www.w3.org", "purl.org", "creativecommons.org")  # of the vocabulary of SVG, not asked for
    assert {a for a in addresses if not any(name in a for name in names)} == set()
    assert not re.search(r"<(script|link|iframe|img)\b", report)
    anchors = set(re.findall(r'href="#([^"]+)"', report))
    assert anchors <= set(re.findall(r'id="([^"]+)"', report))
    before = report
    assert build_report(folder).read_text() == before


def test_the_report_on_a_screen(done, browser, tmp_path):  # noqa: F811
    folder, _ = done
    for name, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        page = browser.new_page(viewport=viewport)
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"file://{folder}/report.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], name
        assert all(url.startswith("file:") for url in asked)
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        page.close()


def test_what_is_asked_wrongly_is_refused_in_words(tmp_path):
    run = claims(tmp_path, "claims=[C99]")
    assert run.returncode == 2 and "no claim 'C99'" in run.stderr
    run = claims(tmp_path, "scenarios=[ai_subsidy]")
    assert run.returncode == 2 and "claims bring their own" in run.stderr


def test_an_economy_without_solution_is_not_a_verdict(tmp_path):
    run = claims(tmp_path, "claims=[C2c]", "draws=0", "economy.central_bank.inflation_response=0.5")
    assert run.returncode == 1, run.stdout + run.stderr
    table = pd.read_csv(tmp_path / "claims.csv")
    assert table.verdict[0].startswith("not solved: baseline not solved")
    assert "not solved" in (tmp_path / "report.html").read_text()


def test_every_claim_has_its_number_in_the_file_name():
    assert all(claim.file.startswith(claim.number.lower() + "_") for claim in read_claims())
