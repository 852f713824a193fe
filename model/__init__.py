"""A two-sector economy of AI capital and labour with energy as a binding input, and the solvers for it."""

import importlib

from model.compute.environment import prepare_environment

prepare_environment()

_OFFERED = {
    "Settings": ("model.transition.solutions", "Settings"),
    "Change": ("model.transition.scenarios.scenario", "Change"),
    "Scenario": ("model.transition.scenarios.scenario", "Scenario"),
    "solve": ("model.transition.solve", "solve_scenario"),
}


def __getattr__(name):
    """Names offered here are imported at their first use: `import model` stays quick."""
    if name not in _OFFERED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _OFFERED[name]
    return getattr(importlib.import_module(module), attribute)
