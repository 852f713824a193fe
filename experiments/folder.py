"""A run folder: configuration, data, tables, figures and the certificate of every number."""

import hashlib
import json
import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb
import jax
import yaml

from experiments.bands import tidy_draws
from experiments.figures.fans import write_fans
from experiments.figures.paths import write_figures
from experiments.results import tidy_paths, unknown_paths
from experiments.tables.bands import band_table
from experiments.tables.counterfactual import counterfactual_table
from experiments.tables.jumps import jump_table
from experiments.tables.writing import write_table

JUMPS = (
    "Prices in the quarter of the news against what they were to be, %; the baseline against the initial steady state"
)
PACKAGES = ("jax", "jaxlib", "equinox", "numpy", "scipy", "pandas", "hydra-core")


def write_folder(folder, config, job, results, seconds):
    """Write everything but Hydra's own files; returns the counterfactual table and its caption."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "config.yaml", yaml.safe_dump(config, sort_keys=False))
    write_parquet(tidy_paths(results), folder / "paths.parquet")
    write_parquet(unknown_paths(results), folder / "unknowns.parquet")
    table, caption = counterfactual_table(results), caption_of(job)
    write_table(table, folder, "table", caption)
    write_table(jump_table(results), folder, "jumps", f"{JUMPS}. {caption}")
    if config["outputs"]["figures"]:
        write_figures(results, folder / "figures", caption)
    write_text(folder / "certificate.json", json.dumps(certificate(config, results, seconds), indent=2, allow_nan=True))
    return table, caption


def write_bands(folder, config, job, results, answers, seconds):
    """Add to a run folder what the draws of the calibration say; returns the table of bands and its caption."""
    folder = Path(folder)
    write_parquet(tidy_draws(answers), folder / "draws.parquet")
    table, caption = band_table(results, answers), bands_caption(config, job, results, answers)
    write_table(table, folder, "bands", caption)
    if config["outputs"]["figures"]:
        write_fans(results, answers, folder / "figures", caption)
    path = folder / "certificate.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    known |= {"draws": answers.certificate(), "seconds": known["seconds"] | {"draws": seconds}}
    write_text(path, json.dumps(known, indent=2, allow_nan=True))
    return table, caption


def bands_caption(config, job, results, answers):
    """What the table and figures of bands say of themselves."""
    refused = [f"{s.name} not solved" for s in results.solved if not s.certified]
    refused += [f"{name}: {reason}" for name, reason in answers.refusals.items()]
    stopped = f", {len(job.draws)} were asked for" if answers.interrupted else ""
    return (
        f"{answers.certified} of {len(answers.draws)} draws of the calibration certified{stopped} "
        f"({config['calibration']['draws'] or job.inputs.name}); baseline in levels, scenarios as differences, each draw from its own baseline. "
        f"{'. '.join([caption_of(job), *refused])}"
    )


def caption_of(job):
    """What every table and figure says of itself."""
    s = job.settings
    return (
        f"{calibration_of(job)}. Horizon {s.horizon} quarters from 2026Q1, "
        f"terminal condition {s.terminal}, smoothing {s.smoothing:g}. Beliefs: {beliefs_of(job)}. Baseline: AI catches up, no policy change; "
        "quantities without the trend of 1.8 % a year"
    )


def beliefs_of(job):
    """The belief regime in words, with its numbers."""
    numbers = {key: value for key, value in asdict(job.beliefs).items() if key != "kind" and value is not None}
    listed = ", ".join(f"{key.replace('_', ' ')} {value:g}" for key, value in numbers.items())
    return job.beliefs.kind.replace("_", " ") + (f" ({listed})" if listed else "")


def calibration_of(job):
    """The calibration in words, with every number that was moved."""
    moved = ", ".join(f"{name} = {value:g}" for name, value in job.inputs.moved.items())
    return f"Calibration: {job.inputs.name} (US 2025){'; moved: ' + moved if moved else ''}"


def certificate(config, results, seconds):
    """The contents of certificate.json."""
    return {
        "scenarios": {s.name: s.certificate for s in results.solved},
        **provenance(),
        "config_hash": config_hash(config),
        "seconds": seconds,
    }


def provenance():
    """Device, precision, versions and commit."""
    return {
        "device": str(jax.devices()[0]),
        "precision": "float64",
        "versions": {name: _version(name) for name in PACKAGES},
        "commit": _commit(),
    }


def config_hash(config):
    """Short hash of a configuration."""
    return hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode()).hexdigest()[:12]


def write_parquet(table, path):
    """Write a DataFrame whole or not at all."""
    if table.empty:
        return
    partial = path.with_suffix(".partial")
    with duckdb.connect() as connection:
        connection.register("data", table)
        connection.execute(f"copy data to '{partial}' (format parquet, compression zstd)")
    partial.replace(path)


def write_text(path, text):
    """Write a text whole or not at all."""
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit():
    here = Path(__file__).parent
    answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None
