"""Imports of AI equipment, exports, and foreign claims on the United States (E.53)."""

from typing import NamedTuple

from jax import Array

from model.core.equations import equation


class Trade(NamedTuple):
    imports: Array  # [quarterly GDP]
    exports: Array  # [quarterly GDP]


def trade(p, e, lag_claims, equipment, scale, trend_growth):
    """Equipment without copper is imported at a fixed share; foreigners spend back claims above their base."""
    imports = p.import_share * e.import_share * equipment
    return Trade(
        imports, p.base_exports * scale + p.claims_response * (lag_claims - p.base_claims * scale) / trend_growth
    )


@equation(53, "foreign_claims")
def foreign_claims(p, now, lead):
    """NF / (R_F NF(-1) / Gam + IM - EX) - 1 = 0"""
    rolled = now.foreign_return * now.lag.rest_of_world.foreign_claims / p.production.trend_growth
    return now.x.rest_of_world.foreign_claims / (rolled + now.trade.imports - now.trade.exports) - 1
