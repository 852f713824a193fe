"""Treasury and Fed plumbing that reaches the core only through the spread on liquid assets (MODEL section 10, S2)."""

import numpy as np

SPREAD_AT_SCARCITY = 0.0005 / 4  # 5 basis points a year
ADEQUATE_RESERVES = 0.09  # of annual GDP
SCARCITY_WIDTH = 0.01  # of annual GDP


def reserve_scarcity_spread(reserves):
    """`a softplus((R* - Res) / w)`, net per quarter, for bank reserves as a share of annual GDP."""
    return SPREAD_AT_SCARCITY * np.logaddexp(0.0, (ADEQUATE_RESERVES - np.asarray(reserves)) / SCARCITY_WIDTH)
