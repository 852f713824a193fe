"""New values compile nothing: parameters, instruments, scenarios and tolerances are traced."""

import jax
import pytest

from calibration import calibrate
from experiments.answer.certificate import IDENTITY_TOLERANCE, certified_solution
from model.compute.programs import Program
from model.equilibrium.outcomes.report import reporter
from model.solvers.path import path_solver
from model.transition.batch.ahead import report_ahead
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Settings
from model.transition.solve import horizon_gap, solve_scenario

SUBSIDY = Scenario("subsidy", "", (Change("sA", "add", (0.05,), 0, 7),))
PERMANENT = Scenario("permanent", "", (Change("varpi", "add", (-0.01,), 4, None),), announced=4)


def work(values, settings):
    baseline = calibrate(values, smoothing=settings.smoothing).baseline(settings)
    for scenario in (SUBSIDY, PERMANENT):
        solution = solve_scenario(baseline, scenario)
        assert solution.outcome.converged
        horizon_gap(solution, settings)
    return baseline


@pytest.mark.slow
def test_what_is_made_ahead_is_what_is_called(calibrated, baseline):
    economy = calibrated.economy
    assert certified_solution(baseline, baseline.solution, "baseline", "", beyond=False).certified
    report_ahead(economy, calibrated.parameters, calibrated.initial, baseline.settings)
    assert path_solver(economy)._begun == reporter(economy)._begun == {}


@pytest.mark.slow
def test_nothing_is_compiled_for_new_values(monkeypatch):
    work({}, Settings())
    compiled, stored = [], Program._stored
    monkeypatch.setattr(Program, "_stored", lambda *program: compiled.append(program[1]) or stored(*program))
    jax.monitoring.register_event_duration_secs_listener(
        lambda event, _, **__: compiled.append(event) if event.endswith("backend_compile_duration") else None
    )
    work(
        {"energy.interconnection_supply_elasticity": 0.2, "targets.ai_capex_share": 0.0135},
        Settings(terminal="steady", smoothing=1e-4, tolerance=1e-9),
    )
    assert compiled == []
    jax.jit(lambda x: x + IDENTITY_TOLERANCE)(1.0)
    assert compiled != [], "the count itself works"
