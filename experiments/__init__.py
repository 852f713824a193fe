"""What we ask of the model: runs, tables, figures and checks."""

import model  # noqa: F401  (prepares the environment before JAX is imported)
