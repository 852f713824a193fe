"""Cooling of data centres."""


def power_usage_effectiveness(p, e, shadow_price):
    """Metered over useful electricity: falls with the price at elasticity etaC (cooling capital in reduced form)."""
    overhead = (p.base_power_usage_effectiveness - 1) * e.cooling
    return 1 + overhead * (shadow_price / p.base_data_centre_price) ** -p.cooling_elasticity
