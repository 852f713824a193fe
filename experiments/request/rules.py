"""What the central bank follows in the place of the calibrated rule: files in conf/rule/."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from experiments.request.errors import InputError
from experiments.request.targets import TargetRow, build_targets
from experiments.request.validation import validate
from model.core.units import FIRST_SHOWN, quarter_index, quarter_label
from model.transition.scenarios.scenario import Scenario

REMEMBERING = "two_sector_remembering"  # the economy whose rule may follow the past


class RuleFile(BaseModel):
    """A file in conf/rule/: `numbers` of the economy by name, or a rate [% a year] that is held for some quarters."""

    model_config = ConfigDict(extra="forbid")
    name: str
    description: str
    source: str
    remembering: bool = False
    numbers: dict[str, float] = {}
    fixed_quarters: int | None = Field(default=None, ge=1, le=80)
    fixed_rate: float | None = None


def read_rule(raw: dict[str, Any]) -> RuleFile | None:
    """The rule of a configuration, None where it is the calibrated one; raises InputError."""
    given = {key: value for key, value in raw.items() if value not in (None, "", {})}
    return validate(RuleFile, given, "rule") if given.get("name") else None


def determinacy(rule: RuleFile, certificate: dict[str, Any]) -> str:
    """A sentence on the rule and its number of stable paths; a baseline that is certified has one."""
    found = f"{certificate['stable_roots']} stable roots for {certificate['predetermined']} unknowns"
    until = f" after {rule.fixed_quarters} quarters at {rule.fixed_rate:g} %" if rule.fixed_quarters else ""
    return f"rule {rule.name}: {rule.description.strip()} One stable path{until}: {found}."


def held(rule: RuleFile, inputs: Any, problems: list[str]) -> Scenario | None:
    """Targets that hold the policy rate, as a scenario without changes; None for a rule that is a rule."""
    if rule.fixed_quarters is None:
        return None
    row = TargetRow.model_validate(
        {
            "outcome": "policy_rate_annual",
            "values": [rule.fixed_rate] * rule.fixed_quarters,
            "from": FIRST_SHOWN,
            "moves": "policy_rate",
        }
    )
    targets = build_targets([row], "rule", inputs, problems)
    return Scenario(rule.name, rule.description, (), quarter_index(FIRST_SHOWN), targets)


def holding(scenario: Scenario, fixed: Scenario) -> Scenario:
    """A scenario in which the rate is held too, from its announcement on; raises InputError where it moves the rate itself."""
    still = []
    for target in fixed.targets:
        held_to = target.first + len(target.values) - 1
        movers = {symbol for mover in target.movers for symbol in mover.instruments}
        if any(c.instrument in movers and c.first <= held_to for c in scenario.changes):
            raise InputError(
                f"rule: {fixed.name} holds the policy rate to {quarter_label(held_to)}, and scenario {scenario.name} moves it; leave one of them out"
            )
        late = max(0, scenario.announced - target.first)
        if late < len(target.values):
            still.append(replace(target, values=target.values[late:], first=target.first + late))
    return replace(scenario, targets=(*scenario.targets, *still))
