"""What must be the same on the scheduler and on every worker, or results could differ, or tasks not be read at all."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Final

from porta.contract import ENGINE

PACKAGES: Final = ("porta", "distributed", "numpy", "numba", "isal")
"""Whose versions can show in the bytes of a result or in what Dask's processes say to each other."""


def versions() -> dict[str, str]:
    """Return engine, Python and package versions of this process, by name."""
    return {"engine": str(ENGINE), "python": platform.python_version()} | {name: version(name) for name in PACKAGES}
