"""How many cores there are to work with."""

from __future__ import annotations

import os


def cores() -> int:
    """The cores of this computer that this process may use: a container, or a job of a cluster, may have fewer than all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # Windows, macOS
