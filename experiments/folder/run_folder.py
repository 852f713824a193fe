"""A run folder: configuration, data, tables, figures and the certificate of every number."""

import json
from pathlib import Path

from experiments.answer.bands import tidy_draws
from experiments.answer.figures.fans import write_fans
from experiments.answer.figures.forecasts import write_forecasts
from experiments.answer.figures.paths import write_figures
from experiments.answer.judgment import judgment_table
from experiments.answer.results import tidy_paths, unknown_paths
from experiments.answer.tables.bands import band_table
from experiments.answer.tables.budget import BUDGET, budget_table
from experiments.answer.tables.counterfactual import counterfactual_table
from experiments.answer.tables.forecasts import FORECASTS, forecast_table
from experiments.answer.tables.iamc import iamc_table
from experiments.answer.tables.jumps import jump_table
from experiments.answer.tables.writing import write_sheets, write_table
from experiments.answer.tables.years import year_table
from experiments.folder.captions import bands_caption, caption_of, unfinished
from experiments.folder.files import write_json, write_parquet
from experiments.folder.record import write_certificate, write_configuration

YEARS = "Means of calendar years: levels of the baseline, changes from it of the scenarios"
JUMPS = (
    "How prices move in the quarter in which people learn something, %: of a scenario, against the baseline; "
    "of each piece of the baseline's news, against what was expected before or the initial steady state"
)
JUDGMENT = (
    "Targets with what they would be without judgment, what happens in each quarter to hit them, and changes of shocks, "
    "in the unit of the outcome or instrument and in standard deviations of the shock as read from data"
)


def write_folder(folder, config, job, results, seconds):
    """Write everything but Hydra's own files, the certificate before any number; returns the counterfactual table and its caption."""
    folder = Path(folder)
    write_configuration(folder, config)
    write_certificate(folder, config, results.solved, seconds, not_tried=results.not_tried)
    write_parquet(tidy_paths(results), folder / "paths.parquet")
    write_parquet(unknown_paths(results, job.inputs.economy), folder / "unknowns.parquet")
    table, caption = counterfactual_table(results), caption_of(job) + unfinished(results)
    trend_growth = job.inputs.value("production.trend_growth")
    published = forecast_table(results.baseline, trend_growth)
    budget = budget_table(results, job.inputs.economy.units, trend_growth)
    written = {
        "table": (table, caption),
        "years": (year_table(results), f"{YEARS}. {caption}"),
        "jumps": (jump_table(results), f"{JUMPS}. {caption}"),
        "budget": (budget, f"{BUDGET}. {caption}"),
        "forecasts": (published, f"{FORECASTS}. {caption}"),
    }
    for stem, (rows, says) in written.items():
        write_table(rows, folder, stem, says)
    judgment = judgment_table(results, job)
    if len(judgment):
        written["judgment"] = (judgment, f"{JUDGMENT}. {caption}")
        write_table(judgment, folder, "judgment", written["judgment"][1])
    if config["outputs"]["xlsx"]:
        write_sheets(written, folder / "tables.xlsx")
    if config["outputs"]["iamc"]:
        iamc_table(results).to_csv(folder / "iamc.csv", index=False)
    if config["outputs"]["figures"]:
        write_figures(results, folder / "figures", caption)
        if results.baseline.certified:
            write_forecasts(results.baseline, folder / "figures" / "forecasts.png", f"{FORECASTS}. {caption}")
    return table, caption


def write_bands(folder, config, job, results, answers, seconds):
    """Add to a run folder what the draws of the calibration say, their certificate first; returns the table of bands and its caption."""
    folder = Path(folder)
    path = folder / "certificate.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    known |= {"draws": answers.certificate(), "seconds": known["seconds"] | {"draws": seconds}}
    write_json(path, known)
    write_parquet(tidy_draws(answers), folder / "draws.parquet")
    table, caption = band_table(results, answers), bands_caption(config, job, results, answers)
    write_table(table, folder, "bands", caption)
    if config["outputs"]["xlsx"]:
        write_sheets({"bands": (table, caption)}, folder / "bands.xlsx")
    if config["outputs"]["figures"]:
        write_fans(results, answers, folder / "figures", caption)
    return table, caption
