"""One process at a time in a folder that a later one goes on with."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

from experiments.request.errors import InputError

LOCK = "lock"


@contextmanager
def held(folder, parts):
    """Inside, no other process can solve for this folder, which keeps finished `parts`; raises InputError where one does."""
    with (Path(parts) / LOCK).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"hydra.run.dir: {folder} is being solved by another process; wait for it, or name another folder"
            ) from None
        yield
