"""All outcomes in the order of the tables, with what is known of each."""

from model.core.axes import GROUP
from model.core.equations import declared
from model.equilibrium.outcomes import activity, distribution, energy, finance, people

OUTCOMES = tuple(o for module in (activity, finance, energy, people) for o in declared(module, "outcome"))
DISTRIBUTION = declared(distribution, "outcome")

LIFE = "% of spending for life over the initial steady state"
PARTS = {"": "", "_from_spending": ", the part of spending", "_from_wealth": ", the part of wealth"}
GAINS = {
    f"{name}{part}": (LIFE + words, axis)
    for name, axis in (("welfare", GROUP), ("welfare_of_all", None))
    for part, words in PARTS.items()
}  # changes themselves: one over another is found by compounding

UNITS = {o.name: (o.unit, o.axis) for o in OUTCOMES} | GAINS | {o.name: (o.unit, o.axis) for o in DISTRIBUTION}
WELFARE = {"welfare": "Welfare", "welfare_of_all": "Welfare of all"}
SAYS = {o.name: o.says for o in OUTCOMES + DISTRIBUTION} | {
    f"{name}{part}": f"{says}{words}" for name, says in WELFARE.items() for part, words in PARTS.items()
}
RENAMED = {o.name: o.shown for o in OUTCOMES + DISTRIBUTION if o.shown != o.name}
POSSIBLE = {o.name: o.possible for o in OUTCOMES + DISTRIBUTION if o.possible}
USUAL = {o.name: o.usual for o in OUTCOMES + DISTRIBUTION if o.usual}


def spoken(outcome: str, label: str | None = None) -> str:
    """An outcome as people call it: `Real wage, low-skilled`."""
    axis = UNITS[outcome][1]
    if not label or axis is None:
        return SAYS[outcome]
    return f"{SAYS[outcome]}, {axis.spoken(label)}"
