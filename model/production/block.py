"""Both sectors, labour, prices and housing construction, as a block of an economy."""

from model.core.blocks import block
from model.production import ai, chip_limit, declarations, final_good, investment, labour, traditional

PRODUCTION = block(
    "production",
    declarations,
    ai,
    chip_limit,
    final_good,
    investment,
    labour,
    traditional,
    stages=(chip_limit.sold_at_cost,),
    eliminated=(
        {"qT": "capital_value[traditional]", "qA": "capital_value[ai]"},
        {"KT": "capital[traditional]", "Hs": "housing"},
        {"KA": "capital[ai]"},
    ),
)

WITHOUT_CHIP_LIMIT = PRODUCTION._replace(
    equations=tuple(e for e in PRODUCTION.equations if e.function is not chip_limit.gpu_limit), stages=()
)
