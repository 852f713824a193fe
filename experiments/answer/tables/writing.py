"""One table in four formats, each with its caption."""

import math
from html import escape
from pathlib import Path

SMALLEST_SHOWN = 5e-5
NOTHING = 5e-3  # below which a change is none
LATEX = {letter: f"\\{letter}" for letter in "_%&#${}"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would evaluate


def formatted(table):
    """The table as text: four significant digits, and 0 for what is below a ten-thousandth of its unit."""
    return table.map(lambda v: shown_number(v) if isinstance(v, float) else str(v))


def shown_number(value):
    """Four significant digits, and 0 for what is below a ten-thousandth of its unit."""
    return "0" if abs(value) < SMALLEST_SHOWN else f"{value:.4g}"


def two_digits(value):
    """`0.31`, `12`, `150`: two significant digits, and 0 where there is next to nothing."""
    if abs(value) < NOTHING:
        return "0"
    size = math.floor(math.log10(abs(float(f"{value:.1e}"))))
    return f"{round(value, 1 - size):,.{max(0, 1 - size)}f}"


def signed(value):
    """`+0.31`, `-12`, and `+0` where nothing changed."""
    return two_digits(value) if value < -NOTHING else f"+{two_digits(value)}"


def printed(table):
    """The table for a terminal: without units, which the files have, and with long reasons cut."""
    return formatted(table).drop(columns="baseline unit").to_string(index=False, max_colwidth=32)


def write_table(table, folder, stem, caption):
    """Write `stem`.csv (full precision), .md, .tex and .html; returns the path of the first."""
    folder = Path(folder)
    text = formatted(table)
    table.rename(columns=_cell).map(_cell).to_csv(folder / f"{stem}.csv", index=False)
    marked = text.rename(columns=_markdown).map(_markdown).to_markdown(index=False)
    (folder / f"{stem}.md").write_text(f"{_markdown(caption)}\n\n{marked}\n", encoding="utf-8")
    cells = text.rename(columns=_latex).map(_latex)
    latex = cells.style.hide(axis="index").to_latex(hrules=True, environment="longtable", caption=_latex(caption))
    (folder / f"{stem}.tex").write_text(latex, encoding="utf-8")
    html = text.to_html(index=False, border=0)
    page = f"<!doctype html><meta charset='utf-8'><title>{stem}</title><p>{escape(caption)}</p>\n{html}\n"
    (folder / f"{stem}.html").write_text(page, encoding="utf-8")
    return folder / f"{stem}.csv"


def _latex(text):
    """A text as LaTeX prints it."""
    return "".join(LATEX.get(letter, letter) for letter in text)


def _cell(value):
    """A cell of a CSV file that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _markdown(text):
    """A text as Markdown prints it, within a cell."""
    return "".join(f"\\{letter}" if letter in "|<`" else letter for letter in text)
