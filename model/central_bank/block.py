"""The policy rate, as a block of an economy."""

import model.central_bank.nouns as nouns
from model.central_bank import policy_rule
from model.core.blocks import block

CENTRAL_BANK = block(
    "central_bank",
    nouns,
    policy_rule,
    stages=(policy_rule.decision,),
    eliminated=({}, {}, {"inom": "policy_rate"}),
)
