"""Questions of a rule: which of its coefficients may be set, and which variances are to be small."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from experiments.request import rules
from experiments.request.errors import InputError, nearest
from experiments.request.outcomes import SMOOTH, outcome_problems
from experiments.request.question_file import RuleFile, VarianceRow, check_frontier, elsewhere_problems
from experiments.request.ranges import out_of_range
from experiments.request.strict_yaml import read_yaml
from experiments.request.validation import validate
from model.equilibrium.outcomes.register import OUTCOMES

RULES = Path(__file__).parents[2] / "conf" / "rule"
OF_RULES = ("central_bank", "remembered_gap", "government")  # blocks whose numbers are coefficients of rules


@dataclass(frozen=True)
class RuleQuestion:
    """A question that can be put to the economy of its inputs; arrays have one number a coefficient."""

    file: RuleFile
    low: np.ndarray
    high: np.ndarray
    scale: np.ndarray
    compare: tuple[rules.RuleFile, ...]
    raw: dict

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(row.number for row in self.file.coefficients)

    @property
    def variances(self) -> list[VarianceRow]:
        return self.file.objective.variances


def asks_for_a_rule(raw: dict[str, Any]) -> bool:
    """Is the question of coefficients, not of instruments?"""
    return bool(raw.get("coefficients"))


def build_rule_question(raw: dict[str, Any], inputs: Any) -> RuleQuestion:
    """The question of a mapping as in conf/policy/ with coefficients; raises InputError with all that is wrong."""
    file = validate(RuleFile, {key: value for key, value in raw.items() if key != "announced"}, "policy")
    problems = []
    if inputs.economy_name == "reference":
        problems.append("calibration: shocks are estimated for economies that begin in 2023, such as us_2022q4")
    for i, row in enumerate(file.coefficients):
        problems += _coefficient_problems(f"policy.coefficients.{i}", row, inputs)
    for i, row in enumerate(file.objective.variances):
        problems += _variance_problems(f"policy.objective.variances.{i}", row)
    problems += elsewhere_problems(file, inputs)
    compare = [found for name in file.compare if (found := _shipped_rule(name, problems)) is not None]
    if problems:
        raise InputError(problems)
    check_frontier(raw, file.frontier, lambda changed: build_rule_question(changed, inputs))
    rows = file.coefficients
    low, high = (np.array([getattr(row, end) for row in rows]) for end in ("low", "high"))
    scale = np.array([row.scale or row.high - row.low for row in rows])
    return RuleQuestion(file, low, high, scale, tuple(compare), raw)


def _coefficient_problems(where, row, inputs):
    allowed = [name for name in inputs.parameters if name.count(".") == 1 and name.split(".")[0] in OF_RULES]
    if row.number not in allowed:
        yield f"{where}.number: {row.number!r} is no coefficient of a rule{nearest(row.number, allowed)}; expected a number of {', '.join(OF_RULES)}"
    elif not row.low < row.high:
        yield f"{where}: got low {row.low:g} and high {row.high:g}; expected low below high"
    else:
        for end in (row.low, row.high):
            yield from (f"{where}: {sentence}" for sentence in out_of_range(inputs, {row.number: end}))


def _variance_problems(where, row):
    allowed = [o.name for o in OUTCOMES if not o.growth and o.name in SMOOTH]
    yield from outcome_problems(where, row, allowed, "whose variance is known")


def _shipped_rule(name, problems):
    known = sorted(path.stem for path in RULES.glob("*.yaml"))
    if name not in known:
        problems.append(f"policy.compare: no rule {name!r}{nearest(name, known)}; there are {', '.join(known)}")
        return None
    rule = TypeAdapter(rules.RuleFile).validate_python(read_yaml((RULES / f"{name}.yaml").read_text(encoding="utf-8")))
    if rule.remembering or rule.fixed_quarters:
        problems.append(f"policy.compare: {name} is not a rule of the quarter alone; compare it by rule={name}")
        return None
    return rule
