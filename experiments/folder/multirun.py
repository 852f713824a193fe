"""The table of several runs with a folder each."""

from pathlib import Path
from typing import NamedTuple

from experiments.folder.files import write_text

YEARS = "years.csv"


class Job(NamedTuple):
    """A run of a sweep: its folder, its overrides as `KEY=VALUE`, and when it began [s]."""

    folder: str
    overrides: list[str]
    begun: float

    @property
    def has_written(self) -> bool:
        """Is there a table of its own? One that lay there before is of another run."""
        table = Path(self.folder) / YEARS
        return table.is_file() and table.stat().st_mtime >= self.begun


def write_joint_table(jobs):
    """Put the tables of years that a sweep's jobs have written into one, with what told the jobs apart as columns; its path, None for fewer than two."""
    import pandas as pd

    solved = [
        (Path(job.folder), dict(o.lstrip("+~").partition("=")[::2] for o in job.overrides))
        for job in jobs
        if job.has_written
    ]
    if len(solved) < 2:
        return None
    keys = dict.fromkeys(key for _, given in solved for key in given)
    apart = [key for key in keys if len({given.get(key) for _, given in solved}) > 1]
    tables = []
    for folder, given in solved:
        table = pd.read_csv(folder / YEARS)
        for position, key in enumerate(["job", *apart]):
            table.insert(position, key, folder.name if key == "job" else given.get(key, ""))
        tables.append(table)
    path = solved[0][0].parent / YEARS
    write_text(path, pd.concat(tables).to_csv(index=False))
    return path
