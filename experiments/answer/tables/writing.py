"""One table in four formats, each with its caption."""

import math
from html import escape
from pathlib import Path

import pandas as pd

SMALLEST_SHOWN, ONE_DIGIT = 5e-5, 1e-3
SHORT, LONG = 18, 60  # letters of a column that is not wrapped, of the widest one
SIZES, BETWEEN = (("scriptsize", 165), ("tiny", 220)), 2  # of type, with the letters of a line; between columns
PREAMBLE = "\n".join(
    [
        r"\documentclass{article}",
        r"\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}",
        r"\usepackage[landscape,margin=1.5cm]{geometry}",
        r"\usepackage{array,booktabs,longtable}\setlength{\tabcolsep}{3pt}",
        "",
    ]
)
STYLE = """
body { font: 15px/1.4 system-ui, sans-serif; margin: 1rem; overflow-x: auto } table { border-collapse: collapse }
caption { text-align: left; color: #555; padding-bottom: .6rem; max-width: 60rem } th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd }
thead th { position: sticky; top: 0; background: #fff; border-bottom: 2px solid #555 } .text { text-align: left } .number { text-align: right }
"""
SMALL = 0.01  # below which there are four decimals
LATEX = {letter: f"\\{letter}" for letter in "%&#${}"} | {
    "_": r"\_\allowbreak{}",
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would evaluate


def formatted(table):
    """The table as text, numbers as of `shown_number`."""
    return table.map(lambda v: shown_number(v) if isinstance(v, float) else str(v))


def shown_number(value):
    """`105.0`, `56.12`, `0.314`: as many digits as are read, 0 for what is below a ten-thousandth of its unit, nothing for no number."""
    if math.isnan(value):
        return ""
    size = abs(value)
    if size < SMALLEST_SHOWN:
        return "0"
    if size < ONE_DIGIT:
        return f"{value:.1g}"
    return (
        f"{value:.3f}"
        if size < 1
        else f"{value:.2f}"
        if size < 100
        else f"{value:,.1f}"
        if size < 1e4
        else f"{value:,.0f}"
    )


def two_digits(value):
    """`0.31`, `12`, `150`, `0.0042`: two significant digits, of what is small four decimals, and 0 where there is next to nothing."""
    if abs(value) < SMALLEST_SHOWN:
        return "0"
    if abs(value) < SMALL:
        return f"{value:.4f}"
    size = math.floor(math.log10(abs(float(f"{value:.1e}"))))
    return f"{round(value, 1 - size):,.{max(0, 1 - size)}f}"


def signed(value):
    """`+0.31`, `-12`, and `+0` where nothing changed."""
    return two_digits(value) if value <= -SMALLEST_SHOWN else f"+{two_digits(value)}"


def printed(table):
    """The table for a terminal: without units, which the files have, and with long reasons cut."""
    return formatted(table).drop(columns="baseline unit").to_string(index=False, max_colwidth=32)


def write_table(table, folder, stem, caption):
    """Write `stem`.csv (full precision), .md, .tex and .html; returns the path of the first.

    The .tex compiles as it is, and `\\input` takes it into a paper that loads the package standalone.
    """
    folder = Path(folder)
    text = formatted(table)
    numeric = [all(isinstance(v, float | int) for v in table[column]) for column in table]
    table.rename(columns=_cell).map(_cell).to_csv(folder / f"{stem}.csv", index=False)
    marked = text.rename(columns=_markdown).map(_markdown).to_markdown(index=False, disable_numparse=True)
    (folder / f"{stem}.md").write_text(f"{_markdown(caption)}\n\n{marked}\n", encoding="utf-8")
    (folder / f"{stem}.tex").write_text(_document(text, numeric, caption), encoding="utf-8")
    (folder / f"{stem}.html").write_text(_page(text, numeric, stem, caption), encoding="utf-8")
    return folder / f"{stem}.csv"


def write_sheets(tables, path):
    """Write `{name: (table, caption)}` as a workbook with a sheet each, the caption beneath the table."""
    with pd.ExcelWriter(path, engine="openpyxl") as workbook:
        for name, (table, caption) in tables.items():
            table.rename(columns=_cell).map(_cell).to_excel(workbook, sheet_name=name, index=False)
            pd.DataFrame([_cell(caption)]).to_excel(
                workbook, sheet_name=name, index=False, header=False, startrow=len(table) + 2
            )


def _document(text, numeric, caption):
    """A LaTeX document of the table on landscape pages, its notes beneath; headers and long texts are broken into lines."""
    text = text.rename(columns=lambda name: name.replace("_", " "))
    words = [max(map(len, name.split()), default=0) for name in text]
    cells = [max(map(len, text.iloc[:, k]), default=0) for k in range(len(words))]
    narrow = [max(pair) for pair in zip(words, cells, strict=True)]
    size, letters = next((s for s in SIZES if sum(min(w, SHORT) + BETWEEN for w in narrow) <= s[1]), SIZES[-1])
    long = sum(min(width, LONG) for width in narrow if width > SHORT)
    room = letters - BETWEEN * len(narrow) - sum(width for width in narrow if width <= SHORT)
    share = min(1, max(room, SHORT) / max(long, 1))
    shown = [width if width <= SHORT else share * min(width, LONG) for width in narrow]
    columns = "".join(
        f">{{\\{'raggedleft' if number else 'raggedright'}\\arraybackslash}}p{{{width / letters:.4f}\\linewidth}}"
        for width, number in zip(shown, numeric, strict=True)
    )
    table = text.rename(columns=_latex).map(_latex)
    latex = table.style.hide(axis="index").to_latex(hrules=True, environment="longtable", column_format=columns)
    notes = f"\\par\\noindent\\textit{{Notes:}} {_latex(caption)}."
    return f"{PREAMBLE}\\begin{{document}}\\{size}\n{latex}{notes}\n\\end{{document}}\n"


def _page(text, numeric, stem, caption):
    """A page of the table that needs nothing else and can be read on a phone."""
    kinds = ["number" if number else "text" for number in numeric]
    head = "".join(f'<th scope="col" class="{kind}">{escape(c)}</th>' for c, kind in zip(text, kinds, strict=True))
    rows = "\n".join(
        "<tr>" + "".join(f'<td class="{k}">{escape(v)}</td>' for v, k in zip(row, kinds, strict=True)) + "</tr>"
        for row in text.to_numpy()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{stem}</title><style>{STYLE}</style>\n<table><caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></html>\n"
    )


def markdown_table(columns, rows):
    """Rows of texts as a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_markdown(cell) for cell in line)} |" for line in lines)


def _latex(text):
    """A text as LaTeX prints it."""
    return "".join(LATEX.get(letter, letter) for letter in text)


def _cell(value):
    """A cell of a spreadsheet that it does not take for a formula; a bare sign is none."""
    formula = isinstance(value, str) and len(value) > 1 and value.startswith(FORMULA)
    return f"'{value}" if formula else value


def _markdown(text):
    """A text as Markdown prints it, within a cell."""
    return "".join(f"\\{letter}" if letter in "|<`" else letter for letter in text)
