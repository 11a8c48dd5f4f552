"""What the parent loads before it forks."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 2
"""How long threads of the warm-up may take to end."""


def load(preloads: Iterable[str]) -> None:
    """Import the preloads, and all that they will need: a preload says so with a function ``load``."""
    for name in preloads:
        if name.isidentifier() or all(part.isidentifier() for part in name.split(".")):
            getattr(import_module(name), "load", lambda: None)()
    # Children share the parent's memory until either writes to it: the collector is not to touch what is there now.
    gc.collect()
    gc.freeze()


def can_fork() -> bool:
    """Whether this process may be forked: only one without other threads, which could hold locks for ever in a child.

    macOS is out: its system libraries may start threads at any time, and end a forked process that uses them.
    """
    if not sys.platform.startswith("linux"):
        return False
    deadline = time.monotonic() + PATIENCE_S
    while len(threads()) > 1:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def threads() -> list[str]:
    """Return the names of this process's threads as the kernel has them, native ones included (Linux)."""
    return [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
