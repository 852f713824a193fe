"""What is evaluated: a claim in an economy, at the point estimate, at a draw of it, or on the way to the end of a range."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

import numpy as np

from calibration.inputs import Inputs
from calibration.markets.inputs import estimated_names, parameter_rows
from experiments.claims.files import DOSE, MARKETS, ClaimFile
from experiments.claims.scenarios import scenario_of
from experiments.markets.questions import QUESTIONS
from model.compute.source import SOURCE

POINT, DRAW, RANGE = "point", "draw", "range"
CORE = ""  # prefix of the numbers of the economy


@dataclass(frozen=True)
class Case:
    """`kind` says what it is for; `days` are numbers of the daily block that differ, `doses` the sizes of its scenarios."""

    claim: ClaimFile
    inputs: Inputs = field(repr=False)
    kind: str
    days: dict = field(default_factory=dict)
    doses: dict = field(default_factory=dict)

    @property
    def measures(self):
        """Names of the measures that are taken: all at the point estimate, at the ends of ranges those that decide alone."""
        return {POINT: list(self.claim.measures), DRAW: self.claim.banded, RANGE: self.claim.decisive}[self.kind]

    @property
    def questions(self):
        """Questions of days that are answered; what many claims ask of the same paths is answered at once."""
        if self.kind != RANGE:
            return list(QUESTIONS)
        return sorted({question for name in self.measures for question in self.claim.questions_of(name)})

    @property
    def panels(self):
        """Parts of its figure that are drawn."""
        return [] if self.kind == RANGE else self.claim.panels

    def scenarios(self):
        """`{name: Scenario}` that it needs, beside the baseline; None is the baseline of the economy `inputs_of(name)`."""
        names = list(self.claim.scenarios) if self.kind == POINT else self.claim.needed(self.measures, self.panels)
        doses = self.claim.doses | self.doses
        return {name: scenario_of(name, self.claim.scenarios[name], self.inputs, doses) for name in names}

    def inputs_of(self, name):
        """Numbers of the economy in which a scenario is solved."""
        given = self.claim.scenarios.get(name)
        return (
            self.inputs.with_values(given["economy"]) if isinstance(given, dict) and "economy" in given else self.inputs
        )

    def key(self, settings, seed):
        """What tells it from all others, also of other runs: claim, scenarios, numbers, settings, program."""
        content = [self.claim.model_dump_json(), self.kind, self.inputs.tree(), asdict(settings), seed]
        content += [{name: s and asdict(s) for name, s in self.scenarios().items()}, numbers_of_days(self.days), SOURCE]
        return hashlib.sha256(json.dumps(content, default=np.ndarray.tolist).encode()).hexdigest()[:16]


def parted(numbers):
    """`{CORE, MARKETS, DOSE: {name: value}}`: numbers of the core by their full names, the others without their prefix."""
    found = {CORE: {}, MARKETS: {}, DOSE: {}}
    for name, value in numbers.items():
        prefix = next((p for p in (MARKETS, DOSE) if name.startswith(p)), CORE)
        found[prefix][name.removeprefix(prefix)] = value
    return found


def numbers_of_days(moved):
    """All numbers of the daily block with those that are moved."""
    return {name: row.value for name, row in parameter_rows().items()} | moved


class Economies:
    """The economies of a run: what claims, `Draws` and ranges move in `inputs`."""

    def __init__(self, inputs, draws, seed):
        self.inputs, self.draws = inputs, draws
        self._rows, self._seed = parameter_rows(), seed

    def at(self, claim, inputs=None):
        """Inputs of a claim at the point estimate, or at `inputs`, with the numbers it asks for."""
        return (inputs or self.inputs).with_values(parted(claim.economy)[CORE])

    def point(self, claim):
        """The claim at the point estimate."""
        return Case(claim, self.at(claim), POINT, parted(claim.economy)[MARKETS])

    def drawn(self, claim):
        """The claim at every draw: of the calibration or, for one of days, of the daily block; none where draws say nothing."""
        if not claim.draws:
            return []
        if claim.of_days:
            fixed = parted(claim.economy)[MARKETS]
            return [Case(claim, self.at(claim), DRAW, days | fixed) for days in self._days_drawn()]
        return [Case(claim, self.at(claim, e), DRAW) for e in self.draws.economies.values()]

    def toward(self, claim, number, end, share):
        """The claim with the `number`-th of its ranges moved a `share` of the way from the estimate to its `end`, 0 or 1."""
        moved = parted(claim.economy | self.between(claim, number, end, share))
        return Case(claim, self.inputs.with_values(moved[CORE]), RANGE, moved[MARKETS], moved[DOSE])

    def between(self, claim, number, end, share):
        """`{number: value}` a `share` of the way from the estimate to an end of a range."""
        spread = claim.ranges[number]
        return {name: self._between(claim, spread, name, goal, share) for name, goal in spread.values(end).items()}

    def _between(self, claim, spread, name, goal, share):
        start = self.estimate(claim, name)
        value = start * (goal / start) ** share if spread.logarithmic else start + (goal - start) * share
        return float(value)

    def estimate(self, claim, name):
        """Value of a number that a range moves, where the estimate has it."""
        if name.startswith(DOSE):
            return claim.doses[name.removeprefix(DOSE)]
        if name.startswith(MARKETS):
            return claim.economy.get(name, self._rows[name.removeprefix(MARKETS)].value)
        return self.at(claim).value(name)

    def _days_drawn(self):
        """Numbers of the daily block, normal around their estimates, within their ranges."""
        rng = np.random.default_rng(self._seed)
        for _ in range(len(self.draws)):
            yield {
                name: float(np.clip(rng.normal(row.value, row.standard_error), row.low, row.high))
                for name, row in ((name, self._rows[name]) for name in estimated_names())
            }
