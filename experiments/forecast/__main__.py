"""`python -m experiments.forecast`: growth, unemployment, inflation and interest rates to come, with fans; score=true scores past forecasts."""

import sys

from experiments.forecast.command import main

if __name__ == "__main__":
    sys.exit(main())
