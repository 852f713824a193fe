"""Imports of AI equipment, exports, and foreign claims on the United States (E.53)."""

from typing import Any, NamedTuple

from model.core.equations import equation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.rest_of_world.declarations import Instruments, Parameters


class Trade(NamedTuple):
    imports: Real  # [quarterly GDP], what foreigners are paid
    imported_goods: Real  # [quarterly GDP], without the margin of foreign chip makers
    exports: Real  # [quarterly GDP], of goods


def trade(
    p: Parameters,
    e: Instruments,
    lag_claims: Scalar,
    equipment: Scalar,
    goods_in_equipment: Scalar,
    chip_margin: Scalar,
    scale: Scalar,
    trend_growth: Scalar,
) -> Trade:
    """Equipment without copper is imported at a fixed share; foreigners spend back claims above their base.

    A unit of `equipment` takes `goods_in_equipment` and pays a `chip_margin`.
    """
    imported = p.import_share * e.import_share * equipment
    exports = (
        p.base_exports * e.exports * scale + p.claims_response * (lag_claims - p.base_claims * scale) / trend_growth
    )
    return Trade(imported * (goods_in_equipment + chip_margin), imported * goods_in_equipment, exports)


@equation(53, "foreign_claims")
def foreign_claims(p: ByName, now: Any, lead: ByName) -> Scalar:
    """NF / (R_F NF(-1) / Gam + IM - EX - pA EXA) - 1 = 0"""
    rolled = now.foreign_return * now.lag.rest_of_world.foreign_claims / p.production.trend_growth
    sold = now.trade.exports + now.x.production.ai_price * now.ai_exports
    return now.x.rest_of_world.foreign_claims / (rolled + now.trade.imports - sold) - 1
