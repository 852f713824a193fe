"""`python -m experiments.compare [RUN RUN] [FILE.csv]`: what two run folders say, and which numbers they were given; without folders the last two."""

import sys

from experiments.compare.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
