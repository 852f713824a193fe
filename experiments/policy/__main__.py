"""`python -m experiments.policy [QUESTION]`: the best path of chosen instruments for a stated objective, with its certificate."""

import sys

from experiments.policy.command import main

if __name__ == "__main__":
    sys.exit(main())
