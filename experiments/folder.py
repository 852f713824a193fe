"""A run folder: configuration, data, tables, figures and the certificate of every number."""

import hashlib
import json
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb
import jax
import yaml

from experiments.figures.paths import write_figures
from experiments.results import tidy_paths, unknown_paths
from experiments.tables.counterfactual import counterfactual_table
from experiments.tables.writing import write_table

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
    if config["outputs"]["figures"]:
        write_figures(results, folder / "figures", caption)
    write_text(folder / "certificate.json", json.dumps(certificate(config, results, seconds), indent=2, allow_nan=True))
    return table, caption


def caption_of(job):
    """What every table and figure says of itself."""
    s = job.settings
    return (
        f"{calibration_of(job)}. Horizon {s.horizon} quarters from 2026Q1, "
        f"terminal condition {s.terminal}, smoothing {s.smoothing:g}. Baseline: AI catches up, no policy change; "
        "quantities without the trend of 1.8 % a year"
    )


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
