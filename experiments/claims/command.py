"""The job of `python -m experiments.claims`: every claim at the estimate, at draws and at the ends of ranges, then the verdicts."""

import time
from dataclasses import dataclass
from pathlib import Path

from calibration.inputs import draws_of
from experiments.claims.cases import Economies
from experiments.claims.evaluate import Evaluator
from experiments.claims.files import read_claims
from experiments.claims.flips import find_flips
from experiments.claims.results import write_results
from experiments.claims.tables import printed_verdicts
from experiments.claims.verdict import NOT_SOLVED, verdict
from experiments.entry import use_device
from experiments.folder.lock import held
from experiments.folder.record import write_configuration
from experiments.report.build import build_report
from experiments.request.build import composed, prepare
from experiments.request.draws import Draws, read_draws
from experiments.request.errors import EXIT_INTERRUPTED, EXIT_NOT_SOLVED, InputError

MOST_DRAWS = 100_000
EVALUATIONS = "evaluations"


@dataclass(frozen=True)
class Answered:
    """All by claim number: verdicts, evaluations at the estimate and at draws, solved paths and when they are announced."""

    claims: list
    verdicts: dict
    points: dict
    drawn: dict
    paths: dict  # {scenario: Solved}
    announced: dict  # {scenario: quarter}


def run_claims(config, folder):
    """Answer the claims, write tables, data and report; the exit status."""
    claims = read_claims(list(config.claims))
    job = prepare(config)
    if job.scenarios or config.study.name:
        raise InputError(
            "scenarios: claims bring their own; leave scenarios, changes, targets, scenarios_file and study out"
        )
    if job.beliefs.kind != "surprise":
        raise InputError(f"beliefs: got {job.beliefs.kind}; each claim has its own in conf/claim/; leave beliefs out")
    _refuse_fixed_numbers(claims, job.inputs)
    _refuse_unknown_numbers(claims, job.inputs)
    draws = _draws(config, job.inputs)
    use_device(config.device.value)
    folder = Path(folder)
    evaluations = folder / EVALUATIONS
    evaluations.mkdir(parents=True, exist_ok=True)
    with held(folder, evaluations):
        return _run_in(folder, config, claims, job, draws)


def _run_in(folder, config, claims, job, draws):
    """Answer and write in a folder that this process holds; the exit status."""
    started = time.perf_counter()
    evaluator = Evaluator(job.inputs, job.settings, config.seed, folder / EVALUATIONS, _say)
    write_configuration(folder, composed(config, job.inputs))
    _say(f"{len(claims)} claims in {folder}")
    try:
        answered = _answer(claims, Economies(job.inputs, draws, config.seed), evaluator)
    except KeyboardInterrupt:
        _say("interrupted: what is finished is kept; the same command goes on from there")
        return EXIT_INTERRUPTED
    seconds = time.perf_counter() - started
    write_results(folder, config, job, answered, {"claims": seconds, "solved_in_this_run": evaluator.solved_now})
    print(f"\n{printed_verdicts(answered)}\n")
    page = build_report(folder)
    _say(f"{len(claims)} claims in {seconds:.0f} s\nreport: {page}")
    unsolved = [c.number for c in claims if answered.verdicts[c.number].word == NOT_SOLVED]
    return EXIT_NOT_SOLVED if unsolved else 0


def _refuse_fixed_numbers(claims, inputs):
    """Raise InputError if a number was moved that a claim fixes."""
    sentences = [
        f"{name}: got {inputs.moved[name]:g}; claim {claim.number} is about an economy with {fixed:g} (conf/claim/{claim.file}): "
        f"leave the number out, or ask for other claims with claims=[...]"
        for claim in claims
        for name, fixed in claim.economy.items()
        if inputs.moved.get(name, fixed) != fixed
    ]
    if sentences:
        raise InputError(sentences)


def _refuse_unknown_numbers(claims, inputs):
    """Raise InputError if a claim moves a number that this economy does not have."""
    sentences = [
        f"claims: {claim.number} moves {name}, which calibration {inputs.name} does not have: ask for other claims with claims=[...]"
        for claim in claims
        for name in claim.core_numbers
        if name not in inputs.names
    ]
    if sentences:
        raise InputError(sentences)


def _draws(config, inputs):
    if not 0 <= config.draws <= MOST_DRAWS:
        raise InputError(f"draws: got {config.draws}; allowed 0 to {MOST_DRAWS}")
    path = config.calibration.draws or draws_of(inputs.name)
    if not config.draws or path is None:
        _say("without draws: neither bands nor probabilities")
        return Draws({})
    found = read_draws(path, inputs, config.draws)
    for note in found.notes:
        _say(note)
    return found


def _answer(claims, economies, evaluator):
    estimates = [economies.point(claim) for claim in claims]
    found, paths = evaluator.point(estimates)
    points = dict(zip((c.number for c in claims), found, strict=True))
    flips = find_flips(claims, points, economies, evaluator)
    cases = {c.number: [] if points[c.number].reason else economies.drawn(c) for c in claims}
    answers = iter(evaluator.evaluate([case for found in cases.values() for case in found], "draws"))
    drawn = {number: [next(answers) for _ in found] for number, found in cases.items()}
    verdicts = {c.number: verdict(c, points[c.number], drawn[c.number], flips[c.number]) for c in claims}
    announced = {c.claim.number: {n: s.announced for n, s in c.scenarios().items() if s} for c in estimates}
    return Answered(claims, verdicts, points, drawn, paths, announced)


def _say(line):
    print(line, flush=True)
