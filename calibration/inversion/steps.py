"""What the steps of the inversion hand on."""

from typing import NamedTuple

from jax import Array

from calibration.inversion.energy import Power
from calibration.inversion.households import People, Spent, Wealth
from calibration.inversion.housing import Homes
from calibration.inversion.production import AI, Firms
from calibration.inversion.rest_of_world import Outside


class Steps(NamedTuple):
    """All of the initial steady state, in the order in which it is found."""

    returns: Array  # gross, a quarter (asset,)
    people: People
    power: Power
    ai: AI
    homes: Homes
    outside: Outside
    firms: Firms
    wealth: Wealth
    labour_tax: Array
    spent: Spent
