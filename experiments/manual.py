"""What `--help` says: of the whole, and of a command with its keys, their meaning and default."""

import re
import textwrap
from pathlib import Path

from experiments.commands import COMMANDS, told

CONFIGURATION = Path(__file__).resolve().parent.parent / "conf"
CONFIGURATIONS = {"run": "config", "calibrate": "calibrate"}  # whose file has another name than the command
WIDTH, INDENT = 110, " " * 28
REFUSED = "not of this command"  # comment of a key that all configurations have
ENTRY = re.compile(r"(?:  - )?(\w+): ?(.*?)(?: +# (.*))?$")
OVERVIEW = """usage: python3 run.py [COMMAND] [KEY=VALUE ...]

Without a command: solves the baseline and four policies, prints the main numbers, leaves a folder in outputs/.

commands
{commands}

scenarios    python3 run.py "scenarios=[ai_bust,grid_expansion]"      (quotes: a shell may take [ ] for a pattern)
one number   python3 run.py economy.energy.interconnection_supply_elasticity=0.15
what there is    python3 run.py list [scenario|instrument|outcome|parameter|...] [WORD]
of a command     python3 run.py COMMAND --help
"""


def overview():
    """The front page: commands with a line each, and the four things that people want next."""
    return OVERVIEW.format(commands="\n".join(_row(name, told(COMMANDS[name])[1]) for name in COMMANDS)).rstrip()


def about(name):
    """A command's purpose and its keys."""
    call, does = told(COMMANDS[name])
    lines = [f"usage: python3 run.py {' '.join([name, *call])}", "", does]
    path = CONFIGURATION / f"{CONFIGURATIONS.get(name, name)}.yaml"
    if path.is_file():
        common = {key: comment for key, _, comment in _keys(CONFIGURATION / "config.yaml")}
        keys = ((key, default, comment or common.get(key)) for key, default, comment in _keys(path))
        rows = (_row(f"{key}={default or 'null'}", says) for key, default, says in keys if says and says != REFUSED)
        lines += [
            "",
            "keys",
            *rows,
            "",
            "numbers of the economy: economy.BLOCK.NAME=VALUE, see python3 run.py list parameter",
        ]
    return "\n".join(lines)


def _keys(path):
    """`(key, default, comment)` of a configuration file, from its own lines."""
    told = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("hydra:"):
            return
        if line.startswith("#"):
            told.append(line[1:].strip())
        elif (entry := ENTRY.match(line)) and entry[1] not in ("defaults", "override"):
            yield entry[1], entry[2], entry[3] or " ".join(told)
            told = []


def _row(name, text):
    first = f"  {name:25} "
    if len(first) > len(INDENT):
        first = f"  {name}\n{INDENT}"
    return first + textwrap.fill(text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT).lstrip()
