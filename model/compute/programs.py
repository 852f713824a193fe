"""Compiled programs that stay on disk: a process that finds its program there neither traces nor compiles it.

JAX keeps compiled programs too, but to look one up it has to trace and lower it, which takes longer than to load it. Here
the key is all that a program is made of: the source files, the versions of what they call, the machine, and the shapes of the
arguments. A change in any of them makes another program. Trusted are the files that this account wrote, whole, and that the
functions of a process are those of its source: where some were exchanged at run time, what is compiled is not kept.
"""

import contextlib
import hashlib
import logging
import os
import pickle
import platform
import shutil
import stat
import sys
import threading
import time
import warnings
from collections.abc import Callable
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, TypeVarTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import serialize_executable

from model.compute.compile import compiled, compiler_options, newly_compiled, setting
from model.compute.source import PACKAGES, SOURCE, changed_at_run_time, digest, source_on_disk

Static = ParamSpec("Static")
Arguments = TypeVarTuple("Arguments")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)

LIBRARIES = ("jax", "jaxlib", "equinox", "numpy")
SETTINGS = ("XLA_FLAGS", "EQX_ON_ERROR")
DIGEST_BYTES = hashlib.sha256().digest_size  # in front of every file
WORTH_A_LINE = 3.0  # seconds
KEPT_SECONDS = 7 * 24 * 3600.0  # after their last use


def program(
    factory: Callable[Static, Callable[[*Arguments], Answer]],
) -> "Callable[Static, Program[*Arguments, Answer]]":
    """Make `factory(*static)`, which returns a function of arrays, return that function compiled, the same each time.

    The function may depend on nothing but the source and the `static` arguments: numbers, devices, and objects without
    attributes of their own. With others it is compiled as usual and not kept on disk.
    """

    make: Callable[..., Callable[[*Arguments], Answer]] = factory

    @wraps(factory)
    @cache
    def made(*static):
        words = [_word(argument) for argument in static]
        kept = None not in words and _ours(factory)
        name = " ".join(map(str, [factory.__module__, factory.__qualname__, *words]))
        return Program(make(*static), name if kept else None)

    return cast(Any, made)


class Program(Generic[*Arguments, Answer]):
    """A compiled function of pytrees of arrays; `name` tells it from all others, None if it is not kept on disk."""

    def __init__(self, function: Callable[[*Arguments], Answer], name: str | None):
        self._function: Callable[..., Answer] = function
        self._name = name
        self._jitted = compiled(function)
        self._ready = {}  # by structure and shapes of the arguments
        self.lower = self._jitted.lower

    def __call__(self, *arguments: *Arguments) -> Answer:
        leaves, tree = jax.tree.flatten(arguments)
        if self._name is None or (store := _store()) is None or _elsewhere(leaves):
            return self._jitted(*arguments)
        leaves = [leaf if isinstance(leaf, jax.Array) else np.asarray(leaf) for leaf in leaves]
        key = tree, tuple((leaf.shape, leaf.dtype, getattr(leaf, "weak_type", False)) for leaf in leaves)
        if key not in self._ready:
            self._ready[key] = self._stored(key, leaves, store, self._name)
        run, answer = self._ready[key]
        return jax.tree.unflatten(answer, run(*leaves))

    def _stored(self, key, leaves, store, name):
        """`(executable of flat arguments, structure of its answer)`, from disk or newly compiled."""
        entry = store.source / digest(name, *map(str, key))
        if (found := _found(entry, store)) is not None:
            return found
        with _one_at_a_time(entry):
            return _found(entry, store) or self._made(key, leaves, store, name, entry)

    def _made(self, key, leaves, store, name, entry):
        lowered, answer = self._lowered(name, key[0], leaves)
        executable = store.executables / digest(lowered.as_text(debug_info=False))
        run = _loaded(executable) or _compiled(lowered, executable, _spoken(name))
        if source_on_disk() == SOURCE and not any(changed_at_run_time()):  # else nobody can say which source it is of
            numbered = jax.tree.unflatten(answer, range(answer.num_leaves))  # not every structure can be pickled alone
            _write(entry, (executable.name, numbered))
        return run, answer

    def _lowered(self, name, tree, leaves):
        """The function of flat arguments, lowered, and the structure of its answer."""
        answers = []

        def flat(*leaves):
            found, answer = jax.tree.flatten(self._function(*jax.tree.unflatten(tree, leaves)))
            answers.append(answer)
            return found

        flat.__name__ = _spoken(name)
        return jax.jit(flat, compiler_options=compiler_options()).lower(*leaves), answers[-1]


def _spoken(name):
    return name.split()[1].strip("_")


def _found(entry, store):
    """What a file of the source's folder says of a program: `(executable, structure of its answer)`, or None."""
    if (known := _read(entry)) is not None and (run := _loaded(store.executables / known[0])) is not None:
        return run, jax.tree.structure(known[1])
    return None


@contextlib.contextmanager
def _one_at_a_time(entry):
    """Processes that want the same program wait for the one that makes it; where nothing can be written all make it."""
    lock = entry.with_name(f".{entry.name}.lock")
    try:
        import fcntl

        handle = os.open(lock, os.O_CREAT | os.O_WRONLY, 0o600)
    except (ImportError, OSError):  # no such locks on Windows
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)


def _compiled(lowered, path, name):
    """The executable, kept with its devices; one from JAX's own cache could not be stored again."""
    started = time.perf_counter()
    with newly_compiled():
        run = lowered.compile()
    if (seconds := time.perf_counter() - started) > WORTH_A_LINE:
        log.info("compiled %s in %.0f s, kept for later runs", name, seconds)
    devices = jax.tree.leaves(run.output_shardings)[0].device_set
    _write(path, (serialize_executable.serialize(run), sorted(device.id for device in devices)))
    return run


def _loaded(path):
    """The executable in a file; None where there is none that can be used."""
    if (content := _read(path)) is None:
        return None
    _prepare_lapack()
    os.utime(path)
    stored, devices = content
    chosen = [device for device in jax.devices() if device.id in devices]
    return serialize_executable.deserialize_and_load(*stored, execution_devices=chosen)


def _elsewhere(leaves):
    """Whether a computation with these is to run on another device than the first."""
    usual = {jax.devices()[0]}
    arrays = (leaf for leaf in leaves if isinstance(leaf, jax.Array))
    return setting("jax_default_device") is not None or any(array.devices() != usual for array in arrays)


def _word(argument):
    """What tells a static argument from others in every process; None if nothing does."""
    if argument is None or isinstance(argument, bool | int | float | str):
        return repr(argument)
    if isinstance(argument, tuple) and all(isinstance(device, jax.Device) for device in argument):
        return str([device.id for device in argument])
    if isinstance(identity := getattr(argument, "identity", None), str):
        return identity
    kind = type(argument)
    plain = _ours(kind) and not getattr(argument, "__dict__", True)
    return f"{kind.__module__}.{kind.__qualname__}" if plain else None


def _ours(thing):
    return thing.__module__.partition(".")[0] in PACKAGES


class _Store(NamedTuple):
    """Executables by what they were compiled from, and for the present source which executable is which program."""

    executables: Path
    source: Path


@cache
def _store():
    """The `_Store` of these libraries and this machine; None if nothing is to be kept on disk."""
    root = setting("jax_compilation_cache_dir")
    if not (root and setting("jax_enable_compilation_cache")) or "://" in root:
        return None
    executables = Path(root) / f"programs-{digest(*_circumstances())}"
    store = _Store(executables, executables / f"source-{SOURCE}")
    try:
        if not store.source.is_dir():
            executables.parent.mkdir(parents=True, exist_ok=True)
            for folder in store:
                folder.mkdir(mode=0o700, exist_ok=True)
            _forget_unused(executables)
        os.utime(store.source)
        for folder in store:
            if not _ours_alone(folder):
                raise PermissionError(f"{folder} can be written by others; remove it or give it to this account alone")
    except OSError as error:
        warnings.warn(f"compiled programs are not kept on disk: {error}", stacklevel=2)
        return None
    return store


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


def _write(path, content):
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


def _read(path):
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


@cache
def _prepare_lapack():
    """A loaded program calls LAPACK by addresses that JAX looks up when it first lowers such a call."""
    jax.jit(jnp.linalg.inv).lower(np.eye(1))
