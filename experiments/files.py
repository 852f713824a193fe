"""Files that are written whole or not at all."""

import json
import math

import duckdb


def write_parquet(table, path):
    """Write a DataFrame whole or not at all."""
    if table.empty:
        return
    partial = path.with_suffix(".partial")
    with duckdb.connect() as connection:
        connection.register("data", table)
        connection.execute(f"copy data to '{partial}' (format parquet, compression zstd)")
    partial.replace(path)


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
