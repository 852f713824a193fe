"""Trade in AI equipment, exports and foreign claims, as a block of an economy."""

from model.core.blocks import block
from model.rest_of_world import declarations, trade

REST_OF_WORLD = block(
    "rest_of_world",
    declarations,
    trade,
    eliminated=({}, {}, {"NF": "foreign_claims"}),
)
