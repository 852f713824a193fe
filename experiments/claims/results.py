"""The folder of a verdict: tables, paths of every scenario, and `claims.json`, from which the report is built."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from experiments.answer.results import Results, tidy_paths
from experiments.answer.tables.forecasts import FORECASTS, forecast_table
from experiments.answer.tables.writing import write_table
from experiments.claims import tables
from experiments.claims.files import BASELINE
from experiments.claims.measures import SHOWN, pair_of
from experiments.claims.verdict import ENOUGH, nothing_overturns
from experiments.entry import configuration_hash
from experiments.folder.captions import caption_of
from experiments.folder.files import write_json, write_parquet
from experiments.folder.provenance import economy_of, provenance
from experiments.request.strict_yaml import as_yaml

BANDS = (5, 16, 50, 84, 95)
CLAIMS = "claims.json"
WELFARE = (
    "Consumption equivalents of every scenario over the baseline [% of spending for life] from its announcement on, tastes held "
    "fixed: spending and wealth count, apart and compounded, hours and childcare do not"
)


def write_results(folder, config, job, answered, seconds):
    """Write what the report is built from."""
    folder = Path(folder)
    caption = f"{_draws_of(answered)} {caption_of(job)}{_own_economy(answered)}"
    baseline = _baseline(answered)
    written = {
        "claims": (tables.verdict_table(answered), "Verdicts. A claim is refuted where its rule holds"),
        "changes": (tables.change_table(answered), "Verdicts before, on the reference economy, and now"),
        "calibration": (tables.calibration_table(job.inputs), "Numbers of the economy"),
        "measures": (tables.measure_table(answered), "Measures of the claims at the estimate, with bands over draws"),
        "ranges": (tables.range_table(answered), "Headlines at the ends of ranges, and where answers turn over"),
        "welfare": (tables.welfare_table(answered), WELFARE),
    }
    if baseline.certified:
        published = forecast_table(baseline, job.inputs.value("production.trend_growth"))
        written |= {
            "forecasts": (published, FORECASTS),
            "distribution": (tables.distribution_table(baseline), "Distribution along the baseline, means of years"),
            "growth": (tables.growth_table(baseline), "Contributions to growth of chained GDP, means of years"),
            "rents": (tables.rent_table(baseline), "Scarcity rents along the baseline, means of years"),
        }
    certificate = {
        "caption": caption,
        "economy": economy_of(job.inputs, job.settings),
        "certificates": {s.name: s.certificate for s in _named(answered)},
        "config_hash": configuration_hash(_root_=config),
        "seconds": seconds,
        **provenance(),
    }
    write_json(folder / "certificate.json", certificate)  # before any number
    for stem, (table, says) in written.items():
        if not table.empty:
            write_table(table, folder, stem, f"{says}. {caption}")
    write_parquet(tidy_paths(Results(tuple(_named(answered)), {})), folder / "paths.parquet")
    write_json(folder / CLAIMS, certificate | {"claims": [_entry(claim, answered) for claim in answered.claims]})


def _draws_of(answered):
    most = max(v.draws for v in answered.verdicts.values())
    return f"Bands: {most} draws of the calibration, of its estimates for the daily block." if most else "No draws."


def _first(answered):
    """The claim whose baseline stands for all: one in the economy of the estimate, if there is any."""
    return min(answered.claims, key=lambda claim: bool(claim.economy))


def _own_economy(answered):
    """What a caption adds where the baseline is not that of the estimate."""
    claim = _first(answered)
    fixed = ", ".join(f"{name} = {value:g}" for name, value in claim.economy.items())
    return f". Baseline of claim {claim.number}, with {fixed}" if fixed else ""


def _baseline(answered):
    return answered.paths[_first(answered).number][BASELINE]


def _named(answered):
    """All solved paths once, by a name that says the claim; the baseline of the estimate is called `baseline`."""
    yield _baseline(answered)
    for claim in answered.claims:
        for name, solved in answered.paths[claim.number].items():
            if name != BASELINE or claim.economy:
                yield replace(solved, name=f"{claim.number} {name}")


def _entry(claim, answered):
    v = answered.verdicts[claim.number]
    return {
        **claim.model_dump(
            include={"number", "claim", "question", "experiment", "refuted_if", "objection", "cannot_say"}
        ),
        "definition": as_yaml(claim.model_dump(exclude={"file"}, exclude_defaults=True)),
        "file": f"conf/claim/{claim.file}",
        "verdict": v.word,
        "reason": v.reason,
        "refuted": v.refuted,
        "probability": v.probability,
        "draws": v.draws,
        "headline": claim.headline,
        "conditions": [c.model_dump(exclude_none=True) for c in claim.refuted_when.conditions],
        "answer": tables.answer_of(claim, v),
        "because": v.because,
        "published": [p.model_dump() for p in claim.published],
        "earlier": claim.earlier.model_dump(),
        "measures": tables.told_measures(claim, v),
        "flips": [vars(flip) for flip in v.flips],
        "overturned_by": tables.overturned_by(v),
        "not_overturned": nothing_overturns(v.flips),
        "scenarios": _scenarios(claim, answered),
        "panels": [_panel(p, claim, answered) for p in claim.panels if p.title in answered.points[claim.number].series],
    }


def _scenarios(claim, answered):
    """What each scenario is, and the name under which its path is stored."""
    return {
        name: {"description": solved.description, "path": f"{claim.number} {name}"}
        for name, solved in answered.paths[claim.number].items()
        if name != BASELINE
    }


def _panel(panel, claim, answered):
    """Levels of both paths, and the difference with its bands over draws."""
    here, other = pair_of(panel.series, answered.paths[claim.number])
    certified = [e.series for e in answered.drawn[claim.number] if e.reason is None]
    drawn = [series[panel.title] for series in certified if panel.title in series]
    enough = answered.verdicts[claim.number].bands and len(drawn) >= ENOUGH * len(certified)
    bands = np.percentile(drawn, BANDS, axis=0).tolist() if enough else None
    return {
        "title": panel.title,
        "series": panel.series.model_dump(exclude_none=True),
        "unit": tables.unit_of(panel.series),
        "level_unit": tables.level_unit_of(panel.series),
        "level": here[:SHOWN].tolist(),
        "other": None if other is None else other[:SHOWN].tolist(),
        "estimate": answered.points[claim.number].series[panel.title],
        "bands": bands,
    }
