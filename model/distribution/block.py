"""The measurement of distribution as a block that nothing depends on."""

import model.distribution.nouns as nouns
from model.core.blocks import block

DISTRIBUTION = block("distribution", nouns)
