"""`report.html` from a folder of stored results: one file that needs nothing from elsewhere."""

import json
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from experiments.answer.tables.counterfactual import change
from experiments.answer.tables.writing import formatted
from experiments.folder.files import read_parquet, write_text
from experiments.policy.told import shipped_policies
from experiments.report.figures import overview_figure, panel_figures, range_figure
from experiments.report.sentences import first_screen, themes
from experiments.report.template import HERE, template
from model.core.units import FIRST_SHOWN

REPORT, PATHS = "report.html", "paths.parquet"
EQUATIONS = HERE.parent.parent / "model" / "EQUATIONS.md"
SHOWN_QUARTERS = 60
TABLES = ("changes", "forecasts", "growth", "rents", "distribution", "welfare")
# The first picture: unit, and lines as (scenario, outcome, label), as differences in % where there is a second scenario.
OVERVIEW = {
    "What scarcity earns": (
        "bn dollars a year",
        {
            "connections": ("baseline", "interconnection_rent_dollars", ""),
            "chips": ("baseline", "gpu_rent_dollars", ""),
            "bulk grid": ("baseline", "grid_rent_dollars", ""),
        },
        None,
    ),
    "GDP against the baseline": (
        "%",
        {
            "AI bust in 2027": ("C2 bust", "gdp_real", ""),
            "AI spending held at 2025": ("C2 freeze", "gdp_real", ""),
            "all energy relief": ("C4 energy", "gdp_real", ""),
            "50 % more chips": ("C4 more_chips", "gdp_real", ""),
        },
        "baseline",
    ),
    "Real wages, without trend": (
        "2022 = 100",
        {"high skill": ("baseline", "wage", "high"), "low skill": ("baseline", "wage", "low")},
        None,
    ),
}


def build_report(folder):
    """Write the page; returns its path."""
    folder = Path(folder)
    stored = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    by_number = {claim["number"]: claim for claim in stored["claims"]}
    lines = _overview(folder)
    page = template("report.html.j2").render(
        stored=stored,
        sentences=first_screen(by_number),
        themes=themes(by_number),
        economy=Markup((HERE / "economy.svg").read_text(encoding="utf-8")),
        overview=Markup(overview_figure(lines)) if lines else "",
        figures={claim["number"]: _figures(claim) for claim in stored["claims"]},
        tables={stem: _table(folder / f"{stem}.csv") for stem in TABLES if (folder / f"{stem}.csv").is_file()},
        policies=shipped_policies(stored["economy"]),
        calibration=_table(folder / "calibration.csv"),
        equations=equations(EQUATIONS.read_text(encoding="utf-8")),
    )
    write_text(folder / REPORT, page)
    return folder / REPORT


def _figures(claim):
    """`[(title, svg)]` of a claim."""
    panels = claim["panels"]
    found = [(panel["title"], Markup(drawn)) for panel, drawn in zip(panels, panel_figures(panels), strict=True)]
    if claim["flips"] and claim["reason"] is None:
        found.append(("What would overturn it", Markup(range_figure(claim))))
    return found


def _overview(folder):
    """`{title: (unit, {name: (T,)})}` of the first picture, of the paths that are stored."""
    if not (folder / PATHS).is_file():
        return {}
    shown = f"where quarter >= '{FIRST_SHOWN}'"
    query = f"select scenario, variable, label, value from data {shown} order by scenario, variable, label, quarter"
    table = read_parquet([folder / PATHS], query)
    paths = {
        key: group["value"].to_numpy()[:SHOWN_QUARTERS]
        for key, group in table.groupby(["scenario", "variable", "label"])
    }
    found = {
        title: (unit, {name: _line(paths, key, against) for name, key in lines.items() if key in paths})
        for title, (unit, lines, against) in OVERVIEW.items()
    }
    return {title: panel for title, panel in found.items() if panel[1]}


def _line(paths, key, against):
    return paths[key] if against is None else change(paths[(against, *key[1:])], paths[key], "%")


def _table(path):
    """`{columns, rows}` of a CSV as text."""
    table = formatted(pd.read_csv(path, dtype=object, keep_default_na=False).map(number_of))
    return {"columns": list(table.columns), "rows": table.to_numpy().tolist()}


def number_of(text):
    """The number in a cell of a CSV, or its text."""
    try:
        return float(text)
    except ValueError:
        return text


def equations(text):
    """`{columns, rows}` of the table in the register of equations, without the marks of Markdown."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines]
    return {"columns": cells[0], "rows": cells[2:]}
