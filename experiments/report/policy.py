"""`report.html` of a question of policy: the answer, its figure, tables and certificate in one file."""

import base64
import json
from pathlib import Path

from experiments.folder.files import write_text
from experiments.policy.told import TOLD
from experiments.report.template import template

PAGE, FIGURE = "report.html", Path("figures") / "policy.png"


def build_policy_page(folder):
    """Write the page from what the folder has; returns its path."""
    folder = Path(folder)
    told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    drawn = (folder / FIGURE).is_file()
    figure = base64.b64encode((folder / FIGURE).read_bytes()).decode() if drawn else ""
    write_text(folder / PAGE, template("policy.html.j2").render(told=told, figure=figure))
    return folder / PAGE
