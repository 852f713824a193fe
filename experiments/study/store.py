"""The store of a study: parts that are written whole or not at all, and the table they make together."""

from pathlib import Path

import duckdb
import pandas as pd

from experiments.folder import write_parquet

PARTS = "parts"


class Store:
    """A folder of parts, each the answers of a chunk of points: `outcomes-*` first, then `points-*`, which says it is done."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.parts = self.folder / PARTS
        self.parts.mkdir(parents=True, exist_ok=True)

    def finished(self):
        """Numbers of the points that have an answer."""
        files = sorted(self.parts.glob("points-*.parquet"))
        return set() if not files else set(_read(files)["point"].tolist())

    def write(self, points, outcomes):
        """Keep the answers of a chunk; the same chunk again replaces itself."""
        name = f"{points['point'].min():08d}-{len(points):05d}.parquet"
        write_parquet(outcomes, self.parts / f"outcomes-{name}")
        write_parquet(points, self.parts / f"points-{name}")

    def tables(self):
        """`(points, outcomes)` of all parts, in the order of the points."""
        done = sorted(self.parts.glob("points-*.parquet"))
        outcomes = [
            path for part in done if (path := part.with_name(part.name.replace("points-", "outcomes-"))).exists()
        ]
        points = _read(done).sort_values("point", ignore_index=True)
        return points, _read(outcomes).sort_values(
            "point", kind="stable", ignore_index=True
        ) if outcomes else pd.DataFrame()


def _read(files):
    names = [str(path) for path in files]
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet(?, union_by_name=true)", [names]).df()
