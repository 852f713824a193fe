"""Compilation: one place for the compiler's options."""

from contextlib import contextmanager
from functools import cache

import jax
from jax.experimental.compilation_cache.compilation_cache import reset_cache

# On CPU the newer fusion emitters take twice the compile time and give slower code for these many-small-axes programs.
_CPU_OPTIONS = {"xla_cpu_use_fusion_emitters": False}


@cache
def compiler_options():
    """Options for `jax.jit`, those that this version of JAX knows."""
    try:
        jax.jit(lambda: 0, compiler_options=_CPU_OPTIONS)()
    except Exception as error:
        if "xla_cpu_use_fusion_emitters" not in str(error):
            raise
        return None
    return _CPU_OPTIONS


def compiled(function):
    """`jax.jit` with the project's compiler options, resolved at the first call."""
    return jax.jit(function, compiler_options=compiler_options())


@contextmanager
def newly_compiled():
    """Inside, JAX compiles anew instead of taking programs from its cache on disk."""
    used = jax.config.jax_enable_compilation_cache
    _use_cache(False)
    try:
        yield
    finally:
        _use_cache(used)


def _use_cache(used):
    jax.config.update("jax_enable_compilation_cache", used)
    reset_cache()  # which otherwise stays as it was when first used
