"""The page in a browser: how soon there is a picture, how soon it follows a slider, how soon that is certified."""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from experiments.benchmark.measure import Row
from experiments.explore.view import SLIDERS

MOVES, PAUSE = 6, 400  # of each control, and milliseconds between them
LONGEST = 600  # seconds until the page is served
ECONOMY = ("ai_speed", "supply_elasticity", "import_share")
SETTLED = "body:not(.solving):not(.predicted):not(.stored):not(.refused)"
MOVE = """([id, step]) => new Promise((done) => {
  const slider = document.getElementById(id);
  const began = performance.now();
  slider.value = Number(slider.value) + step * Number(slider.step);
  slider.dispatchEvent(new Event("input"));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""


def page():
    """Rows of the page of the default calibration; none where no browser is installed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        sync_playwright = None
    if sync_playwright is None or chromium is None:
        print("page: left out; it needs Chromium and the extra browser", flush=True)
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        started = time.perf_counter()
        process, address = _served(Path(folder))
        try:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            yield from _rows(browser.new_page(viewport={"width": 1280, "height": 900}), address, started)
        finally:
            process.terminate()
            process.wait(30)


def _served(folder):
    log = folder / "log"
    command = [sys.executable, "-m", "experiments", "explore", "port=0", f"hydra.run.dir={folder}"]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + LONGEST
    while not (found := re.search(r"http://[\d.]+:\d+/", log.read_text())):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text())
        time.sleep(0.05)
    return process, found.group(0)


def _rows(page, address, started):
    page.goto(address)
    page.wait_for_selector("#charts figure")
    yield Row("page: first picture after the command", time.perf_counter() - started, "s", "a stored baseline")
    page.wait_for_selector(SETTLED, timeout=1000 * LONGEST)
    yield Row("page: first answer of its own", time.perf_counter() - started, "s", "with programs from the cache")
    groups = {"policies": [s.name for s in SLIDERS if s.name != "politics"], "the economy": ECONOMY}
    for group, names in groups.items():
        drawn = [page.evaluate(MOVE, [name, 1 if k % 2 else -1]) for name in names for k in _moves(page)]
        yield Row(
            f"page: from a move of {group} to its drawing",
            statistics.median(drawn),
            "ms",
            f"{len(drawn)} moves, predicted",
        )
    waited = []
    for name in groups["policies"]:
        began = time.perf_counter()
        page.evaluate(MOVE, [name, 1])
        page.wait_for_selector(SETTLED, timeout=1000 * LONGEST)
        waited.append(time.perf_counter() - began)
    yield Row(
        "page: from a move of a policy to its certificate", statistics.median(waited), "s", f"{len(waited)} moves"
    )


def _moves(page):
    for k in range(MOVES):
        page.wait_for_timeout(PAUSE)
        yield k
