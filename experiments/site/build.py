"""Pages of the site from Markdown, with the answers that are shipped, the equations and the notebook put in."""

import re
from pathlib import Path

import jinja2
from markupsafe import Markup

from experiments.folder.files import write_text
from experiments.site.answers import answers_as_markdown
from experiments.site.notebook import notebook_as_html
from experiments.site.policies import policies_as_markdown

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SITE = ROOT / "docs"
ECONOMY = ROOT / "experiments" / "report" / "economy.svg"
EQUATIONS = ROOT / "model" / "EQUATIONS.md"
PAGES = {  # in the order of the menu
    "index": "Answers",
    "quick-start": "Quick start",
    "scenario": "Write a scenario",
    "number": "Change a number",
    "bands": "Bands",
    "workbench": "Past, forecast, targets",
    "policy": "The best policy",
    "sweep": "Sweeps",
    "tables": "Tables for a paper",
    "page": "The page with sliders",
    "notebook": "In Python",
    "certificate": "Read a certificate",
    "claim": "Add a claim",
    "model": "How the model works",
    "equations": "The equations",
    "data": "Data and sources",
    "faq": "Questions",
}


def build_site():
    """Write all pages into `docs/`; returns the path of the first."""
    SITE.mkdir(exist_ok=True)
    for name, title in PAGES.items():
        body = notebook_as_html() if name == "notebook" else _rendered(_text(name))
        page = _template().render(title=title, body=Markup(_filled(body)), pages=PAGES, here=name)
        write_text(SITE / f"{name}.html", page)
    return SITE / "index.html"


def _text(name):
    path = EQUATIONS if name == "equations" else HERE / "pages" / f"{name}.md"
    text = path.read_text(encoding="utf-8").replace("<!-- answers -->", answers_as_markdown())
    return text.replace("<!-- policies -->", policies_as_markdown())


def _rendered(text):
    from pdoc.render_helpers import to_html

    return re.sub(
        r"<table>(.*?)</table>",
        r'<div class="scroll" tabindex="0"><table>\1</table></div>',
        to_html(text),
        flags=re.DOTALL,
    )


def _filled(body):
    return body.replace("<!-- economy -->", ECONOMY.read_text(encoding="utf-8"))


def _template():
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("page.html.j2")
