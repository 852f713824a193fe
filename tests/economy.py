"""The two-sector economy that most tests are about."""

from model.equilibrium.economy import reference

ECONOMY = reference()
VARIABLES, CARRIED, INSTRUMENTS = ECONOMY.variables, ECONOMY.carried_variables, ECONOMY.instruments


def at_rest():
    """Instruments at their base values."""
    return ECONOMY.at_rest
