"""Cooling of data centres."""

from model.core.types import Scalar
from model.energy.declarations import Instruments, Parameters


def power_usage_effectiveness(p: Parameters, e: Instruments, shadow_price: Scalar) -> Scalar:
    """Metered over useful electricity: falls with the price at elasticity etaC (cooling capital in reduced form)."""
    overhead = (p.base_power_usage_effectiveness - 1) * e.cooling
    return 1 + overhead * (shadow_price / p.base_data_centre_price) ** -p.cooling_elasticity
