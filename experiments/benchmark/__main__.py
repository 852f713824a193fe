"""`python -m experiments.benchmark [PART ...]`: a table of times and rates, in Markdown and JSON."""

import json
import sys
from datetime import date
from pathlib import Path

from experiments.request.errors import EXIT_BAD_INPUT, nearest

FOLDER = Path("outputs") / "benchmark"
LONG = ("dynare_interpreted", "large")


def main(arguments=None):
    """Measure the named parts, by default all but those of many minutes; returns the exit status."""
    from experiments.benchmark import batches, gradients, page, paths, peers

    parts = {
        "path": paths.single_path,
        "iteration": paths.parts_of_an_iteration,
        "horizon": paths.horizons,
        "gradient": gradients.gradient_cost,
        "policy": gradients.policy_slopes,
        "batch": batches.batches,
        "economies": batches.economies,
        "sweep": batches.sweep,
        "page": page.page,
        "dynare": peers.dynare,
        "gpu": peers.gpu,
        "dynare_interpreted": peers.dynare_interpreted,
        "large": batches.large_sweep,
    }
    chosen = arguments or [name for name in parts if name not in LONG]
    unknown = [name for name in chosen if name not in parts]
    if unknown:
        print(
            f"error: no part {unknown[0]!r}{nearest(unknown[0], parts)}; there are {', '.join(parts)}", file=sys.stderr
        )
        return EXIT_BAD_INPUT
    rows = []
    for name in chosen:
        for row in parts[name]():
            rows.append(row)
            print(f"{row.measure}: {row.value:.4g} {row.unit}{'; ' + row.note if row.note else ''}", flush=True)
    _write(rows)
    return 0


def _write(rows):
    import pandas as pd

    from experiments.benchmark.measure import machine

    FOLDER.mkdir(parents=True, exist_ok=True)
    heading = f"Measured on {date.today():%Y-%m-%d}, {machine()}. Medians of warm calls; seconds depend on the machine, ratios less."
    table = pd.DataFrame(rows)
    table["value"] = [f"{v:.4g}" for v in table["value"]]
    (FOLDER / "benchmark.md").write_text(f"{heading}\n\n{table.to_markdown(index=False)}\n", encoding="utf-8")
    content = {"heading": heading, "rows": [row._asdict() for row in rows]}
    (FOLDER / "benchmark.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
    print(f"\nwritten: {FOLDER / 'benchmark.md'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
