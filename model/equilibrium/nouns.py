"""The two-sector economy and its layouts, by name."""

from model.equilibrium.economy import two_sector

ECONOMY = two_sector()
VARIABLES, CARRIED, INSTRUMENTS = ECONOMY.variables, ECONOMY.carried_variables, ECONOMY.instruments
