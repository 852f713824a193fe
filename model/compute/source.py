"""What the program is: a digest of its source, as it was when the program started and as it is on disk now."""

import dis
import hashlib
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import SourceFileLoader
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType
from typing import cast

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("model", "calibration", "experiments")


def digest(*texts: str | bytes) -> str:
    """Hash of texts or bytes, in order."""
    together = hashlib.sha256()
    for text in texts:
        raw = text if isinstance(text, bytes) else text.encode()
        together.update(len(raw).to_bytes(8, "big") + raw)
    return together.hexdigest()


def source_on_disk(suffix: str = ".py") -> str:
    """Digest of all files with that suffix: `.py` has the program, `.csv` the tables that it comes with."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob(f"*{suffix}")))
    return digest(*(part for path in files for part in (str(path.relative_to(ROOT)), path.read_bytes())))


SOURCE = source_on_disk()


def changed_at_run_time() -> Iterator[str]:
    """Names of functions and plain constants of loaded modules that are not those of their source: somebody has set others.

    It does not see methods, closures, arrays and other objects.
    """
    for name in [name for name in list(sys.modules) if name.partition(".")[0] in PACKAGES]:
        functions, constants = _defined(name)
        here = vars(sys.modules[name])
        for key, code in functions.items():
            found = inspect.unwrap(here[key]) if callable(here.get(key)) else None
            if isinstance(found, FunctionType) and found.__code__ != code:
                yield f"{name}.{key}"
        for key, value in constants.items():
            if type(here.get(key)) is not type(value) or here[key] != value:
                yield f"{name}.{key}"


@cache
def _defined(module):
    """`(code of functions, constants)` by name, as the file of a module defines them."""
    code = cast(CodeType, SourceFileLoader(module, inspect.getfile(sys.modules[module])).get_code(module))
    functions = {part.co_name: part for part in code.co_consts if isinstance(part, CodeType)}
    steps = list(dis.get_instructions(code))
    stored = {b.argval: a.argval for a, b in pairwise(steps) if a.opname == "LOAD_CONST" and b.opname == "STORE_NAME"}
    return functions, {name: value for name, value in stored.items() if not name.startswith("__")}
