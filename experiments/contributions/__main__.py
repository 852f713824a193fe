"""`python -m experiments.contributions scenarios=[NAME]`: what each component of a scenario contributes, by Shapley value."""

import sys

from experiments.contributions.command import main

if __name__ == "__main__":
    sys.exit(main())
