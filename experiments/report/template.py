"""Templates of the pages, with what they say of numbers and verdicts."""

from pathlib import Path

import jinja2

from experiments.answer.tables.writing import shown_number

HERE = Path(__file__).parent


def template(name):
    """A template of this folder; a name that it does not get is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"number": _shown, "verdict_class": _verdict_class, "percent": lambda p: f"{100 * p:.0f} %"}
    return environment.get_template(name)


def _shown(value):
    """A number as in every table; what is not solved says so."""
    return "not solved" if value is None else shown_number(value)


def _verdict_class(claim):
    """Class of the mark beside a verdict; the words are always there too."""
    return claim["verdict"].split()[0] if not claim["reason"] else "unsolved"
