"""What is evaluated: a claim in an economy, at the point estimate, at a draw of it, or on the way to the end of a range."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

import numpy as np

from calibration.inputs import Inputs
from calibration.markets.inputs import estimated_names, parameter_rows
from experiments.claims.files import MARKETS, ClaimFile
from experiments.claims.scenarios import scenario_of
from model.compute.source import SOURCE

POINT, DRAW, RANGE = "point", "draw", "range"


@dataclass(frozen=True)
class Case:
    """`kind` says what it is for; `days` are numbers of the daily block that differ."""

    claim: ClaimFile
    inputs: Inputs = field(repr=False)
    kind: str
    days: dict = field(default_factory=dict)

    @property
    def measures(self):
        """Names of the measures that are taken: all at the point estimate."""
        return list(self.claim.measures) if self.kind == POINT else self.claim.decisive

    def scenarios(self):
        """`{name: Scenario}` that it needs, beside the baseline."""
        names = self.claim.needed(self.kind == POINT)
        return {name: scenario_of(name, self.claim.scenarios[name], self.inputs) for name in names}

    def key(self, settings, seed):
        """What tells it from all others, also of other runs: claim, scenarios, numbers, settings, program."""
        content = [self.claim.model_dump_json(), self.kind == POINT, self.inputs.tree(), asdict(settings), seed]
        content += [{name: asdict(s) for name, s in self.scenarios().items()}, numbers_of_days(self.days), SOURCE]
        return hashlib.sha256(json.dumps(content, default=np.ndarray.tolist).encode()).hexdigest()[:16]


def numbers_of_days(moved):
    """All numbers of the daily block with those that are moved."""
    return {name: row.value for name, row in parameter_rows().items()} | moved


class Economies:
    """The economies of a run: what claims, `Draws` and ranges move in `inputs`."""

    def __init__(self, inputs, draws, seed):
        self.inputs, self.draws = inputs, draws
        self._rows, self._seed = parameter_rows(), seed

    def at(self, claim):
        """Inputs of a claim at the point estimate, with the numbers it asks for."""
        return self.inputs.with_values(claim.economy)

    def announced_at_once(self, claim):
        """The claim at the estimate as it is solved in batches, to be compared with the ends of ranges."""
        return Case(claim, self.at(claim), RANGE)

    def point(self, claim):
        """The claim at the point estimate."""
        return Case(claim, self.at(claim), POINT)

    def drawn(self, claim):
        """The claim at every draw: of the calibration or, for one of days, of the estimate of the daily block.

        Nothing where draws say nothing, or where people are surprised each quarter, which is not solved in batches.
        """
        if not claim.draws or claim.beliefs != "surprise":
            return []
        if claim.of_days:
            return [Case(claim, self.at(claim), DRAW, days) for days in self._days_drawn()]
        return [Case(claim, e.with_values(claim.economy), DRAW) for e in self.draws.economies.values()]

    def toward(self, claim, number, end, share):
        """The claim with the `number`-th of its ranges moved a `share` of the way from the estimate to its `end`, 0 or 1."""
        moved = self.between(claim, number, end, share)
        if claim.ranges[number].of_days:
            return Case(claim, self.at(claim), RANGE, {n.removeprefix(MARKETS): v for n, v in moved.items()})
        return Case(claim, self.at(claim).with_values(moved), RANGE)

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
        if name.startswith(MARKETS):
            return self._rows[name.removeprefix(MARKETS)].value
        return self.at(claim).value(name)

    def _days_drawn(self):
        """Numbers of the daily block, normal around their estimates, within their ranges."""
        rng = np.random.default_rng(self._seed)
        for _ in range(len(self.draws)):
            yield {
                name: float(np.clip(rng.normal(row.value, row.standard_error), row.low, row.high))
                for name, row in ((name, self._rows[name]) for name in estimated_names())
            }
