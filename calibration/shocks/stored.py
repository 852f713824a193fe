"""The stored estimate of the shocks of the default economy."""

from functools import cache

import numpy as np
import pandas as pd
from jaxtyping import Float

from calibration.shocks.estimate import Numbers, numbers_of
from calibration.shocks.tables import FOLDER, priors


@cache
def estimate() -> pd.DataFrame:
    """By name: mode, mean, 5th and 95th percentile of each number."""
    return pd.read_csv(FOLDER / "estimate.csv", index_col="name").loc[[p.name for p in priors()]]


@cache
def draws() -> Float[np.ndarray, "draws numbers"]:
    """Draws of the posterior, numbers in the order of the priors."""
    return pd.read_csv(FOLDER / "draws.csv")[[p.name for p in priors()]].to_numpy()


def numbers_at_mode() -> Numbers:
    """`Numbers` at the posterior mode."""
    return numbers_of(estimate()["mode"].to_numpy())


def usual(shock: str) -> tuple[float, float]:
    """Persistence and standard deviation of a shock."""
    mode = dict(zip(estimate().index, estimate()["mode"].to_numpy(float), strict=True))
    return mode[f"persistence.{shock}"], mode[f"deviation.{shock}"]
