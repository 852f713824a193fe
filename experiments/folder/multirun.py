"""The table of several runs with a folder each."""

from pathlib import Path

from experiments.folder.files import write_text

YEARS = "years.csv"


def write_joint_table(jobs):
    """Put the tables of years of a sweep's jobs into one, with what told the jobs apart as columns; its path, None for fewer than two.

    `jobs` are `(folder, overrides)`, overrides as `KEY=VALUE`.
    """
    import pandas as pd

    solved = [(Path(folder), dict(o.lstrip("+~").partition("=")[::2] for o in given)) for folder, given in jobs]
    solved = [(folder, given) for folder, given in solved if (folder / YEARS).is_file()]
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
