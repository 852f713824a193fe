"""A two-sector economy of AI capital and labour with energy as a binding input, and the solvers for it.

`from model import answers`: outcomes by quarter as a labelled table; `best_policy`: a question of policy in one call.
`from model import load, baseline, solve`: an economy by the name of its calibration, its path, and that of a scenario.
"""

import importlib
from operator import attrgetter
from typing import Any

from model.compute.environment import prepare_environment

prepare_environment()

_OFFERED = {  # imported at their first use: `import model` stays quick, and no layer knows the one above it
    "load": ("calibration.calibrate", "load"),
    "baseline": ("calibration.calibrate", "Calibrated.baseline"),
    "solve": ("model.transition.solve", "solve_scenario"),
    "Settings": ("model.transition.solutions", "Settings"),
    "Change": ("model.transition.scenarios.scenario", "Change"),
    "Scenario": ("model.transition.scenarios.scenario", "Scenario"),
    "answers": ("experiments.frames", "answers"),
    "best_policy": ("experiments.frames", "best_policy"),
}


def __getattr__(name: str) -> Any:
    if name not in _OFFERED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _OFFERED[name]
    return attrgetter(attribute)(importlib.import_module(module))
