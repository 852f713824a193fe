"""Short names, the listing and the API reference, held against the files that they tell of."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from calibration.inputs import load_inputs
from experiments.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def _python(*arguments):
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_listing_names_every_command_and_every_file():
    listed = _python("-m", "experiments", "list")
    assert listed.returncode == 0 and not listed.stderr
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines() if line.startswith("  ")]
    groups = ("scenario", "study", "experiment", "calibration", "claim", "beliefs", "conditions", "rule", "policy")
    files = {path.stem for group in groups for path in (ROOT / "conf" / group).glob("*.yaml")}
    assert {name for name, *_ in lines} == files | set(COMMANDS)
    assert all(text for _, *text in lines), "an entry has no line"


def test_the_listing_of_a_kind_is_filtered_and_for_programs():
    found = json.loads(_python("-m", "experiments", "list", "outcome", "gpu", "--json").stdout)
    assert [row["name"] for row in found["outcome"]] == ["gpu_rent", "gpu_rent_dollars"]
    assert "of the base price of AI equipment" in found["outcome"][0]["text"]
    assert "E.10" in _python("-m", "experiments", "list", "equation", "interconnection").stdout
    refused = _python("-m", "experiments", "list", "a", "b")
    assert refused.returncode == 2 and refused.stderr.startswith("error: got a b; expected [KIND] [WORD]")


def test_listed_numbers_are_those_of_the_default_calibration():
    inputs = load_inputs(name="us_2022q4")
    found = json.loads(_python("-m", "experiments", "list", "parameter", "--json").stdout)["parameter"]
    assert {row["name"]: row["value"] for row in found} == {name: inputs.value(name) for name in inputs.parameters}
    targets = json.loads(_python("-m", "experiments", "list", "target", "--json").stdout)["target"]
    assert {row["name"]: row["value"] for row in targets} == {n: inputs.value(f"targets.{n}") for n in inputs.targets}
    markup = next(row for row in found if row["name"] == "production.markup.ai")
    assert (markup["symbol"], markup["low"], markup["high"]) == ("MA", 1.0, 5.0)
    assert "in the reference economy 1.6: hyperscaler" in markup["text"]


@pytest.mark.parametrize("kind", ["studies", "scenarios", "beliefs", "calibrations"])
def test_a_kind_may_be_named_in_the_plural(kind):
    assert _python("-m", "experiments", "list", kind).returncode == 0


def test_a_word_that_nothing_has_names_the_nearest():
    refused = _python("-m", "experiments", "list", "scenario", "ai_busst")
    assert refused.returncode == 2 and "nothing has 'ai_busst' in it; the nearest is ai_bust" in refused.stderr


@pytest.mark.parametrize("asked", ["--help", "-h", "help"])
def test_help_names_every_command(asked):
    page = _python("-m", "experiments", asked)
    assert page.returncode == 0 and not page.stderr
    assert all(f"  {name} " in page.stdout for name in COMMANDS)
    assert len(page.stdout.splitlines()) < 30 and max(map(len, page.stdout.splitlines())) <= 115


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_says_its_keys_and_solves_nothing(name):
    page = _python("-m", "experiments", name, "--help")
    assert page.returncode == 0 and not page.stderr
    assert page.stdout.startswith(f"usage: python3 run.py {name}")
    if name in ("run", "claims", "calibrate", "markets"):
        assert "calibration=us_2022q4" in page.stdout
        assert ("scenarios=" in page.stdout) == (name in ("run", "markets"))  # the others have none of the user's


@pytest.mark.parametrize("name", ["clams", "experiments.clams", "."])
def test_an_unknown_command_is_refused_with_the_nearest(name):
    refused = _python("-m", "experiments", name)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"error: no command {name}; expected ") and refused.stderr.count("\n") == 1


def test_options_reach_the_command():
    refused = _python("-m", "experiments", "claims", "nokey=1")
    assert refused.returncode == 2 and "nokey: unknown key" in refused.stderr


@pytest.mark.slow
def test_the_example_of_the_readme_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    names = {}
    exec(example, names)
    assert "2030Q4" in capsys.readouterr().out
    assert len(names["table"]) == 240 and (names["change"].loc[:"2027Q3"] == 0).to_numpy().all()
    assert -1.5 < names["change"]["2030Q4"] < -0.2
