"""Solving a job, and the data that a run leaves behind."""

import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from calibration import calibrate
from experiments.answer.certificate import BASELINE_DESCRIPTION, Solved, certified_solution, refused, without_baseline
from experiments.answer.judgment import moved_most
from model.core.units import quarter_label
from model.equilibrium.outcomes.register import RENAMED, UNITS
from model.transition.batch.ahead import report_ahead
from model.transition.solutions import BASELINE, NotSolved
from model.transition.solve import solve_conditions


@dataclass(frozen=True)
class Results:
    """All of a run; `not_tried` are the scenarios before which the user stopped it."""

    solved: tuple[Solved, ...]
    seconds: dict
    not_tried: tuple[str, ...] = ()

    @property
    def baseline(self):
        return self.solved[0]

    @property
    def interrupted(self):
        return bool(self.not_tried)

    @property
    def all_certified(self):
        return all(s.certified for s in self.solved) and not self.interrupted


def solve(job, say=print, keep=lambda baseline: None):
    """Solve and certify the baseline and every scenario; Ctrl-C keeps what is finished. `keep` is given the solved baseline."""
    clock = time.perf_counter()
    calibrated = calibrate(smoothing=job.settings.smoothing, inputs=job.inputs)
    report_ahead(calibrated.economy, calibrated.parameters, calibrated.initial, job.settings)
    units = calibrated.economy.units
    first = units.first_shown
    try:
        here = job.beliefs.world(calibrated, job.settings)
        if job.conditions:
            here = replace(here, baseline=solve_conditions(here.baseline, job.conditions.later(first)))
    except NotSolved as failure:
        unsolved = refused(BASELINE, "", failure.outcome, job.settings, units)
        announce(unsolved, say)
        return _without_scenarios(job, unsolved, {"first": time.perf_counter() - clock}, units)
    baseline = here.baseline
    keep(baseline)
    says = job.conditions.description if job.conditions else BASELINE_DESCRIPTION
    solved = [certified_solution(baseline, baseline.solution, BASELINE, says)]
    seconds = {"first": time.perf_counter() - clock}
    announce(solved[-1], say, seconds["first"])
    if not solved[-1].certified:
        return _without_scenarios(job, solved[-1], seconds, units)
    not_tried = ()
    for number, scenario in enumerate(job.scenarios):
        started = time.perf_counter()
        try:
            solution = here.solve(scenario.later(first))
            solved.append(certified_solution(baseline, solution, scenario.name, scenario.description))
        except KeyboardInterrupt:
            say("interrupted: writing what is finished")
            not_tried = tuple(s.name for s in job.scenarios[number:])
            break
        seconds["warm"] = time.perf_counter() - started
        announce(solved[-1], say, seconds["warm"])
    return Results(tuple(solved), seconds, not_tried)


def _without_scenarios(job, baseline, seconds, units):
    reason = baseline.certificate["reason"]
    rest = (without_baseline(s, job.settings, reason, units) for s in job.scenarios)
    return Results((baseline, *rest), seconds)


def announce(solved, say, seconds=None):
    """Say in a line how a scenario went."""
    if solved.certified:
        c, duration = solved.certificate, "" if seconds is None else f" in {seconds:.1f} s"
        say(
            f"{solved.name}: certified{duration}, {c['newton_iterations']} iterations, "
            f"residual {c['max_residual']:.0e}, goods market {c['walras']:.0e}"
        )
        if moved := moved_most(c):
            say(f"{solved.name}: to hit its targets it moves {moved}")
    else:
        say(f"{solved.name}: not solved: {solved.certificate['reason']}")


def tidy_paths(results):
    """Table `scenario, variable, label, quarter, value, unit`, with the history before the first quarter shown."""
    frames = []
    for solved in results.solved:
        for key, shown in solved.values.items():
            unit, axis = UNITS[key]
            array = np.concatenate([solved.history[key], shown]) if key in solved.history else shown
            labels = axis.labels if axis else ("",)
            columns = array if axis else array[:, None]
            quarters = [quarter_label(t) for t in range(len(shown) - len(columns), len(shown))]
            for j, label in enumerate(labels):
                frames.append(
                    pd.DataFrame(
                        {
                            "scenario": solved.name,
                            "variable": RENAMED.get(key, key),
                            "label": label,
                            "quarter": quarters,
                            "value": columns[:, j],
                            "unit": unit,
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def unknown_paths(results, economy):
    """Table `scenario, quarter` and one column for each unknown, in levels."""
    frames = []
    for s in results.solved:
        if s.certified:
            frame = pd.DataFrame(s.unknowns, columns=list(economy.variables.symbols))
            frame.insert(0, "quarter", [quarter_label(t) for t in range(len(frame))])
            frame.insert(0, "scenario", s.name)
            frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
