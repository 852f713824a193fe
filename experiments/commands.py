"""The commands by their short names."""

import difflib
import importlib.util
import runpy
import sys

COMMANDS = {
    "run": "experiments.run",
    "claims": "experiments.claims",
    "explore": "experiments.explore",
    "responses": "experiments.responses",
    "contributions": "experiments.contributions",
    "markets": "experiments.markets",
    "calibrate": "calibration.run",
    "export": "experiments.export",
    "verify": "experiments.verify",
    "benchmark": "experiments.benchmark",
    "list": "experiments.listing",
}


def main():
    """Run the command that the first argument names, `run` where that is an override; returns 2 for an unknown name."""
    given = sys.argv[1:]
    name, *rest = given if given and "=" not in given[0] else ["run", *given]
    module = COMMANDS.get(name, name)
    if not _exists(module):
        near = difflib.get_close_matches(name, [*COMMANDS, *COMMANDS.values()])
        print(f"error: no command {name}; expected {', '.join(near or COMMANDS)}", file=sys.stderr)
        return 2
    sys.argv = [name, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _exists(module):
    try:
        spec = importlib.util.find_spec(module)
        return spec is not None and (
            spec.submodule_search_locations is None or importlib.util.find_spec(f"{module}.__main__") is not None
        )
    except (ImportError, ValueError):
        return False
