"""Asset demand, returns, values and premia, as a block of an economy."""

from model.core.axes import PREMIUM_ASSET, TREND_ASSET, Axis
from model.core.blocks import block
from model.portfolio import declarations, demand, returns


def by_label(stem: str, row: str, axis: Axis) -> dict[str, str]:
    return {f"{stem}{s}": f"{row}[{label}]" for s, label in zip(axis.symbols, axis.labels, strict=True)}


PORTFOLIO = block(
    "portfolio",
    declarations,
    demand,
    returns,
    eliminated=({**by_label("x", "premium", PREMIUM_ASSET), **by_label("r", "reference_valuation", TREND_ASSET)},),
)
