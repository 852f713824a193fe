"""`python -m calibration.run [overrides]`: estimate, and write the tables of parameters, fit and identification."""

import sys

from experiments.estimation.command import main

if __name__ == "__main__":
    sys.exit(main())
