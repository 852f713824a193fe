"""The order in which a quarter's unknowns follow from one another, given last quarter and what is expected of the next.

Each equation named here holds, of this quarter's unknowns, only its own, those found before and those of the core, which
are not named and solved together. `Block` describes structure, not meaning: a wrong entry shows at once as Newton steps
that do not contract.
"""

from model.core.equations import REGISTER
from model.equilibrium.nouns import VARIABLES
from model.solvers.block_triangular import Block

VALUES_AND_STOCKS = {
    "qT": "E.14", "qA": "E.16",
    "xB": "E.22", "xT": "E.23", "xA": "E.24", "xH": "E.25", "xC": "E.26",
    "rT": "E.28", "rA": "E.29", "rH": "E.30", "rC": "E.31",
    "tb": "E.51",
    "K_gas": "E.54", "K_nuc": "E.55", "K_vre": "E.56",
    "qK_gas": "E.60", "qK_nuc": "E.61", "qK_vre": "E.62",
    "qU_gas": "E.63", "qU_nuc": "E.64", "qU_vre": "E.65",
    "G": "E.66", "X": "E.68", "qX": "E.70", "qUX": "E.71",
}  # fmt: skip
FROM_VALUES = {"KT": "E.13", "UX": "E.69", "Hs": "E.27", "pcu": "E.72"}
FROM_COPPER_AND_HOUSING = {
    "KA": "E.15", "U_gas": "E.57", "U_nuc": "E.58", "U_vre": "E.59", "UG": "E.67", "inom": "E.73", "NF": "E.53",
    "m_YL": "E.41", "m_YM": "E.42", "m_YH": "E.43",
    "m_ML": "E.44", "m_MM": "E.45", "m_MH": "E.46",
    "m_OL": "E.47", "m_OM": "E.48", "m_OH": "E.49",
}  # fmt: skip


def _explicit(equations):
    tags = [row.split()[0] for row in REGISTER.rows]
    return Block(tuple(map(tags.index, equations.values())), tuple(map(VARIABLES.index, equations)))


def _rest(blocks):
    rows = set(range(len(VARIABLES))).difference(*(b.rows for b in blocks))
    columns = set(range(len(VARIABLES))).difference(*(b.columns for b in blocks))
    return Block(tuple(sorted(rows)), tuple(sorted(columns)))


def blocks():
    """The blocks of the economy in order, the core last; needs all equations registered."""
    explicit = tuple(map(_explicit, (VALUES_AND_STOCKS, FROM_VALUES, FROM_COPPER_AND_HOUSING)))
    return *explicit, _rest(explicit)
