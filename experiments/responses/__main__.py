"""`python -m experiments.responses instrument=NAME size=X`: impulse responses, linear and nonlinear side by side."""

import sys

from experiments.responses.command import main

if __name__ == "__main__":
    sys.exit(main())
