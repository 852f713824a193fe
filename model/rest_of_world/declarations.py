"""What the rest of the world is made of."""

import equinox as eqx
from jax import Array

from model.core.fields import instrument, parameter, unknown


class Parameters(eqx.Module):
    base_claims: Array = parameter("NF0", "[quarterly GDP]")
    base_exports: Array = parameter("EX0", "[quarterly GDP]")
    claims_response: Array = parameter("kapF", "[per quarter]")
    import_share: Array = parameter("mimp", "[share of AI equipment]")


class Instruments(eqx.Module):
    import_share: Array = instrument("imp", "[multiple of the imported share]", 1.0)
    exports: Array = instrument(
        "EXs",
        "[multiple of exports of goods]",
        1.0,
        note="net of other imports: in the default economy -0.2 % of GDP, so that a multiple above one lowers them",
    )


class Variables(eqx.Module):
    foreign_claims: Array = unknown("NF", "[quarterly GDP, end of quarter]", log=True, carried=True)
