"""What must be the same on the scheduler and on every worker, or results could differ, or tasks not be read at all."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Final

from porta.contract import ENGINE
from porta.fingerprint import PACKAGE, fingerprint

PACKAGES: Final = ("porta", "distributed", "numpy", "numba", "isal")
"""Whose versions can show in the bytes of a result or in what Dask's processes say to each other."""

BUILD: Final = fingerprint(sorted(file for kind in ("py", "json") for file in PACKAGE.rglob(f"*.{kind}")))
"""Of this package's code and numbers: its version stays from one build to the next, while the tasks change. Read when
this process reads the code itself, which may be replaced under it."""


def versions() -> dict[str, str]:
    """Return engine, Python, packages' versions and our build of this process, by name."""
    packages = {name: version(name) for name in PACKAGES}
    return {"engine": str(ENGINE), "python": platform.python_version()} | packages | {"build": BUILD}
