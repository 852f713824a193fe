"""The answers that are shipped: kept from a run of claims, and written into README and site.

`python -m experiments.site.answers FOLDER` keeps those of a folder of claims, of all or of some.
"""

import json
import re
import sys
from pathlib import Path

from experiments.answer.tables.writing import markdown_table
from experiments.claims.verdict import CANNOT_SPEAK, refuted_in
from experiments.folder.files import write_json, write_text
from experiments.report.sentences import FIRST, themes

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = Path(__file__).parent / "answers.json"
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- answers -->\n).*?(<!-- end of answers -->)", re.DOTALL)
KEPT = (
    "number",
    "claim",
    "question",
    "verdict",
    "answer",
    "because",
    "overturned_by",
    "not_overturned",
    "headline",
    "probability",
    "draws",
)


def shipped():
    """`{caption, claims}` of the answers that are shipped."""
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def keep(folder):
    """Keep the answers of a folder of claims in the place of those that are shipped, and write them into the README.

    Of some claims alone only where the rest was solved alike: raises ValueError where captions differ.
    """
    stored = json.loads((Path(folder) / "claims.json").read_text(encoding="utf-8"))
    unsolved = [c["number"] for c in stored["claims"] if c["reason"]]
    if unsolved:
        raise ValueError(f"{folder}: not solved: {', '.join(unsolved)}")
    claims = [
        {key: c[key] for key in KEPT}
        | {
            "earlier": c["earlier"],
            "measures": {n: {k: m[k] for k in ("value", "band")} for n, m in c["measures"].items()},
        }
        for c in stored["claims"]
    ]
    found, known = {c["number"]: c for c in claims}, shipped()
    rest = [c for c in known["claims"] if c["number"] not in found]
    if rest and stored["caption"] != known["caption"]:
        raise ValueError(f"{folder}: got {stored['caption']}; the other claims have {known['caption']}")
    every = [found.get(c["number"], c) for c in known["claims"]] if rest else claims
    write_json(SHIPPED, {"caption": stored["caption"], "claims": every})
    write_text(README, with_answers(README.read_text(encoding="utf-8")))


def with_answers(text):
    """The README with the shipped answers between its two marks."""
    return BLOCK.sub(lambda found: f"{found[1]}{first_answers()}\n{found[2]}", text)


def first_answers():
    """The questions that come first, with their answers, as Markdown."""
    claims = {c["number"]: c for c in shipped()["claims"]}
    return "\n".join(f"- **{claims[n]['question']}** {_verdict(claims[n])} {claims[n]['answer']}" for n in FIRST)


def answers_as_markdown():
    """All shipped answers: first those of the front page, then a table a theme, then what changed."""
    told = shipped()
    by_number = {c["number"]: c for c in told["claims"]}
    parts = [first_answers(), f"{told['caption']}."]
    for theme, members in themes(by_number).items():
        rows = [
            (f"{c['number']} {c['claim']}", _verdict(c), c["answer"], c["overturned_by"] or c["not_overturned"])
            for c in members
        ]
        parts.append(f"## {theme}\n\n{markdown_table(('claim', 'verdict', 'answer', 'overturned by'), rows)}")
    rows = [(c["number"], c["earlier"]["verdict"], c["verdict"], c["earlier"]["why"]) for c in told["claims"]]
    changed = markdown_table(("claim", "before", "now", "why"), rows)
    return "\n\n".join(
        [
            *parts,
            f"## What changed\n\nBefore: with `calibration=us_2026q1`, the default then, and the rules of that time.\n\n{changed}",
        ]
    )


def _verdict(claim):
    word, because = claim["verdict"][0].upper() + claim["verdict"][1:], claim["because"]
    chance = "" if word == "Refuted" else "; refuted"
    chance += refuted_in(claim["probability"], claim["draws"])
    if claim["probability"] is None or claim["verdict"] == CANNOT_SPEAK or "draws" in because:
        chance = ""
    return f"*{word}{chance}{': ' + because if because else ''}.*"


if __name__ == "__main__":
    keep(sys.argv[1])
