"""The whole economy as four module trees: parameters, instruments, variables and one quarter's objects."""

from typing import NamedTuple

import equinox as eqx
from jax import Array

import model.central_bank.nouns as central_bank
import model.distribution.nouns as distribution
import model.energy.nouns as energy
import model.government.nouns as government
import model.households.nouns as households
import model.portfolio.nouns as portfolio
import model.production.nouns as production
import model.rest_of_world.nouns as rest_of_world
from model.core.fields import Layout


class Parameters(eqx.Module):
    """All numbers of the equations and of measurement; `smoothing` is the eps of the complementarity conditions."""

    production: production.Parameters
    energy: energy.Parameters
    households: households.Parameters
    portfolio: portfolio.Parameters
    government: government.Parameters
    central_bank: central_bank.Parameters
    rest_of_world: rest_of_world.Parameters
    distribution: distribution.Parameters
    smoothing: Array


class Instruments(eqx.Module):
    """Exogenous paths of one quarter."""

    production: production.Instruments
    energy: energy.Instruments
    households: households.Instruments
    portfolio: portfolio.Instruments
    government: government.Instruments
    central_bank: central_bank.Instruments
    rest_of_world: rest_of_world.Instruments


class Variables(eqx.Module):
    """The 73 unknowns of one quarter, in levels."""

    production: production.Variables
    energy: energy.Variables
    households: households.Variables
    portfolio: portfolio.Variables
    government: government.Variables
    central_bank: central_bank.Variables
    rest_of_world: rest_of_world.Variables


class Expectations(NamedTuple):
    """All that agents need to know of the next quarter: 29 numbers."""

    returns: Array  # [gross per quarter] (asset,)
    capital_payoff: Array  # [final goods per unit] (sector,)
    capacity_payoff: Array  # [quarterly GDP per unit] (technology,)
    pipeline_payoff: Array  # [quarterly GDP per unit] (technology,)
    interconnection_payoff: Array  # [quarterly GDP per unit]
    interconnection_pipeline_payoff: Array  # [quarterly GDP per unit]
    spending: Array  # [quarterly GDP per saver] (group,)
    wage_inflation: Array  # [log, relative to target] (skill,)
    price_inflation: Array  # [log, relative to target]

    @property
    def traditional_return(self):
        return self.returns[2]

    @property
    def ai_return(self):
        return self.returns[3]

    @property
    def equity_return(self):
        return self.returns[2:4]


VARIABLES = Layout(Variables)
CARRIED = Layout(Variables, keep=lambda metadata: metadata["carried"])
INSTRUMENTS = Layout(Instruments)
