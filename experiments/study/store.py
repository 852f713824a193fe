"""The store of a study: parts that are written whole or not at all, and the table they make together."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from experiments.folder.files import read_parquet, write_parquet, write_text
from experiments.request.errors import InputError

PARTS, MADE_OF, LOCK = "parts", "made_of", "lock"
ROWS = "outcome_rows"  # of each point, by which a part knows that its outcomes are all there
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
        return {point for points, _ in self._parts() for point in points["point"].tolist()}

    def write(self, points, outcomes):
        """Keep the answers of a chunk; the same chunk again replaces itself."""
        name = f"{points['point'].min():08d}-{len(points):05d}.parquet"
        write_parquet(outcomes, self.parts / f"outcomes-{name}")
        write_parquet(points.assign(**{ROWS: _rows(points, outcomes)}), self.parts / f"points-{name}")

    def tables(self):
        """`(points, outcomes)` of all parts, in the order of the points."""
        parts = list(self._parts())
        points = pd.concat([points for points, _ in parts]).sort_values("point", ignore_index=True)
        told = [outcomes for _, outcomes in parts if len(outcomes)] or [pd.DataFrame(columns=OUTCOMES)]
        return points, pd.concat(told).sort_values("point", kind="stable", ignore_index=True)

    def _parts(self):
        """`(points, outcomes)` of every whole part; one that is damaged or has lost its outcomes is named and removed."""
        for path in sorted(self.parts.glob("points-*.parquet")):
            beside = path.with_name(path.name.replace("points-", "outcomes-"))
            try:
                points = read_parquet([path])
                outcomes = read_parquet([beside]) if beside.exists() else pd.DataFrame(columns=OUTCOMES)
                whole = (_rows(points, outcomes) == points.pop(ROWS)).all()
            except (duckdb.Error, KeyError):
                whole = False
            if whole:
                yield points, outcomes
            else:
                print(f"{path} is damaged or has lost its outcomes: its points are solved again", flush=True)
                for part in (path, beside):
                    part.unlink(missing_ok=True)

    @contextmanager
    def held(self):
        """Inside, no other process can solve points of this store; raises InputError where one does."""
        with (self.parts / LOCK).open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(
                    f"hydra.run.dir: {self.folder} is being solved by another process; wait for it, or name another folder"
                ) from None
            yield


def _rows(points, outcomes):
    """Number of outcomes of each point, in the order of the points."""
    told = outcomes["point"].value_counts() if len(outcomes) else {}
    return points["point"].map(told).fillna(0).astype(int)
