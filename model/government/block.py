"""Treasury, taxes, transfers, subsidies and politics, as a block of an economy."""

import model.government.nouns as nouns
from model.core.blocks import block
from model.government import budget, politics

GOVERNMENT = block(
    "government",
    nouns,
    budget,
    politics,
    eliminated=({"tb": "tax_intercept"},),
)
