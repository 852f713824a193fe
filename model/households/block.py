"""Savers and spenders on nine islands of age and skill, as a block of an economy."""

from model.core.axes import GROUP
from model.core.blocks import block
from model.households import declarations, groups

HOUSEHOLDS = block(
    "households",
    declarations,
    groups,
    stages=(groups.logarithmic,),
    eliminated=({}, {}, {f"m_{g}": f"euler[{label}]" for g, label in zip(GROUP.symbols, GROUP.labels, strict=True)}),
)
