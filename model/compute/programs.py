"""Compiled programs that stay on disk: a process that finds its program there neither traces nor compiles it.

JAX keeps compiled programs too, but to look one up it has to trace and lower it, which takes longer than to load it. Here
the key is all that a program is made of: the source files, the versions of what they call, the machine, and the shapes of the
arguments. A change in any of them makes another program. Trusted are the files that this account wrote, whole, and that the
functions of a process are those of its source: where some were exchanged at run time, what is compiled is not kept.

The compiler keeps one to two cores busy, tracing one: programs that are known to be needed are made `ahead`, in a thread of their own.
"""

import contextlib
import logging
import os
import time
from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, TypeVarTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import serialize_executable

from model.compute.ahead import Ahead, Job
from model.compute.compile import compiled, compiler_options, newly_compiled, setting
from model.compute.source import PACKAGES, SOURCE, changed_at_run_time, digest, source_on_disk
from model.compute.store import Store, one_at_a_time, read, store, write

Static = ParamSpec("Static")
Arguments = TypeVarTuple("Arguments")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)
_ahead = Ahead()

WORTH_A_LINE = 3.0  # seconds


def program(
    factory: Callable[Static, Callable[[*Arguments], Answer]],
) -> "Callable[Static, Program[*Arguments, Answer]]":
    """Make `factory(*static)`, which returns a function of arrays, return that function compiled, the same each time.

    The function may depend on nothing but the source and the `static` arguments: numbers, devices, and objects without
    attributes of their own. With others it is compiled as usual and not kept on disk.
    """
    return _programs_of(factory, light=False)


def light_program(
    factory: Callable[Static, Callable[[*Arguments], Answer]],
) -> "Callable[Static, Program[*Arguments, Answer]]":
    """As `program`, compiled in half the time and without optimisation: for what runs only a few times."""
    return _programs_of(factory, light=True)


def _programs_of(factory: Callable[..., Callable[..., Any]], light: bool) -> Any:
    @wraps(factory)
    @cache
    def made(*static):
        words = [_word(argument) for argument in static]
        kept = None not in words and _ours(factory)
        name = " ".join(map(str, [factory.__module__, factory.__qualname__, *words]))
        return Program(factory(*static), name if kept else None, light)

    return made


class Program(Generic[*Arguments, Answer]):
    """A compiled function of pytrees of arrays; `name` tells it from all others, None if it is not kept on disk."""

    def __init__(self, function: Callable[[*Arguments], Answer], name: str | None, light: bool):
        self._function: Callable[..., Answer] = function
        self._name, self._light = name, light
        self._jitted = compiled(function, light)
        self._ready = {}  # by structure and shapes of the arguments
        self._begun: dict[Any, Job] = {}
        self.lower = self._jitted.lower

    def __call__(self, *arguments: *Arguments) -> Answer:
        if (asked := self._asked(arguments)) is None:
            return self._jitted(*arguments)
        if asked.key not in self._ready:
            self._ready[asked.key] = self._begun_before(asked.key) or self._stored(asked)
        run, answer = self._ready[asked.key]
        return jax.tree.unflatten(answer, run(*asked.leaves))

    def ahead(self, *arguments: *Arguments) -> None:
        """Begin to make the program for arguments of these shapes in another thread; a call that needs it waits for it."""
        asked = self._asked(arguments)
        if asked is not None and asked.key not in self._ready and asked.key not in self._begun:
            shapes = [jax.ShapeDtypeStruct(a.shape, a.dtype, weak_type=_weak(a)) for a in asked.leaves]
            self._begun[asked.key] = _ahead.begin(partial(self._stored, asked._replace(leaves=shapes)), _entry(asked))

    @property
    def in_making(self) -> bool:
        """Is it being made ahead, for arguments of any shapes?"""
        return any(not job.made.done() for job in list(self._begun.values()))

    def _begun_before(self, key):
        """What a job for these shapes makes, None where there is no job; one that failed is not asked again."""
        if (job := self._begun.get(key)) is None:
            return None
        try:
            return _ahead.result(job)
        finally:
            if job.made.done():
                self._begun.pop(key, None)  # another thread may have waited too

    def _asked(self, arguments):
        """What is asked of the store, None where that is not to be used."""
        leaves, tree = jax.tree.flatten(arguments)
        if self._name is None or (kept := store()) is None or _elsewhere(leaves):
            return None
        leaves = [leaf if isinstance(leaf, jax.Array) else np.asarray(leaf) for leaf in leaves]
        key = tree, tuple((leaf.shape, leaf.dtype, _weak(leaf)) for leaf in leaves)
        return _Asked(key, leaves, kept, self._name)

    def _stored(self, asked):
        """`(executable of flat arguments, structure of its answer)`, from disk or newly compiled."""
        entry = _entry(asked)
        if (found := _found(entry, asked.store)) is not None:
            return found
        with one_at_a_time(entry):
            return _found(entry, asked.store) or self._made(asked, entry)

    def _made(self, asked, entry):
        clean = _clean()
        lowered, answer = self._lowered(asked)
        executable = asked.store.executables / digest(
            lowered.as_text(debug_info=False), str(compiler_options(self._light))
        )
        clean = clean and _clean()
        run = _loaded(executable) or _compiled(lowered, executable, _spoken(asked.name))
        if clean:
            numbered = jax.tree.unflatten(answer, range(answer.num_leaves))  # not every structure can be pickled alone
            write(entry, (executable.name, numbered))
        return run, answer

    def _lowered(self, asked):
        """The function of flat arguments, lowered, and the structure of its answer."""
        answers, (tree, _) = [], asked.key

        def flat(*leaves):
            found, answer = jax.tree.flatten(self._function(*jax.tree.unflatten(tree, leaves)))
            answers.append(answer)
            return found

        flat.__name__ = _spoken(asked.name)
        return jax.jit(flat, compiler_options=compiler_options(self._light)).lower(*asked.leaves), answers[-1]


class _Asked(NamedTuple):
    """A program as a call asks for it: `key` is structure and shapes of its arguments, `name` that of the program."""

    key: Any
    leaves: list
    store: Store
    name: str


def _entry(asked):
    """The file that says which executable this is."""
    return asked.store.source / digest(asked.name, *map(str, asked.key))


def _clean():
    """Are the functions of this process those of the source on disk? Else nobody can say which source a program is of."""
    return source_on_disk() == SOURCE and not any(changed_at_run_time())


def _weak(leaf):
    return getattr(leaf, "weak_type", False)


def _spoken(name):
    return name.split()[1].strip("_")


def _found(entry, kept):
    """What a file of the source's folder says of a program: `(executable, structure of its answer)`, or None."""
    if (known := read(entry)) is not None and (run := _loaded(kept.executables / known[0])) is not None:
        return run, jax.tree.structure(known[1])
    return None


def _compiled(lowered, path, name):
    """The executable, kept with its devices; one from JAX's own cache could not be stored again."""
    started = time.perf_counter()
    with newly_compiled():
        run = lowered.compile()
    if (seconds := time.perf_counter() - started) > WORTH_A_LINE:
        log.info("compiled %s in %.0f s, kept for later runs", name, seconds)
    devices = jax.tree.leaves(run.output_shardings)[0].device_set
    write(path, (serialize_executable.serialize(run), sorted(device.id for device in devices)))
    return run


def _loaded(path):
    """The executable in a file; None where there is none that can be used."""
    if (content := read(path)) is None:
        return None
    _prepare_lapack()
    with contextlib.suppress(OSError):  # of root, or just forgotten by another process
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


@cache
def _prepare_lapack():
    """A loaded program calls LAPACK by addresses that JAX looks up when it first lowers such a call."""
    jax.jit(jnp.linalg.inv).lower(np.eye(1))
