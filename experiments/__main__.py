"""`python -m experiments COMMAND [overrides]`: a command by its short name."""

import sys

from experiments.commands import main

if __name__ == "__main__":
    sys.exit(main())
