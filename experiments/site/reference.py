"""The API reference: pages of all modules from their docstrings."""

import importlib
import os
import pkgutil

from experiments.site.build import SITE

PACKAGES = ("model", "calibration", "experiments")
EXTRAS = {"ray", "submitit", "playwright"}


def write_reference():
    """Write the pages into `docs/api/`."""
    os.environ.setdefault("PDOC_ALLOW_EXEC", "1")  # what our modules import may ask the system what it is
    import pdoc
    import pdoc.render

    pdoc.render.configure(footer_text="Two Economies", template_directory=None)
    pdoc.pdoc(*modules(), output_directory=SITE / "api")


def modules():
    """The packages, without the modules that need an extra which is not installed."""
    left_out = [name for package in PACKAGES for name in _without_extra(package)]
    return [*PACKAGES, *(f"!{name}" for name in left_out)]


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
