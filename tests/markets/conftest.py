"""A small market whose numbers every test can change."""

import numpy as np
import pytest

from calibration.markets.inputs import market_parameters
from model.markets.day import Switches
from model.markets.declarations import FLOW
from model.markets.paths import everything_on, quiet_core

CALM = {"bad_news_response": 0.1, "shock_response": 0.05, "variance_persistence": 0.95, "news_size": 3.0}


@pytest.fixture
def p():
    return market_parameters(CALM)


@pytest.fixture
def core():
    """A year in which equity of 95 trillion dollars stands still."""
    return quiet_core(95.0, 0.95, 4)


@pytest.fixture
def nothing():
    return Switches(np.float64(0), np.float64(0), np.zeros(len(FLOW)))


@pytest.fixture
def news_alone(nothing):
    return nothing._replace(fundamentals=np.float64(1))


@pytest.fixture
def everything():
    return everything_on()
