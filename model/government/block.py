"""Treasury, taxes, transfers, subsidies and politics, as a block of an economy."""

from model.core.blocks import block
from model.government import budget, declarations, politics

GOVERNMENT = block(
    "government",
    declarations,
    budget,
    politics,
    eliminated=({"tb": "tax_intercept"},),
)
