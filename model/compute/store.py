"""The files of compiled programs: written whole, by one process at a time, and read only where nobody else could have written them."""

import contextlib
import hashlib
import os
import pickle
import platform
import shutil
import stat
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import jax

from model.compute.compile import compiler_options, setting
from model.compute.source import SOURCE, digest

LIBRARIES = ("jax", "jaxlib", "equinox", "numpy")
SETTINGS = ("XLA_FLAGS", "EQX_ON_ERROR")
DIGEST_BYTES = hashlib.sha256().digest_size  # in front of every file
KEPT_SECONDS = 7 * 24 * 3600.0  # after their last use


class Store(NamedTuple):
    """Executables by what they were compiled from, and for the present source which executable is which program."""

    executables: Path
    source: Path


@cache
def store() -> Store | None:
    """The `Store` of these libraries and this machine; None if nothing is to be kept on disk."""
    root = setting("jax_compilation_cache_dir")
    if not (root and setting("jax_enable_compilation_cache")) or "://" in root:
        return None
    executables = Path(root) / f"programs-{digest(*_circumstances())}"
    found = Store(executables, executables / f"source-{SOURCE}")
    try:
        if not found.source.is_dir():
            executables.parent.mkdir(parents=True, exist_ok=True)
            for folder in found:
                folder.mkdir(mode=0o700, exist_ok=True)
            _forget_unused(executables)
        os.utime(found.source)
        for folder in found:
            if not _ours_alone(folder):
                raise PermissionError(f"{folder} can be written by others; remove it or give it to this account alone")
    except OSError as error:
        warnings.warn(f"compiled programs are not kept on disk: {error}", stacklevel=2)
        return None
    return found


def _forget_unused(folder):
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process forgets too
            if path.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _circumstances():
    yield "files with a digest"
    yield sys.version
    yield from (f"{library} {version(library)}" for library in LIBRARIES)
    yield from (f"{name}={os.environ.get(name)}" for name in SETTINGS)
    yield " ".join(str(setting(f"jax_{name}")) for name in ("enable_x64", "default_matmul_precision", "debug_nans"))
    yield str([(device.platform, device.device_kind, device.id) for device in jax.devices()])
    yield str(compiler_options())
    yield platform.machine() + platform.processor() + _processor()


def _processor():
    """What the processor can do; a program for one that can do more would break."""
    lines = Path("/proc/cpuinfo")
    text = lines.read_text(encoding="utf-8") if lines.is_file() else ""
    return next((line for line in text.splitlines() if line.startswith(("flags", "Features"))), "")


def write(path: Path, content: Any) -> None:
    """All or nothing, whoever else writes."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        raw = pickle.dumps(content)
        beside.touch(mode=0o600)
        beside.write_bytes(hashlib.sha256(raw).digest() + raw)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        warnings.warn(f"a compiled program is not kept on disk: {error}", stacklevel=2)


def read(path: Path) -> Any:
    """The content of a file of the store; None where it is missing, damaged or can be written by others."""
    try:
        if not _ours_alone(path):
            warnings.warn(f"{path} can be written by others: compiled again", stacklevel=2)
            return None
        whole = path.read_bytes()
    except FileNotFoundError:
        return None
    told, raw = whole[:DIGEST_BYTES], whole[DIGEST_BYTES:]
    if hashlib.sha256(raw).digest() != told:
        warnings.warn(f"{path} is damaged: compiled again", stacklevel=2)
        return None
    return pickle.loads(raw)


def _ours_alone(path):
    """Does the file or folder belong to this account, and can nobody else write it? Reading it runs what is in it."""
    status = path.stat()
    mine = not hasattr(os, "getuid") or status.st_uid in (os.getuid(), 0)
    return mine and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _lock_of(entry):
    return entry.with_name(f".{entry.name}.lock")


def in_making(entry: Path) -> bool:
    """Is a process at it?"""
    try:
        handle = os.open(_lock_of(entry), os.O_WRONLY)
    except OSError:
        return False
    try:
        return not _flock(handle, wait=False)
    finally:
        os.close(handle)


@contextlib.contextmanager
def one_at_a_time(entry: Path) -> Iterator[None]:
    """Processes that want the same program wait for the one that makes it; where nothing can be written all make it."""
    lock = _lock_of(entry)
    handle = _locked(lock)
    try:
        yield
    finally:
        if handle is not None:
            lock.unlink(missing_ok=True)
            os.close(handle)


def _locked(path):
    """The file, open, with its lock; None where files cannot be written or locked, as on Windows and some network folders."""
    while True:
        try:
            handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        except OSError:
            return None
        if not _flock(handle, wait=True):
            os.close(handle)
            return None
        with contextlib.suppress(FileNotFoundError):
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        os.close(handle)  # who had the lock before has unlinked the file


def _flock(handle, wait):
    """Has the lock been taken?"""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True
