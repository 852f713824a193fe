"""`python -m experiments.verify`: every case with its expected and found value; exit code 1 if any fails."""

import sys
import time

from experiments.verify.groups import GROUPS

USAGE = (
    "python -m experiments.verify takes no arguments: it holds the solver against closed forms and published numbers"
)
COLUMNS = (68, 22, 22, 10)


def main(arguments=()):
    """Print the table by group and return the exit code."""
    if arguments:
        asked = arguments in (["--help"], ["-h"])
        print(USAGE if asked else f"error: got {' '.join(arguments)}; {USAGE}", file=None if asked else sys.stderr)
        return 0 if asked else 2
    start, failed, total = time.perf_counter(), 0, 0
    print(_line("case", "expected", "got", "error", "pass"))
    for group, cases in GROUPS.items():
        began = time.perf_counter()
        rows = [row for case in cases for row in case()]
        bad = sum(not row.passed for row in rows)
        print(f"\n{group}: {len(rows) - bad} of {len(rows)} pass, {time.perf_counter() - began:.1f} s")
        for row in rows:
            print(
                _line(
                    row.case,
                    f"{row.expected:.12g}",
                    f"{row.got:.12g}",
                    f"{row.error:.1e}",
                    "yes" if row.passed else "NO",
                )
            )
            if not row.passed:
                print(f"    against {row.source}, tolerance {row.tolerance:.0e}")
        failed, total = failed + bad, total + len(rows)
    print(f"\n{total - failed} of {total} pass, {time.perf_counter() - start:.0f} s")
    return 1 if failed else 0


def _line(case, *rest):
    cells = [
        f"{case:<{COLUMNS[0]}}",
        *(f"{cell:>{width}}" for cell, width in zip(rest, COLUMNS[1:], strict=False)),
        rest[-1],
    ]
    return "  ".join(cells)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
