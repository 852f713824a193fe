"""Compilation: one place for the compiler's options."""

from functools import cache

import jax

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
