"""From a configuration to a job: every number checked, every scenario built, nothing solved."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from omegaconf import OmegaConf

from calibration.inputs import OF_2022, TARGETS_FILE, Inputs, draws_of, load_inputs, made_of
from calibration.numbers.symbols import SymbolError, resolve
from calibration.numbers.tables import TableError
from experiments.request.commands import known_keys
from experiments.request.draws import Draws, existing, read_draws
from experiments.request.errors import InputError, nearest, unknown_key
from experiments.request.ranges import key_of, out_of_range
from experiments.request.rules import REMEMBERING, RuleFile, held, holding, read_rule
from experiments.request.scenarios import build_scenario, name_problems, read_scenarios, scenario_problems, shipped
from experiments.request.schema import Executor, StudyConfig, belief_problems, regime_of, solver_problems
from experiments.request.targets import build_conditions
from model.transition.beliefs.one_view import Surprise
from model.transition.beliefs.regime import Regime
from model.transition.beliefs.regimes import REGIMES
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Settings

CUSTOM = "custom"
DRAWS_USED, DRAWS = (2, 100_000), 200
FREE_KEYS = (
    "parameters",
    "calibration.targets",
    "study.axes",
    "cluster.options",
    "assumed",
    "rule.numbers",
    "policy.objective",
    "policy.frontier",
)


@dataclass(frozen=True)
class Job:
    """All that a run solves; `draws` are those of the calibration around `inputs`, None without bands.

    The baseline follows the targets of `conditions`, if there are some; `rule` is None where it is the calibrated one. `bodies`
    are what scenarios were built from, by name.
    """

    inputs: Inputs
    settings: Settings
    scenarios: tuple[Scenario, ...]
    draws: Draws | None = field(default=None, repr=False)
    beliefs: Regime = field(default_factory=Surprise)
    conditions: Scenario | None = None
    rule: RuleFile | None = None
    rate_is_held: bool = False  # by the rule: the conditions are its path
    bodies: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def scenario_in(self, inputs, scenario):
        """One of the scenarios in an economy with other numbers, of which it may be made too."""
        body = self.bodies.get(scenario.name)
        return scenario if body is None else self.built(scenario.name, body, inputs)

    def built(self, name, body, inputs):
        """The scenario of a mapping, in the economy of `inputs`, as people learn of it and under the rule."""
        return self.under_the_rule(build_scenario(name, body, self.beliefs.foreseen, inputs))

    def under_the_rule(self, scenario):
        """A scenario in which the rate is held too, where the rule holds it."""
        return holding(scenario, self.conditions) if self.rate_is_held else scenario

    @property
    def in_batches(self):
        """Can it be solved together with others? Not where the baseline or its scenarios need more than one view."""
        return self.beliefs.one_view

    def several_views(self, what):
        """Problems of `what`, in the plural, that knows one view of the future, with the beliefs of this job."""
        if not self.in_batches:
            allowed = ", ".join(kind for kind, regime in REGIMES.items() if regime.one_view)
            yield f"beliefs: got {self.beliefs.kind}; {what} cannot be solved where people revise their beliefs on the way; use {allowed}"


def prepare(config):
    """Job of a composed configuration; raises InputError with every problem found."""
    raw = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    known = set(known_keys())
    if problems := [*_nameless(raw)] or [unknown_key(key, known) for key in _keys(raw) if key not in known]:
        raise InputError(problems)
    problems = [*solver_problems(raw["solver"]), *belief_problems(raw["beliefs"])]
    problems += [*_study_problems(raw), *_cluster_problems(raw)]
    settings, beliefs = (None, Surprise()) if problems else (Settings(**raw["solver"]), regime_of(raw["beliefs"]))
    inputs = _collect(problems, lambda: _inputs(raw, beliefs))
    bodies = _collect(problems, lambda: _bodies(raw)) or {}
    scenarios = _each(problems, [partial(build_scenario, *named, beliefs.foreseen, inputs) for named in bodies.items()])
    draws = _collect(problems, lambda: _draws(raw, inputs)) if inputs else None
    asked = raw.get("conditions", {})  # of commands that know them
    given = inputs and (asked.get("name") or asked.get("targets"))
    conditions = _collect(problems, lambda: build_conditions(asked, inputs)) if given else None
    rule = None if problems else read_rule(raw["rule"])
    if fixed := rule and held(rule, inputs, problems):
        problems += _held_problems(raw, rule, conditions)
        scenarios = _each(problems, [partial(holding, s, fixed) for s in scenarios])
    job = Job(inputs, settings, scenarios, draws, beliefs, fixed or conditions, rule, bool(fixed), bodies)
    if settings and inputs:
        every = (*scenarios, job.conditions) if job.conditions else scenarios
        problems += [sentence for scenario in every for sentence in scenario_problems(scenario, inputs, settings)]
    if settings and not problems:
        problems += beliefs.problems(settings)
    problems += _view_problems(job)
    if draws or raw["study"]["name"]:
        problems += job.several_views("studies and bands")
    if problems:
        raise InputError(problems)
    return job


def _held_problems(raw, rule, conditions):
    """Problems of a rule that holds the rate, with the command and with conditions."""
    if "conditions" not in raw:
        yield f"rule: got {rule.name}; only the commands run (with its studies) and contributions can hold the policy rate"
    if conditions:
        yield f"rule: {rule.name} holds what conditions {conditions.name} pin; leave one of them out"


def _view_problems(job):
    """Problems of a job whose beliefs are several views of the future."""
    kind = job.beliefs.kind
    if job.beliefs.surprises_again:
        for name in (s.name for s in job.scenarios if s.permanent):
            yield f"scenario {name}: got a change without `to`; with beliefs={kind} expected one that ends"
    if job.conditions and not job.in_batches:
        which = "rule" if job.rate_is_held else "conditions"
        yield f"{which}: got {job.conditions.name} with beliefs={kind}; expected beliefs with one view of the future"
    if job.inputs and job.inputs.has_news and not job.in_batches:
        yield f"beliefs: got {kind}; calibration={job.inputs.name} has news of its own, expected surprise"


def _study_problems(raw):
    study = raw["study"]
    if study["name"] or study["axes"]:
        return
    for key, usual in asdict(StudyConfig()).items():
        if study[key] != usual:
            yield f"study.{key}: got {study[key]!r}; nothing uses it without study=NAME"


def _cluster_problems(raw):
    cluster = raw["cluster"]
    if not isinstance(cluster["options"] or {}, dict):
        yield f"cluster.options: got {cluster['options']!r}; expected a mapping such as {{num_gpus: 1}}"
    given = ", ".join(f"{key}={value}" for key, value in cluster.items() if value not in (None, Executor.here.value))
    if given and not (raw["study"]["name"] or raw["study"]["axes"]):
        yield f"cluster: got {given}; only the points of a study are solved so, with study=NAME"


def _nameless(tree, where=""):
    """Problems of keys that are not texts, which YAML allows: `{1: 2}`."""
    branches = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, branch in branches:
        if isinstance(tree, dict) and not isinstance(key, str):
            yield f"{where}: got the name {key!r}; expected a text"
        else:
            yield from _nameless(branch, f"{where}.{key}" if where else key)


def _keys(raw, prefix=""):
    for key, branch in raw.items():
        yield prefix + key
        if isinstance(branch, dict) and prefix + key not in FREE_KEYS:
            yield from _keys(branch, f"{prefix}{key}.")


def composed(config, inputs):
    """The configuration in full, as plain data, with the economy's numbers as they are used."""
    raw = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    return {**raw, "economy": _filled(raw["economy"], inputs)}


def _filled(tree, inputs, prefix=""):
    return {
        key: _filled(branch, inputs, f"{prefix}{key}.") if isinstance(branch, dict) else inputs.value(prefix + key)
        for key, branch in tree.items()
        if isinstance(branch, dict) or prefix + key in inputs.parameters
    }


def _collect(problems, build):
    try:
        return build()
    except InputError as error:
        problems += error.sentences
    except (TableError, SymbolError) as error:
        problems.append(str(error))
    return None


def _each(problems, builds):
    found = [_collect(problems, build) for build in builds]
    return tuple(one for one in found if one is not None)


def _inputs(raw, beliefs):
    calibration = raw["calibration"]
    rule, name = read_rule(raw["rule"]), calibration["name"]
    remembering = rule is not None and rule.remembering
    if remembering and made_of(name) is not OF_2022:
        raise InputError(f"rule: {rule.name} needs the two-sector economy of calibration=us_2022q4; got {name}")
    inputs = load_inputs(calibration["targets_file"] or TARGETS_FILE, name, REMEMBERING if remembering else None)
    values = (dict(rule.numbers) if rule else {}) | beliefs.numbers_of_the_economy
    own = dict(_numbers(raw["economy"]))
    values |= own
    problems = [
        f"{key_of(name)}: rule {rule.name} sets it too; set it once" for name in own if rule and name in rule.numbers
    ]
    for key, given in (("calibration.targets", calibration["targets"]), ("parameters", raw["parameters"])):
        if not isinstance(given or {}, dict):
            raise InputError(f"{key}: got {given!r}; expected a mapping of names to numbers, such as {{NAME: 0.3}}")
    for name, value in (calibration["targets"] or {}).items():
        if name not in inputs.targets:
            problems.append(f"calibration.targets.{name}: no such target{nearest(name, inputs.targets)}")
            continue
        values[f"targets.{name}"] = value
    for symbol, value in (raw["parameters"] or {}).items():
        for name, number in resolve(inputs, symbol, value).items():
            if name in values:
                problems.append(f"parameters.{symbol}: also set as {key_of(name)}; set it once")
            values[name] = number
    for name in [name for name in values if name not in inputs.names]:
        problems.append(
            f"{key_of(name)}: calibration={inputs.name} has no such number; only two-sector calibrations have it, us_2022q4 and its views (calibration/two_sector.csv)"
        )
        del values[name]
    problems += out_of_range(inputs, values)
    if problems:
        raise InputError(problems)
    return inputs.with_values({name: float(value) for name, value in values.items()})


def _draws(raw, inputs):
    given = raw["calibration"]["draws"]
    if raw.get("uncertainty", "none") == "none":
        if raw.get("uncertainty") and raw["draws"] is not None:
            raise InputError(f"draws: got {raw['draws']} without bands; expected uncertainty=posterior beside it")
        if given is not None and not raw["study"]["name"]:
            existing(given)  # though nothing is read from it
        return None
    if raw["study"]["name"]:
        raise InputError("uncertainty: got posterior; a study has no bands, use uncertainty=none")
    (low, high), count = DRAWS_USED, DRAWS if raw["draws"] is None else raw["draws"]
    if not low <= count <= high:
        raise InputError(f"draws: got {count}; allowed {low} to {high}")
    return read_draws(given or draws_of(inputs.name), inputs, count)


def _numbers(tree, prefix=""):
    for key, branch in tree.items():
        if isinstance(branch, dict):
            yield from _numbers(branch, f"{prefix}{key}.")
        elif branch is not None:
            yield prefix + key, branch


def _bodies(raw):
    """`{name: body}` of all scenarios that are asked for."""
    problems = []
    named = [(name, _collect(problems, lambda name=name: shipped(name))) for name in raw["scenarios"]]
    named = [(name, body) for name, body in named if body is not None]
    if raw["scenarios_file"]:
        named += read_scenarios(raw["scenarios_file"])
    own = {key: raw[key] for key in ("changes", "targets") if raw[key]}
    if own:
        given = " and ".join(own).capitalize()
        named.append((CUSTOM, {"description": f"{given} given on the command line.", **own}))
    problems += name_problems([name for name, _ in named])
    if problems:
        raise InputError(problems)
    return dict(named)
