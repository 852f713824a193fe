"""Trade in AI equipment, exports and foreign claims, as a block of an economy."""

import model.rest_of_world.nouns as nouns
from model.core.blocks import block
from model.rest_of_world import trade

REST_OF_WORLD = block(
    "rest_of_world",
    nouns,
    trade,
    eliminated=({}, {}, {"NF": "foreign_claims"}),
)
