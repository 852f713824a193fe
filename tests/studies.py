"""A small study started as a user would, in a process of its own."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.study.store import PARTS, Store

ROOT = Path(__file__).parent.parent
SMALL = (
    "study=policy_grid",
    "calibration=us_2026q1",
    "study.axes.bond_share.points=3",
    "study.axes.ai_subsidy.points=2",
    "study.axes.capacity.points=2",
    "study.chunk=1",  # so that much is left to do when something is lost
    "study.maps=[]",
)
POINTS = 12
PATIENCE = 900  # seconds, the first compilation included


def start(folder, *overrides):
    """The process of the study in that folder; its output goes to `log` there."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "experiments.run", f"hydra.run.dir={folder}", *SMALL, *overrides]
    with (folder / "log").open("a") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)


def solve(folder, *overrides):
    """Run the study to its end and return what it printed."""
    before = len(said(folder))
    status = start(folder, *overrides).wait(PATIENCE)
    assert status == 0, said(folder)
    return said(folder)[before:]


def said(folder):
    """All that the study's processes printed."""
    log = folder / "log"
    return log.read_text() if log.exists() else ""


def parts(folder):
    """Finished parts, in order."""
    return sorted((folder / PARTS).glob("points-*.parquet"))


def wait_for_a_part(folder, process):
    """Return as soon as the running study has finished a part."""
    deadline = time.monotonic() + PATIENCE
    while not parts(folder):
        assert process.poll() is None, said(folder)
        assert time.monotonic() < deadline, said(folder)
        time.sleep(0.05)


def assert_same_study(folder, other, tolerance=1e-9):
    """Both studies have every point once, with the same answers."""
    for mine, theirs in zip(Store(folder).tables(), Store(other).tables(), strict=True):
        keys = [key for key in ("variable", "label", "quarters") if key in mine]
        mine, theirs = (table.sort_values(["point", *keys], ignore_index=True) for table in (mine, theirs))
        assert not mine.duplicated(["point", *keys]).any()
        assert set(mine.point) == set(range(POINTS))
        numbers = [name for name in ("value", "difference", "fiscal_cost", "output_gain") if name in mine]
        same = [name for name in ("point", "certified", "outcome", "unit", *keys) if name in mine]
        pd.testing.assert_frame_equal(mine[same], theirs[same])
        np.testing.assert_allclose(mine[numbers], theirs[numbers], rtol=tolerance, atol=tolerance)
