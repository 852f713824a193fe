"""The policy rate, as a block of an economy."""

from model.central_bank import declarations, policy_rule
from model.core.blocks import block

CENTRAL_BANK = block(
    "central_bank",
    declarations,
    policy_rule,
    stages=(policy_rule.decision,),
    eliminated=({}, {}, {"inom": "policy_rate"}),
)
