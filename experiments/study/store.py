"""The store of a study: parts that are written whole or not at all, and the table they make together."""

from pathlib import Path

import pandas as pd

from experiments.folder.files import read_parquet, write_parquet, write_text
from experiments.folder.lock import held
from experiments.request.errors import InputError
from model.compute.source import digest

PARTS, MADE_OF = "parts", "made_of"
OUTCOMES = ("point", "variable", "label", "quarters", "value", "unit", "difference", "difference_in")


class Store:
    """A folder of parts, each the answers of a chunk of points: outcomes, the digest of all, and `points-*`, which says it is done."""

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
        path = self.parts / f"points-{points['point'].min():08d}-{len(points):05d}.parquet"
        if outcomes.empty:
            _beside(path).unlink(missing_ok=True)
        write_parquet(outcomes, _beside(path))
        unsealed = path.with_suffix(".unsealed")
        write_parquet(points, unsealed)
        write_text(_seal(path), _digest(unsealed, _beside(path)))
        unsealed.replace(path)

    def tables(self):
        """`(points, outcomes)` of all parts, in the order of the points."""
        parts = list(self._parts())
        points = pd.concat([points for points, _ in parts]).sort_values("point", ignore_index=True)
        told = [outcomes for _, outcomes in parts if len(outcomes)] or [pd.DataFrame(columns=OUTCOMES)]
        return points, pd.concat(told).sort_values("point", kind="stable", ignore_index=True)

    def _parts(self):
        """`(points, outcomes)` of every whole part; one whose bytes are not those that were written is named and removed."""
        for path in sorted(self.parts.glob("points-*.parquet")):
            beside, seal = _beside(path), _seal(path)
            if seal.exists() and seal.read_bytes() == _digest(path, beside).encode():
                yield (
                    read_parquet([path]),
                    read_parquet([beside]) if beside.exists() else pd.DataFrame(columns=OUTCOMES),
                )
            else:
                print(f"{path} is damaged or has lost its outcomes: its points are solved again", flush=True)
                for part in (path, beside, seal):
                    part.unlink(missing_ok=True)

    def held(self):
        """Inside, no other process can solve points of this store; raises InputError where one does."""
        return held(self.folder, self.parts)


def _beside(path):
    """The outcomes of a file of points."""
    return path.with_name(path.name.replace("points-", "outcomes-"))


def _seal(path):
    return path.with_suffix(".sha256")


def _digest(points, outcomes):
    return digest(points.read_bytes(), outcomes.read_bytes() if outcomes.exists() else "")
