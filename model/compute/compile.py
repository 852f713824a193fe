"""Compilation: one place for the compiler's options."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import jax
from jax.experimental.compilation_cache.compilation_cache import reset_cache

# On CPU the newer fusion emitters take twice the compile time and give slower code for these many-small-axes programs.
_CPU_OPTIONS = {"xla_cpu_use_fusion_emitters": False}


@cache
def compiler_options() -> dict[str, bool] | None:
    """Options for `jax.jit`, those that this version of JAX knows."""
    try:
        jax.jit(lambda: 0, compiler_options=_CPU_OPTIONS)()
    except Exception as error:
        if "xla_cpu_use_fusion_emitters" not in str(error):
            raise
        return None
    return _CPU_OPTIONS


def compiled(function: Callable[..., Any]) -> jax.stages.Wrapped:
    """`jax.jit` with the project's compiler options, resolved at the first call."""
    return jax.jit(function, compiler_options=compiler_options())


def setting(name: str) -> Any:
    """A setting of JAX, which its type of settings does not list."""
    return getattr(jax.config, name)


@contextmanager
def newly_compiled() -> Iterator[None]:
    """Inside, JAX compiles anew instead of taking programs from its cache on disk."""
    used = setting("jax_enable_compilation_cache")
    _use_cache(False)
    try:
        yield
    finally:
        _use_cache(used)


def _use_cache(used):
    jax.config.update("jax_enable_compilation_cache", used)
    reset_cache()  # which otherwise stays as it was when first used
