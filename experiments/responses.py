"""`python -m experiments.responses instrument=NAME size=X`: impulse responses, linear and nonlinear side by side."""

import sys

from experiments.entry import command, use_device
from experiments.errors import EXIT_NOT_SOLVED, InputError, nearest

SHOWN = (1, 2, 4, 8, 12, 20, 40)


def main(arguments=None):
    """Run and return the exit status: 0 solved, 1 not solved, 2 bad input."""
    return command("responses", respond, arguments)


def respond(config, folder):
    """One job: responses around the initial steady state to a shock that fades at the rate `persistence`."""
    from experiments.build import prepare
    from model.equilibrium.nouns import INSTRUMENTS

    job = prepare(config)
    if config.instrument not in INSTRUMENTS.symbols:
        known = ", ".join(INSTRUMENTS.symbols)
        raise InputError(
            f"instrument: no instrument {config.instrument!r}{nearest(config.instrument, INSTRUMENTS.symbols)}; there are {known}"
        )
    if not 0 <= config.persistence < 1:
        raise InputError(f"persistence: got {config.persistence:g}; allowed 0 to below 1 [per quarter]")
    use_device(config.device.value)
    from calibration import calibrate
    from experiments.tables.responses import response_table
    from experiments.tables.writing import formatted, write_table
    from model.responses import impulse_responses
    from model.solve import NotSolved

    calibrated = calibrate(smoothing=job.settings.smoothing, inputs=job.inputs)
    try:
        found = impulse_responses(
            calibrated.parameters, calibrated.initial, config.instrument, config.size, config.persistence, job.settings
        )
    except NotSolved as failure:
        print(f"not solved: {failure.outcome.reason}")
        return EXIT_NOT_SOLVED
    table = response_table(calibrated, found)
    caption = (
        f"Responses to {config.instrument} moved by {config.size:g} in the first quarter, fading at {config.persistence:g} a quarter, "
        f"around the initial steady state; calibration reference, horizon {job.settings.horizon} quarters"
    )
    path = write_table(table, folder, "responses", caption)
    shown = table[table.quarters.isin(SHOWN)]
    print(f"{formatted(shown).to_string(index=False)}\n\n{caption}\n\nwritten: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
