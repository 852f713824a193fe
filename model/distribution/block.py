"""The measurement of distribution as a block that nothing depends on."""

from model.core.blocks import block
from model.distribution import declarations

DISTRIBUTION = block("distribution", declarations)
