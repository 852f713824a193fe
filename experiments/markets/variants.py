"""What claims about flows rest on: assets under management, price impact and latent demand, over their ranges."""

import numpy as np
import pandas as pd

from calibration.markets.inputs import parameter_rows
from experiments.markets.questions import Paths, answers
from model.markets.stability import problems

PATHS = 2000
# Of market value a day: a joint estimate on variance ratios; what meets the monthly one, all else as shipped.
LATENT = (0.00074, 0.0014)


def variants(p):
    """`{name: {parameter: value}}`: ranges of parameters.csv around the numbers of `p`."""
    rows = parameter_rows()

    def ends(*names):
        return ({n: getattr(rows[n], end) for n in names} for end in ("low", "high"))

    small, large = ends("volatility_target_assets", "trend_assets")
    scale = float(p.transitory_impact / p.permanent_impact)
    weak, strong = ({"permanent_impact": m, "transitory_impact": scale * m} for m in (1.0, 8.0))
    return {
        "as calibrated": {},
        "assets under management low": small,
        "assets under management high": large,
        "price impact low (1)": weak,
        "price impact high (8)": strong,
        "no Fed-speak": {"speech_size": 0.0},
        **{f"latent demand {100 * size:g} % a day": {"latent_size": size} for size in LATENT},
        "latent demand and assets high": {"latent_size": LATENT[0], **large},
        "assets and impact high": {**large, **strong},
    }


def variant_table(p, core, seed, paths=PATHS):
    """DataFrame with a row a question and a column a variant; one that would explode says so."""
    columns = {}
    for name, moved in variants(p).items():
        here = type(p)(**{f: getattr(p, f) for f in p.__dataclass_fields__} | moved)
        refused = list(problems(here, float(np.exp(core.log_value_before))))
        if refused:
            columns[name] = dict.fromkeys(columns["as calibrated"], f"not simulated: {refused[0]}")
        else:
            columns[name] = answers(Paths(here, core, seed, paths))
    table = pd.DataFrame(columns)
    table.insert(0, "question", table.index)
    return table.reset_index(drop=True)
