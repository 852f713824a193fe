"""`python -m experiments.responses instrument=NAME size=X`: impulse responses, linear and nonlinear side by side."""

import math
import time

from experiments.entry import command, use_device
from experiments.request.errors import EXIT_NOT_SOLVED, InputError
from experiments.request.instruments import symbol_of, unknown_instrument

SHOWN = (1, 2, 4, 8, 12, 20, 40)


def main(arguments=None):
    """Run and return the exit status: 0 solved, 1 not solved, 2 bad input."""
    return command("responses", respond, arguments)


def respond(config, folder):
    """One job: responses around the initial steady state to a shock that fades at the rate `persistence`."""
    from experiments.request.build import composed, prepare

    job = prepare(config)
    problems = list(_problems(config, job))
    if problems:
        raise InputError(problems)
    use_device(config.device.value)
    from calibration import calibrate
    from experiments.answer.certificate import certified_solution
    from experiments.answer.results import announce
    from experiments.answer.tables.responses import response_table
    from experiments.answer.tables.writing import formatted, write_table
    from experiments.folder.captions import calibration_of
    from experiments.folder.record import write_certificate, write_configuration
    from model.transition.derivatives.responses import impulse_responses
    from model.transition.solutions import NotSolved

    started = time.perf_counter()
    calibrated = calibrate(smoothing=job.settings.smoothing, inputs=job.inputs)
    try:
        given = calibrated.economy, calibrated.parameters, calibrated.initial
        symbol = symbol_of(config.instrument, job.inputs)
        found = impulse_responses(*given, symbol, config.size, config.persistence, job.settings)
    except NotSolved as failure:
        print(f"not solved: {failure.outcome.reason}")
        return EXIT_NOT_SOLVED
    rest, shocked = (
        certified_solution(found.rest, solution, solution.name, "") for solution in (found.rest.solution, found.shocked)
    )
    for solved in (rest, shocked):
        announce(solved, print)
    full = composed(config, job.inputs)
    write_configuration(folder, full)
    write_certificate(folder, full, (rest, shocked), time.perf_counter() - started)
    if not (rest.certified and shocked.certified):
        return EXIT_NOT_SOLVED
    table = response_table(found, rest, shocked)
    caption = (
        f"Responses to {config.instrument} moved by {config.size:g} in the first quarter, of which {config.persistence:g} is left after each quarter, "
        f"around the initial steady state; horizon {job.settings.horizon} quarters. {calibration_of(job)}"
    )
    path = write_table(table, folder, "responses", caption)
    shown = table[table.quarters.isin(SHOWN)]
    print(f"{formatted(shown).to_string(index=False)}\n\n{caption}\n\nwritten: {path}")
    return 0


def _problems(config, job):
    if symbol_of(config.instrument, job.inputs) is None:
        yield f"instrument: {unknown_instrument(config.instrument, job.inputs)}"
    if config.size == 0 or not math.isfinite(config.size):
        yield f"size: got {config.size:g}; expected a finite number other than 0, in the unit of the instrument"
    if not 0 <= config.persistence < 1:
        yield f"persistence: got {config.persistence:g}; allowed 0 to below 1 [per quarter]"
    if job.scenarios:
        yield "scenarios: a response is to one instrument; leave scenarios, changes, targets and scenarios_file out"
    yield from job.several_views("responses")
