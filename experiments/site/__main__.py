"""`python3 run.py docs`: the site, with answers, how-tos, equations and the API reference, into docs/."""

import sys
import warnings

from experiments.site.build import build_site
from experiments.site.reference import write_reference


def main():
    """Write all pages and print the path of the first; 0, or 2 where the tool for the reference is not installed."""
    # The fields of configuration classes are generated from tables: no source line has them.
    warnings.filterwarnings("ignore", "Cannot determine where experiments.request.commands")
    try:
        import pdoc  # noqa: F401
    except ModuleNotFoundError:
        print("error: the site needs the extra dev: pip install '.[dev]' in a checkout", file=sys.stderr)
        return 2
    write_reference()
    print(build_site())
    return 0


if __name__ == "__main__":
    sys.exit(main())
