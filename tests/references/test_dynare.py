"""The whole economy's paths against those that Dynare finds in the exported file, from the straight line between steady states."""

import pytest

from calibration import calibrate
from experiments.export.compare import furthest
from experiments.export.dynare import mod_text
from experiments.export.dynare_runner import dynare_available, run_dynare
from experiments.export.scenarios import export_of
from experiments.request.scenarios import build_scenario, shipped
from model.transition.solutions import Settings
from model.transition.solve import solve_scenario

TOLERANCE = 1e-8
SETTINGS = Settings(horizon=240, terminal="steady", smoothing=1e-5)
ON_SADDLE_PATH = Settings(horizon=240, smoothing=1e-5)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not dynare_available(), reason="needs Octave and Dynare: apt install dynare octave-dev"),
]


@pytest.fixture(scope="module")
def calibrated():
    return calibrate(smoothing=SETTINGS.smoothing)


@pytest.fixture(scope="module")
def baseline(calibrated):
    return calibrated.baseline(SETTINGS)


def solved(baseline, name):
    if name == "baseline":
        return baseline.solution
    body = shipped(name)
    return solve_scenario(baseline, build_scenario(name, body))


@pytest.mark.parametrize("name", ["baseline", "ai_subsidy", "interconnection_fast_track", "bill_tilt"])
def test_dynare_finds_the_same_path(name, calibrated, baseline, tmp_path):
    solution = solved(baseline, name)
    path = tmp_path / f"{name}.mod"
    path.write_text(mod_text(export_of(calibrated, baseline, solution, "", "")), encoding="utf-8")
    run = run_dynare(path)
    error, unknown, quarter = furthest(run.path, solution)
    assert run.path.shape == solution.path.shape == (240, 73)
    assert error <= TOLERANCE, (unknown, quarter)


def test_dynare_finds_the_path_that_goes_on_along_the_saddle_path(calibrated, tmp_path):
    """What a run shows by default, and not a second path that has arrived when the horizon ends."""
    baseline = calibrated.baseline(ON_SADDLE_PATH)
    path = tmp_path / "baseline.mod"
    path.write_text(mod_text(export_of(calibrated, baseline, baseline.solution, "", "")), encoding="utf-8")
    error, unknown, quarter = furthest(run_dynare(path).path, baseline.solution)
    assert error <= TOLERANCE, (unknown, quarter)
