"""Files that are written whole or not at all."""

import json
import math
import re

import duckdb

from experiments.request.errors import InputError


def write_parquet(table, path):
    """Write a DataFrame whole or not at all."""
    if table.empty:
        return
    partial = path.with_suffix(".partial")
    with duckdb.connect() as connection:
        connection.register("data", table)
        try:
            connection.execute(f"copy data to {_literal(partial)} (format parquet, compression zstd)")
        except duckdb.IOException as error:
            raise InputError(f"{path}: could not be written: {str(error).splitlines()[0]}") from None
    partial.replace(path)


def read_parquet(paths, query="select * from data"):
    """DataFrame of a query over `data`, the rows of these files, whatever letters their names have."""
    names = ", ".join(_literal(_without_patterns(path)) for path in paths)
    with duckdb.connect() as connection:
        connection.execute(f"create view data as select * from read_parquet([{names}], union_by_name=true)")
        return connection.execute(query).df()


def _literal(path):
    """A path as a text of SQL."""
    quoted = str(path).replace("'", "''")
    return f"'{quoted}'"


def _without_patterns(path):
    """A path whose `*`, `?` and `[` stand for themselves."""
    return re.sub(r"[*?\[]", lambda letter: f"[{letter[0]}]", str(path))


def write_text(path, text):
    """Write a text whole or not at all."""
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def write_json(path, content):
    """Write JSON whole or not at all; what is not a finite number is null."""
    write_text(path, json.dumps(_without_nan(content), indent=1, allow_nan=False))


def _without_nan(content):
    match content:
        case dict():
            return {key: _without_nan(value) for key, value in content.items()}
        case list() | tuple():
            return [_without_nan(value) for value in content]
        case float() if not math.isfinite(content):
            return None
    return content
