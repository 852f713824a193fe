"""The command `policy`: put a question to the economy, write the best policy with its certificate, and say what it gains."""

import sys
import time
from pathlib import Path

from experiments.entry import command, use_device
from experiments.request.errors import EXIT_NOT_SOLVED, InputError

STARTS, MOST_DRAWS = (1, 64), 100


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 no certified answer, 2 bad input."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and "=" not in given[0] and not given[0].startswith("-"):
        key = "policy_file" if given[0].endswith((".yaml", ".yml")) else "policy"
        given = [f"{key}={given[0]}", *given[1:]]
    return command("policy", policy, given)


def policy(config, folder):
    """One job: the best policy of one question."""
    from experiments.request.build import prepare
    from experiments.request.policies import build_question
    from experiments.request.rule_questions import asks_for_a_rule

    job = prepare(config)
    problems = [*_problems(config, job)]
    if problems:
        raise InputError(problems)
    asked = _asked(config)
    if asks_for_a_rule(asked):
        return _rule(config, job, asked, Path(folder))
    question = build_question(asked, job.inputs, job.settings)
    if config.reoptimise.value == "yearly" and all(control.last is None for control in question.controls):
        raise InputError(
            "reoptimise: got yearly, and all that is set is for ever; expected a control with `to`, or reoptimise=never"
        )
    draws = _draws(config, job)
    use_device(config.device.value)
    from experiments.answer.baseline import certified_baseline
    from experiments.policy.answer import answered, people_of, planned
    from experiments.policy.written import write_answer
    from model.policy.finish import NoAnswer
    from model.transition.solutions import NotSolved

    started = time.perf_counter()
    baseline = certified_baseline(config, job, folder)
    if baseline is None:
        return EXIT_NOT_SOLVED
    try:
        plan = planned(question, baseline, people_of(job.inputs, job.settings.smoothing))
        answer = answered(question, plan, config.starts, _say)
        return write_answer(config, job, answer, draws, Path(folder), started, _say)
    except NotSolved as failure:
        _say(f"{question.during.name}: not solved: {failure}")
    except NoAnswer as reason:
        _say(f"policy {question.name}: no answer: {reason}")
    return EXIT_NOT_SOLVED


def _rule(config, job, asked, folder):
    """The best coefficients of a rule; returns the exit status."""
    from experiments.request.rule_questions import build_rule_question

    if config.reoptimise.value != "never":
        raise InputError(f"reoptimise: got {config.reoptimise.value}; a rule is kept, expected never")
    question = build_rule_question(asked, job.inputs)
    use_device(config.device.value)
    from experiments.policy.rules import answered_rule
    from experiments.policy.rules_written import write_rule
    from model.policy.finish import NoAnswer

    started = time.perf_counter()
    try:
        answer = answered_rule(question, job.inputs, config.starts, _say)
        return write_rule(config, job, answer, folder, started, _say)
    except NoAnswer as reason:
        _say(f"policy {question.name}: no answer: {reason}")
        return EXIT_NOT_SOLVED


def _asked(config):
    """The question of a file of the user, or that of the configuration."""
    from omegaconf import OmegaConf

    from experiments.request.question_file import read_question

    if config.policy_file:
        return read_question(config.policy_file)
    raw = OmegaConf.to_container(config.policy, resolve=True)
    return {key: value for key, value in raw.items() if value not in (None, [], {})}


def _problems(config, job):
    low, high = STARTS
    if not low <= config.starts <= high:
        yield f"starts: got {config.starts}; allowed {low} to {high}"
    if not 0 <= config.draws <= MOST_DRAWS:
        yield f"draws: got {config.draws}; allowed 0 to {MOST_DRAWS}"
    if config.policy_file and (given := [o for o in _overrides() if o.lstrip("+~").startswith("policy.")]):
        yield f"policy_file: got {config.policy_file} and {', '.join(given)}; expected the file alone: write the change into it"
    if job.scenarios:
        yield "scenarios: a question of policy has its own; name one that the economy goes through with policy.during=NAME"
    if job.inputs.economy_name == "reference" and config.draws:
        yield "draws: calibration reference came without draws; leave draws out"
    yield from job.several_views("questions of policy")


def _overrides():
    """What was given on the command line."""
    from hydra.core.hydra_config import HydraConfig

    return HydraConfig.get().overrides.task if HydraConfig.initialized() else ()


def _draws(config, job):
    from calibration.inputs import draws_of
    from experiments.request.draws import read_draws

    if not config.draws:
        return {}
    path = config.calibration.draws or draws_of(job.inputs.name)
    return read_draws(path, job.inputs, config.draws).economies


def _say(line):
    print(line, flush=True)
