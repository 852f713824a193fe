#!/usr/bin/env python3
"""Set up on a fresh machine and run: `python3 run.py`, `python3 run.py test`, `python3 run.py COMMAND [overrides]`.

`python3 run.py list` names the commands.

Needs Python 3.11 to 3.13 and pip, nothing else. Builds `.venv` from `requirements.lock`, with uv where there is one.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK, ENVIRONMENT = ROOT / "requirements.lock", ROOT / ".venv"
STAMP = ENVIRONMENT / "installed"
SUPPORTED = ((3, 11), (3, 13))
CHECKOUT = {
    "test": ["-m", "pytest", "-m", "not slow", "-n", "2", "--dist", "loadfile"],
}  # not in an installed wheel


def main(arguments):
    """Set up if needed, then run a command in the environment; returns its exit status."""
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        print(f"error: Python {sys.version.split()[0]}; expected 3.11, 3.12 or 3.13", file=sys.stderr)
        return 2
    python = set_up()
    name, rest = (arguments[0], arguments[1:]) if arguments and "=" not in arguments[0] else ("run", arguments)
    command = CHECKOUT.get(name, ["-m", "experiments", name])
    return _status(subprocess.Popen([python, *command, *rest], cwd=ROOT))


def _status(process):
    """Exit status of a command; Ctrl-C reaches it too, and it is waited for, as it may write down what is finished."""
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            status = process.wait()
            return status if status >= 0 else 128 - status  # ended by a signal, as shells tell it


def set_up():
    """Path of the environment's Python; installs the locked packages when the lock or the interpreter changed."""
    python = str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return python
    print("setting up .venv (once; one to two minutes)", flush=True)
    uv = shutil.which("uv")
    venv.create(ENVIRONMENT, clear=True, with_pip=uv is None)
    if uv is None or not _installed([uv, "pip", "install", "--quiet", "--python", python]):
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        if not _installed([python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]):
            raise SystemExit("error: the locked packages could not be installed; the lines above say why")
    STAMP.write_text(wanted)
    return python


def _installed(command):
    return subprocess.run([*command, "--require-hashes", "-r", str(LOCK)], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
