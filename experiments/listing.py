"""`python3 run.py list`: the commands and what stands in `conf/`, each with one line."""

import ast
import importlib.util
import textwrap
from pathlib import Path

import yaml

from experiments.commands import COMMANDS

CONFIGURATION = Path(__file__).resolve().parent.parent / "conf"
GROUPS = ("scenario", "study", "experiment", "calibration", "claim")
WIDTH = 120


def listing():
    """Commands, then every group of `conf/`, a line an entry."""
    lines = ["commands"]
    for name, module in COMMANDS.items():
        lines.append(_line(name, _purpose(module)))
    for group in GROUPS:
        lines.append(group)
        for path in sorted((CONFIGURATION / group).glob("*.yaml")):
            lines.append(_line(path.stem, _description(path)))
    return "\n".join(lines)


def _purpose(module):
    """First docstring line of a command, without the way to call it; the module is read, not imported."""
    spec = importlib.util.find_spec(module)
    if spec.submodule_search_locations is not None:
        spec = importlib.util.find_spec(f"{module}.__main__")
    first = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))).splitlines()[0]
    return first.split("`: ", 1)[-1]


def _description(path):
    """A file's description or claim, or else its first comment."""
    text = path.read_text(encoding="utf-8")
    values = yaml.safe_load(text) or {}
    values = values.get("study", values)
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    told = [c for c in comments if not c.startswith("@package")]
    return values.get("description") or values.get("claim") or " ".join(told)


def _line(name, text):
    return f"  {name:28s} {textwrap.shorten(text, WIDTH - 31, placeholder=' ...')}"


if __name__ == "__main__":
    print(listing())
