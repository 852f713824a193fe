"""Where the search for the posterior mode of shocks starts, and which of several modes it takes."""

from types import SimpleNamespace

import numpy as np

from calibration.shocks.estimate import bound, drawn_from_prior
from calibration.shocks.tables import priors
from experiments.estimation.shocks import STARTS, highest_mode

DRAWS = 400


def test_starts_have_the_moments_of_their_priors(rng):
    drawn = np.array([bound(drawn_from_prior(rng)) for _ in range(DRAWS)])
    for prior, values in zip(priors(), drawn.T, strict=True):
        values = np.log(values / prior.mean) + prior.mean if prior.distribution == "lognormal" else values
        assert abs(values.mean() - prior.mean) < 5 * prior.deviation / np.sqrt(DRAWS), prior.name
        assert abs(values.std() / prior.deviation - 1) < 0.25, prior.name


def test_the_highest_of_several_modes_is_taken_and_one_without_a_value_is_not():
    falls = iter([3.0, np.nan, -7.0, 2.0, *np.full(STARTS, 5.0)])
    starts = []

    def mode(start):
        starts.append(start)
        return SimpleNamespace(fun=next(falls), jac=np.zeros(2))

    assert highest_mode(SimpleNamespace(mode=mode), lambda line: None).fun == -7.0
    assert starts[0] is None and len(starts) == STARTS + 1
