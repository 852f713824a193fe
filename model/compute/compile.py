"""Compilation: one place for the compiler's options."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import jax
from jax.experimental.compilation_cache.compilation_cache import reset_cache

# On CPU the newer fusion emitters take twice the compile time and give slower code for these many-small-axes programs.
_CPU_OPTIONS = {"xla_cpu_use_fusion_emitters": False}
# Half the time to compile these programs, and one and a half times that to run them.
_LIGHT_OPTIONS = {"xla_backend_optimization_level": 0}


@cache
def compiler_options(light: bool = False) -> dict[str, Any] | None:
    """Options for `jax.jit`, those that this version of JAX knows; `light` for what runs only a few times."""
    wanted = _CPU_OPTIONS | (_LIGHT_OPTIONS if light and jax.default_backend() == "cpu" else {})
    try:
        jax.jit(lambda: 0, compiler_options=wanted)()
    except Exception as error:
        if not any(name in str(error) for name in wanted):
            raise
        return compiler_options() if light else None
    return wanted


def compiled(function: Callable[..., Any], light: bool = False) -> jax.stages.Wrapped:
    """`jax.jit` with the project's compiler options, resolved at the first call."""
    return jax.jit(function, compiler_options=compiler_options(light))


def setting(name: str) -> Any:
    """A setting of JAX, which its type of settings does not list."""
    return getattr(jax.config, name)


@contextmanager
def newly_compiled() -> Iterator[None]:
    """Inside, JAX compiles anew instead of taking programs from its cache on disk, in all threads."""
    _anew.enter()
    try:
        yield
    finally:
        _anew.leave()


class _Anew:
    """How many threads compile anew, and whether JAX used its cache before the first of them."""

    def __init__(self):
        self._lock, self._inside, self._used = threading.Lock(), 0, False

    def enter(self):
        with self._lock:
            if not self._inside:
                self._used = setting("jax_enable_compilation_cache")
                _use_cache(False)
            self._inside += 1

    def leave(self):
        with self._lock:
            self._inside -= 1
            if not self._inside:
                _use_cache(self._used)


_anew = _Anew()


def _use_cache(used):
    jax.config.update("jax_enable_compilation_cache", used)
    reset_cache()  # which otherwise stays as it was when first used
