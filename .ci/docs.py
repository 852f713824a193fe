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
EXTRAS = {"ray", "submitit", "playwright"}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The equations</title>
<style>body {{ font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 90em; padding: 0 1em }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #ccc; padding: .3em .6em; text-align: left }}
td:nth-child(3) {{ min-width: 26em }} td:last-child {{ overflow-wrap: anywhere }}</style>
<a href="index.html">All modules</a>{body}</html>"""


def main():
    """Write the pages and print the path of the index."""
    folder = ROOT / "docs"
    pdoc.render.configure(footer_text="Two Economies; the equations are in equations.html")
    pdoc.pdoc(*modules(), output_directory=folder)
    text = (ROOT / "model" / "EQUATIONS.md").read_text(encoding="utf-8")
    (folder / "equations.html").write_text(PAGE.format(body=to_html(text)), encoding="utf-8")
    index = folder / "index.html"
    page = index.read_text(encoding="utf-8")
    link = '<main class="pdoc"><p><a href="equations.html">The equations</a></p>'
    index.write_text(page.replace('<main class="pdoc">', link), encoding="utf-8")
    print(index)


def modules():
    """The packages, without the modules that need an extra which is not installed."""
    return [*PACKAGES, *(f"!{name}" for package in PACKAGES for name in _without_extra(package))]


def _without_extra(package):
    try:
        module = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in EXTRAS:
            return [package]
        raise
    below = pkgutil.iter_modules(getattr(module, "__path__", ()))
    names = (f"{package}.{found.name}" for found in below if found.name != "__main__")
    return [missing for name in names for missing in _without_extra(name)]


if __name__ == "__main__":
    # The fields of configuration classes are generated from tables: no source line has them.
    warnings.filterwarnings("ignore", "Cannot determine where experiments.request.schema")
    main()
