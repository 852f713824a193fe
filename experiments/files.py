"""Files that are written whole or not at all."""

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
