"""`python -m experiments.history`: shocks read from the data, what each did to growth, inflation and unemployment, and the part of AI."""

import sys

from experiments.history.command import main

if __name__ == "__main__":
    sys.exit(main())
