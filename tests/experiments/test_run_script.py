"""`run.py` leaves a command that is interrupted the time to write down what is finished."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLOW_TO_STOP = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
try:
    print("begun", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(1)
    print("kept", flush=True)
    sys.exit(130)
"""
SCRIPT = f"""
import signal, sys, run
signal.signal(signal.SIGINT, signal.default_int_handler)
run.set_up = lambda: sys.executable
run.CHECKOUT["slow"] = ["-c", {SLOW_TO_STOP!r}]
sys.exit(run.main(["slow"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupted_command_writes_down_what_is_finished():
    command = [sys.executable, "-c", SCRIPT]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout.readline() == "begun\n"
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert (said, process.returncode) == ("kept\n", 130)
