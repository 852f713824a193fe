"""The site, the notebook and the answers that are shipped: the same numbers everywhere, and no link that leads nowhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.claims.answers import answer
from experiments.claims.files import read_claims
from experiments.claims.verdict import BY_CONSTRUCTION, CANNOT_SPEAK, NOT_IDENTIFIED, REFUTED, SUPPORTED
from experiments.commands import COMMANDS
from experiments.folder.files import write_json, write_text
from experiments.policy.told import shipped_policies
from experiments.report.sentences import FIRST, THEMES, first_screen
from experiments.request.question_file import QUESTIONS
from experiments.site import answers
from experiments.site.answers import README, answers_as_markdown, first_answers, shipped, with_answers
from experiments.site.build import HERE, PAGES
from experiments.site.notebook import cells
from experiments.site.policies import policies_as_markdown, with_policies

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {claim["number"]: claim for claim in shipped()["claims"]}
WORDS = (SUPPORTED, REFUTED, NOT_IDENTIFIED, BY_CONSTRUCTION, CANNOT_SPEAK)
TEXTS = {name: (HERE / "pages" / f"{name}.md") for name in PAGES if (HERE / "pages" / f"{name}.md").is_file()}


def test_every_claim_has_a_shipped_answer_and_a_theme():
    numbers = [claim.number for claim in read_claims()]
    assert list(SHIPPED) == numbers
    assert sorted(n for members in THEMES.values() for n in members) == sorted(numbers)
    assert set(FIRST) <= set(numbers)


@pytest.mark.parametrize("claim", read_claims(), ids=lambda claim: claim.number)
def test_a_shipped_answer_is_the_sentence_of_its_claim_with_its_numbers(claim):
    told = SHIPPED[claim.number]
    assert told["answer"] == answer(claim.answer, told["measures"])
    assert told["verdict"] in WORDS or told["verdict"].startswith("depends on ")
    assert told["earlier"] == claim.earlier.model_dump()
    refuted = claim.refuted_when.distance({n: m["value"] for n, m in told["measures"].items()}) < 0
    assert told["verdict"] not in (SUPPORTED, REFUTED) or refuted == (told["verdict"] == REFUTED)


def test_the_readme_has_the_shipped_answers():
    text = README.read_text(encoding="utf-8")
    assert with_answers(text) == text
    assert first_answers() in text and first_answers() in answers_as_markdown()


def test_the_readme_has_the_shipped_policies_and_each_is_certified_and_a_question_that_is_shipped():
    text = README.read_text(encoding="utf-8")
    assert with_policies(text) == text and policies_as_markdown() in text
    assert all(told["certificate"]["met"] for told in shipped_policies())
    names = [told["name"] for told in shipped_policies()]
    assert names[0] == "best_use_of_a_tenth" and "rule_for_stability" in names
    assert set(names) <= {path.stem for path in QUESTIONS.glob("*.yaml")}


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_to_pages_and_commands_exist(name):
    text = TEXTS[name].read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert target.removesuffix(".html") in PAGES or target == "api/index.html", target
    for command in re.findall(r"^python3 run\.py (\w+)(?![\w.=])", text, re.MULTILINE):
        assert command in COMMANDS or command == "test", command


def test_cells_are_told_apart():
    found = cells()
    assert found[0][0] and found[0][1].startswith("# In Python")
    assert sum(1 for is_markdown, _ in found if not is_markdown) >= 5


@pytest.mark.slow
def test_the_site_is_whole():
    built = subprocess.run([sys.executable, "-m", "experiments", "docs"], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0 and not built.stderr, built.stderr
    index = Path(built.stdout.strip().splitlines()[-1])
    pages = {name: (index.parent / f"{name}.html").read_text(encoding="utf-8") for name in PAGES}
    for text in pages.values():
        targets = set(re.findall(r'href="([^"#:]+)"', text))
        assert all((index.parent / target).is_file() for target in targets), targets
        assert not re.search(r"<(script|iframe)\\b", text) and "https://" not in text
    assert "model.energy.grid.grid_constraint" in pages["equations"]
    assert SHIPPED["C4"]["answer"].split(" does,")[0] in pages["index"]
    assert "<svg" in pages["model"]
    notebook = pages["notebook"]
    assert "240 quarters from 2023Q1" in notebook and "% of labour force" in notebook
    assert notebook.count("data:image/png") == 1


@pytest.mark.parametrize(
    "turns, said",
    [
        ("", "An answer."),
        ("a at 1 (estimate 2)", "An answer. It turns over with a at 1 (estimate 2)."),
        ("a at 1; b at 2; c at 3; d at 4", "An answer. It turns over with a at 1; b at 2; and 2 more, see the table."),
    ],
)
def test_the_first_screen_has_the_nearest_numbers_that_overturn_an_answer(turns, said):
    claim = {"question": "Q?", "reason": None, "answer": "An answer.", "overturned_by": turns, "verdict": "refuted"}
    assert first_screen({FIRST[0]: claim})[0][2] == said


def test_some_claims_solved_again_take_the_place_of_their_own_answers_alone(tmp_path, monkeypatch):
    kept, readme = tmp_path / "answers.json", tmp_path / "README.md"
    write_json(kept, shipped())
    write_text(readme, "<!-- answers -->\n<!-- end of answers -->\n")
    monkeypatch.setattr(answers, "SHIPPED", kept)
    monkeypatch.setattr(answers, "README", readme)
    claim = SHIPPED["C4"] | {"answer": "Solved again.", "reason": None}
    stored = {"caption": shipped()["caption"], "claims": [claim]}
    write_json(tmp_path / "claims.json", stored)
    answers.keep(tmp_path)
    assert {c["number"]: c["answer"] for c in answers.shipped()["claims"]} == {
        number: "Solved again." if number == "C4" else told["answer"] for number, told in SHIPPED.items()
    }
    assert "Solved again." in readme.read_text(encoding="utf-8")
    write_json(tmp_path / "claims.json", stored | {"caption": "Bands: 2 draws."})
    with pytest.raises(ValueError, match="got Bands: 2 draws"):
        answers.keep(tmp_path)
