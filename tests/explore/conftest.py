"""The explorer as a user starts it, in a process of its own, and its page in a browser."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 600  # seconds, the first compilation included
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENT = 120_000  # [milliseconds] for what takes a second on a quiet machine
SOLVED = "body:not(.solving):not(.predicted):not(.refused):not(.stored) #charts figure"


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


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, explorer):
    """A page at the explorer, which fails the test if anything is asked of another machine or written to the console."""
    context = browser.new_context(viewport=DESKTOP, accept_downloads=True)
    context.set_default_timeout(PATIENT)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(explorer.address)
    page.wait_for_selector(SOLVED, timeout=1000 * PATIENCE)
    yield page
    assert {urlsplit(url).netloc for url in asked} == {f"127.0.0.1:{explorer.port}"}
    assert said == []
    context.close()


def press(page, slider, key, times):
    """Move a slider by keyboard and wait for its answer."""
    page.focus(f"#{slider}")
    for _ in range(times):
        page.keyboard.press(key)
    page.wait_for_selector(SOLVED)


def numbers(page):
    """The table of the page as `{outcome: [text]}`."""
    rows = page.locator("#numbers tbody tr").all()
    return {
        row.locator("th").get_attribute("data-outcome"): [cell.inner_text() for cell in row.locator("td").all()[1:]]
        for row in rows
    }


def curves(page):
    """The lines of all charts."""
    return page.eval_on_selector_all("#charts svg path", "paths => paths.map((path) => path.getAttribute('d'))")
