"""What tables and figures say of themselves: calibration, horizon, beliefs."""

from dataclasses import asdict

from experiments.answer.tables.counterfactual import why_not
from model.core.units import QUARTERS_A_YEAR, quarter_label

LASTING = (
    ". Under a change for ever the central bank follows a natural rate of its own, under one that ends the baseline's"
)

FEW_DRAWS = 20  # of which a twentieth is one


def caption_of(job):
    """What every table and figure says of itself."""
    s = job.settings
    asked = job.conditions is not None and not job.rate_is_held
    followed = f"conditions {job.conditions.name}" if asked else "AI catches up, no policy change"
    rule = f" Rule of the central bank: {_rule_of(job)}." if job.rule else ""
    lasting = LASTING if any(s.permanent for s in job.scenarios) else ""
    return (
        f"{calibration_of(job)}. Horizon {s.horizon} quarters from {job.inputs.economy.units.quarter_label(0)}, "
        f"terminal condition {s.terminal}, smoothing {s.smoothing:g}. Beliefs: {beliefs_of(job)}.{rule} Baseline: {followed}; "
        f"quantities without the trend of {trend_of(job.inputs):.3g} % a year{lasting}"
    )


def _rule_of(job):
    """The rule, with how long a rate is held."""
    if not job.rate_is_held:
        return job.rule.name
    last = quarter_label(job.rule.fixed_quarters - 1)
    return f"{job.rule.name} ({job.rule.fixed_rate:g} % to {last}, then as calibrated)"


def trend_of(inputs):
    """The trend growth of an economy [% a year]."""
    return 100 * (inputs.value("production.trend_growth") ** QUARTERS_A_YEAR - 1)


def unfinished(results):
    """What a caption adds after an interruption."""
    return f". Interrupted: not tried {', '.join(results.not_tried)}" if results.not_tried else ""


def bands_caption(config, job, results, answers):
    """What the table and figures of bands say of themselves."""
    refused = [f"{s.name} {why_not(s)}" for s in results.solved if not s.certified]
    refused += [f"{name}: {reason}" for name, reason in answers.refusals.items()]
    stopped = f", {len(job.draws)} were asked for" if answers.interrupted else ""
    few = "; with so few the ends of bands lie between single draws" if answers.certified < FEW_DRAWS else ""
    return (
        f"{answers.certified} of {len(answers.draws)} draws of the calibration certified{stopped} "
        f"({config['calibration']['draws'] or job.inputs.name}); baseline in levels, scenarios as differences, each draw from its own baseline{few}. "
        f"{'. '.join([caption_of(job), *refused])}"
    )


def beliefs_of(job):
    """The belief regime in words, with its numbers."""
    listed = ", ".join(f"{key.replace('_', ' ')} {value:g}" for key, value in asdict(job.beliefs).items())
    return job.beliefs.kind.replace("_", " ") + (f" ({listed})" if listed else "")


def calibration_of(job):
    """The calibration in words, with the file of targets that is not shipped and every number that was moved."""
    moved = ", ".join(f"{name} = {value:g}" for name, value in job.inputs.moved.items())
    start = "US 2025" if job.inputs.economy_name == "reference" else "US 2022, with news of AI at dates since"
    data = f"targets of {job.inputs.targets_file}" if job.inputs.targets_file else start
    return f"Calibration: {job.inputs.name} ({data}){'; moved: ' + moved if moved else ''}"
