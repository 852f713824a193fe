"""The job of `python -m experiments.explore`: solve the baseline, then answer a browser on this machine until Ctrl-C."""

import threading
import time
from functools import partial
from urllib.parse import parse_qsl

from hydra.core.hydra_config import HydraConfig

from experiments.entry import use_device
from experiments.explore.nearby import Nearby
from experiments.explore.request_queue import RequestQueue
from experiments.explore.server import HOST, Explorer
from experiments.explore.solver import Solver
from experiments.explore.view import read_view, schema_of, stops_of
from experiments.folder.captions import caption_of
from experiments.folder.provenance import economy_of
from experiments.request.build import prepare
from experiments.request.errors import EXIT_NOT_SOLVED, InputError
from model.compute.source import SOURCE

PORTS = (0, 65535)
BELIEFS = ("surprise", "perfect_foresight")  # one for what is announced at once


def explore(config):
    """Serve the page; the exit status."""
    if not PORTS[0] <= config.port <= PORTS[1]:
        raise InputError(f"port: got {config.port}; allowed {PORTS[0]} to {PORTS[1]}, 0 for any that is free")
    job = prepare(config)
    if job.scenarios or config.study.name:
        raise InputError(
            "scenarios: the page makes its own; leave scenarios, changes, targets, scenarios_file and study out"
        )
    if config.parameters:
        raise InputError("parameters: got symbols; the page's own settings use names, set economy.BLOCK.NAME=value")
    if job.beliefs.kind not in BELIEFS:
        raise InputError(f"beliefs: got {job.beliefs.kind}; the page solves {' and '.join(BELIEFS)}")
    use_device(config.device.value)
    stops = stops_of(job.inputs)
    schema = schema_of(stops)
    read_view(schema, dict(parse_qsl(config.setting)))
    solver = Solver(job.inputs, job.settings, stops)
    nearby = Nearby(solver, schema, job.inputs, job.settings)
    queue = RequestQueue(_ahead(solver, nearby))
    overrides = [o for o in HydraConfig.get().overrides.task if not o.startswith(("port=", "setting="))]
    asker = _asker(queue, solver)
    try:
        told = f"{SOURCE} {economy_of(job.inputs, job.settings)}"
        server = Explorer(config.port, schema, stops, overrides, asker, caption_of(job), told, nearby.as_message)
    except OSError as error:
        raise InputError(f"port: {config.port} cannot be used ({error.strerror}); take another, or port=0") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shown = "shows stored answers until" if nearby.told else "waits until"
    setting = f"?{config.setting}" if config.setting else ""
    _say(f"open http://{HOST}:{server.server_port}/{setting}   (Ctrl-C ends); it {shown} the baseline is solved")
    try:
        return _serve(solver, schema, queue)
    except KeyboardInterrupt:
        _say("ended")
        return 0
    finally:
        server.shutdown()
        server.server_close()


def _serve(solver, schema, queue):
    """Solve the baseline and answer requests until Ctrl-C; the exit status."""
    started = time.perf_counter()
    first = solver.solve(read_view(schema, {}))
    if not first.solved.certified:
        _say(f"not solved: {first.solved.certificate['reason']}")
        return EXIT_NOT_SOLVED
    solver.solve(read_view(schema, {"ai_subsidy": 1}))  # compiles nothing new, but is what the first move needs
    _say(f"solved in {time.perf_counter() - started:.0f} s")
    queue.work()
    return 0


def _asker(queue, solver):
    """`ask(view, window, beyond)`: the answer, with its horizon checked if `beyond`."""

    def ask(view, window, beyond):
        return queue.ask(window, partial(solver.checked if beyond else solver.solve, view))

    return ask


def _ahead(solver, nearby):
    """Jobs for idle times: responses of the controls, then economies that a move of one or two stops leads to."""
    yield from nearby.missing()
    for moved in solver.ahead():
        if not solver.knows(moved):
            yield lambda moved=moved: solver.economy(moved)


def _say(line):
    print(line, flush=True)
