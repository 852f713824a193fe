"""`python -m experiments.claims` as users run it: the same numbers everywhere, nothing solved twice, refusals as refusals."""

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from experiments.answer.tables.writing import formatted, shown_number
from experiments.claims.files import read_claims
from experiments.report.build import build_report, number_of
from model.core.units import FIRST_SHOWN
from tests.explore.test_browser import DESKTOP, PHONE, browser  # noqa: F401

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
CLAIMS = "[C2,C2c,C6d]"


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


def test_table_file_and_report_have_the_same_numbers(done):
    folder, printed = done
    table = formatted(pd.read_csv(folder / "claims.csv", dtype=object, keep_default_na=False).map(number_of))
    stored = {c["number"]: c for c in json.loads((folder / "claims.json").read_text())["claims"]}
    report = (folder / "report.html").read_text()
    assert list(table.claim) == list(stored) == ["C2", "C2c", "C6d"]
    for row in table.to_dict("records"):
        headline = stored[row["claim"]]["measures"][stored[row["claim"]]["headline"]]
        assert row["size"] == shown_number(headline["value"])
        assert f"<strong>{row['size']}</strong>" in report
        assert f"{row['measured by']}: {row['size']} {row['unit']}" in printed
        assert row["verdict"].upper() in printed and f">{row['verdict']}</span>" in report
    assert (folder / "claims.tex").read_text().count("toprule") >= 1


def test_the_paths_are_those_of_the_numbers(done):
    folder, _ = done
    stored = json.loads((folder / "claims.json").read_text())
    paths = read_parquet(folder / "paths.parquet")
    paths = paths[paths.quarter >= FIRST_SHOWN]
    growth = {
        name: paths[(paths.scenario == name) & (paths.variable == "gdp_growth_annual")].value.to_numpy()
        for name in ("baseline", "C2 freeze")
    }
    gap = -(growth["C2 freeze"] - growth["baseline"])[:12].mean()
    assert stored["claims"][0]["measures"]["growth_gap"]["value"] == pytest.approx(gap, rel=1e-12)
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
    assert anchors <= set(re.findall(r'id="([^"]+)"', report)) | {"C4", "C2b"}  # claims that were not asked for
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
