"""The explorer as a user starts it, in a process of its own."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 600  # seconds, the first compilation included


class Running:
    """A started explorer: its address and its process."""

    def __init__(self, folder):
        self.log = folder / "log"
        options = ["port=0", "calibration=us_2022q4", f"hydra.run.dir={folder}"]
        command = [sys.executable, "-m", "experiments.explore", *options]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/", self.log.read_text())):
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)
        self.address, self.port = found.group(0), int(found.group(1))

    def memory(self):
        """Resident memory [MiB]; None where the system does not tell."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.is_file():
            return None
        return int(re.search(r"VmRSS:\s+(\d+)", status.read_text()).group(1)) / 1024


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    running = Running(tmp_path_factory.mktemp("explorer"))
    yield running
    running.process.terminate()
    running.process.wait(30)
