"""Rules of claims: what refutes one, and what must hold for the model to speak."""

from pydantic import BaseModel, ConfigDict, model_validator

KNIFE_EDGE = 0.1  # of the number in a rule: what lies nearer to it is not told apart from it


class Strict(BaseModel):
    """A part of a file in which nothing else may stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Strict):
    """Holds if the measure lies below, or above, a number."""

    measure: str
    below: float | None = None
    above: float | None = None

    @model_validator(mode="after")
    def _has_one_bound(self):
        if (self.below is None) == (self.above is None):
            raise ValueError("expected either below or above")
        return self

    @property
    def bound(self):
        return self.below if self.above is None else self.above

    def distance(self, value):
        """How far the claim is from this refutation: negative where the condition holds."""
        return value - self.below if self.above is None else self.above - value


class Rule(Strict):
    """Refutes the claim if all, or any, of the conditions hold."""

    all: list[Condition] = []
    any: list[Condition] = []

    @model_validator(mode="after")
    def _has_conditions(self):
        if bool(self.all) == bool(self.any):
            raise ValueError("expected either all or any")
        return self

    @property
    def conditions(self):
        return [*self.all, *self.any]

    def deciding(self, values):
        """The condition that decides whether the rule holds, `values` by measure."""
        choose = max if self.all else min
        return choose(self.conditions, key=lambda c: c.distance(values[c.measure]))

    def distance(self, values):
        """Negative where the rule holds; its size is in the units of the deciding measure."""
        deciding = self.deciding(values)
        return deciding.distance(values[deciding.measure])

    def knife_edge(self, values):
        """Does the answer lie so near to the number in the rule that it cannot be told from it?"""
        deciding = self.deciding(values)
        return abs(deciding.distance(values[deciding.measure])) <= KNIFE_EDGE * abs(deciding.bound)


class Credible(Rule):
    """What must hold for the model to be able to speak, in words and on measures."""

    says: str
