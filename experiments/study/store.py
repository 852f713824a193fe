"""The store of a study: parts that are written whole or not at all, and the table they make together."""

from pathlib import Path

import duckdb
import pandas as pd

from experiments.errors import InputError
from experiments.files import write_parquet, write_text

PARTS, MADE_OF = "parts", "made_of"
OUTCOMES = ("point", "variable", "label", "quarters", "value", "unit", "difference", "difference_in")


class Store:
    """A folder of parts, each the answers of a chunk of points: `outcomes-*` first, then `points-*`, which says it is done."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.parts = self.folder / PARTS
        self.parts.mkdir(parents=True, exist_ok=True)

    def claim(self, made_of):
        """Note what the parts are made of, a hash; raises InputError where those here are made of something else."""
        note = self.parts / MADE_OF
        found = note.read_text(encoding="utf-8") if note.exists() else None
        if found is None and not self.finished():
            write_text(note, made_of)
        elif found != made_of:
            raise InputError(
                f"hydra.run.dir: {self.folder} has points solved with other options, tables or program "
                f"(got {found}, expected {made_of}); name another folder, or leave it out"
            )

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
        found = _read(outcomes) if outcomes else pd.DataFrame(columns=OUTCOMES)
        points = _read(done).sort_values("point", ignore_index=True)
        return points, found.sort_values("point", kind="stable", ignore_index=True)


def _read(files):
    names = [str(path) for path in files]
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet(?, union_by_name=true)", [names]).df()
