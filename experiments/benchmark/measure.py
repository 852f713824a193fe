"""Measurements as rows, and the clock they share."""

import os
import platform
import resource
import time
from typing import NamedTuple

import jax
import numpy as np

from model.compute.compile import newly_compiled

REPEATS = 9


class Row(NamedTuple):
    """One figure with its unit and the circumstances that it depends on."""

    measure: str
    value: float
    unit: str
    note: str = ""


def seconds_of(function, *arguments, repeats=REPEATS):
    """Seconds of the first call and the median of `repeats` more, each waited for."""
    seconds = []
    for _ in range(repeats + 1):
        started = time.perf_counter()
        jax.block_until_ready(function(*arguments))
        seconds.append(time.perf_counter() - started)
    return seconds[0], float(np.median(seconds[1:]))


def compile_seconds(function, *arguments):
    """Seconds to trace and to compile a jitted function anew, past the persistent cache."""
    jax.clear_caches()
    started = time.perf_counter()
    lowered = function.lower(*arguments)
    traced = time.perf_counter()
    with newly_compiled():
        program = lowered.compile()
    return program, traced - started, time.perf_counter() - traced


def peak_memory(children=0):
    """Most resident memory so far of this process and of so many `children`, as if all took what the largest took, GiB."""
    own, largest = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + children * largest) / 2**20


def machine():
    """The machine in words."""
    names = [line.partition(":")[2].strip() for line in _processor() if line.startswith("model name")]
    kind = names[0] if names else platform.processor() or platform.machine()
    devices = ", ".join(sorted({device.device_kind for device in jax.devices()}))
    return f"{len(os.sched_getaffinity(0))} cores of {kind}, devices {devices}, JAX {jax.__version__}"


def _processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return lines.read().splitlines()
    except OSError:
        return []
