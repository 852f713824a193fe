"""Both sectors, labour, prices and housing construction, as a block of an economy."""

from model.core.blocks import block
from model.production import ai, declarations, final_good, investment, labour, traditional

PRODUCTION = block(
    "production",
    declarations,
    ai,
    final_good,
    investment,
    labour,
    traditional,
    eliminated=(
        {"qT": "capital_value[traditional]", "qA": "capital_value[ai]"},
        {"KT": "capital[traditional]", "Hs": "housing"},
        {"KA": "capital[ai]"},
    ),
)
