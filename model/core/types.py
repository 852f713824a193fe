"""Types of numbers for signatures: `Float[Real, "sector"]` is an array of either library along the axis sector."""

import jax
import numpy as np
from jaxtyping import Float

Real = jax.Array | np.ndarray
Scalar = Float[Real, ""] | float
Numbers = Float[Real, "..."] | float
