# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the process has used so far, from the operating system."""

import os
import re
import resource
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reading:
    """What the process has used so far.

    Attributes:
        time: When, in seconds of ``perf_counter``.
        cpu_seconds: CPU of all threads, user and system.
        threads: Threads that exist, native ones included.
        memory: Resident bytes.
    """

    time: float
    cpu_seconds: float
    threads: int
    memory: int


def read() -> Reading:
    """Read the meters."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return Reading(
        time=time.perf_counter(),
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        threads=_threads(),
        memory=_memory(),
    )


def _threads() -> int:
    found = re.search(r"^Threads:\s+(\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _memory() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
