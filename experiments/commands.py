"""The commands by their short names."""

import ast
import difflib
import importlib.util
import runpy
import sys
from pathlib import Path

COMMANDS = {
    "run": "experiments.run",
    "claims": "experiments.claims",
    "explore": "experiments.explore",
    "history": "experiments.history",
    "forecast": "experiments.forecast",
    "policy": "experiments.policy",
    "responses": "experiments.responses",
    "contributions": "experiments.contributions",
    "markets": "experiments.markets",
    "calibrate": "calibration.run",
    "compare": "experiments.compare",
    "export": "experiments.export",
    "verify": "experiments.verify",
    "benchmark": "experiments.benchmark",
    "list": "experiments.listing",
    "docs": "experiments.site",
}


HELP = ("--help", "-h", "help")
SEVERAL = ("-m", "--multirun")  # runs


def main():
    """Run the command that the first argument names, `run` where that is an override; returns 2 for an unknown name."""
    given = sys.argv[1:]
    names_one = given and "=" not in given[0] and given[0] not in SEVERAL
    name, *rest = given if names_one else ["run", *given]
    if asked := _help(name, rest):
        print(asked)
        return 0
    module = COMMANDS.get(name, name)
    if not _exists(module):
        near = difflib.get_close_matches(name, [*COMMANDS, *COMMANDS.values()])
        print(f"error: no command {name}; expected {', '.join(near or COMMANDS)}", file=sys.stderr)
        return 2
    sys.argv = [name, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _help(name, rest):
    """What is said where help is asked for, None where it is not."""
    from experiments.manual import about, overview

    if name in HELP:
        return overview()
    return about(name) if name in COMMANDS and set(rest) & set(HELP) else None


def told(module):
    """`(arguments, purpose)` of a command from its first docstring line; the module is read, not imported."""
    spec = importlib.util.find_spec(module)
    if spec.submodule_search_locations is not None:
        spec = importlib.util.find_spec(f"{module}.__main__")
    first = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))).splitlines()[0]
    call, _, purpose = first.rpartition("`: ")
    arguments = call.lstrip("`").replace("python3 run.py list", "python -m experiments.list").split()[3:]
    return arguments, purpose[0].upper() + purpose[1:]


def _exists(module):
    try:
        spec = importlib.util.find_spec(module)
        return spec is not None and (
            spec.submodule_search_locations is None or importlib.util.find_spec(f"{module}.__main__") is not None
        )
    except (ImportError, ValueError):
        return False
