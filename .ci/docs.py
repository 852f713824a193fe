"""`python3 run.py docs`: the API reference with the equations, as HTML in `docs/`."""

import importlib
import pkgutil
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pdoc  # noqa: E402
import pdoc.render  # noqa: E402
from pdoc.render_helpers import to_html  # noqa: E402

PACKAGES = ("model", "calibration", "experiments")
EXTRAS = {"ray", "submitit", "playwright", "hydra_plugins"}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The equations</title>
<style>body {{ font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 90em; padding: 0 1em }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #ccc; padding: .3em .6em; text-align: left }}</style>
<a href="index.html">All modules</a>{body}</html>"""


def main():
    """Write the pages and print the path of the index."""
    folder = ROOT / "docs"
    pdoc.render.configure(docformat="markdown", footer_text="The equations: equations.html")
    pdoc.pdoc(*modules(), output_directory=folder)
    text = (ROOT / "model" / "EQUATIONS.md").read_text(encoding="utf-8")
    (folder / "equations.html").write_text(PAGE.format(body=to_html(text)), encoding="utf-8")
    print(folder / "index.html")


def modules():
    """Names of all modules that can be imported without the extras."""
    return [name for package in PACKAGES for name in _below(package)]


def _below(package):
    try:
        module = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in EXTRAS:
            return []
        raise
    names = [package]
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        if found.name != "__main__":
            names += _below(f"{package}.{found.name}")
    return names


if __name__ == "__main__":
    warnings.simplefilter("default")
    main()
