"""How this package compiles: three decorators, so that no function is compiled under other rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from numba import config, njit

from porta.fingerprint import PACKAGE, fingerprint

F = TypeVar("F", bound=Callable[..., Any])

SOURCES: Final = (
    *("checkpoint.py", "columns.py", "compiled.py", "contract.json", "contract.py"),
    *("kepler.py", "kernel.py", "model.py", "text.py", "windows.py"),
    *(f"ensembles/{name}.py" for name in ("codes", "counting", "grid", "lanes", "packing", "sampler")),
)
"""Every file with compiled code, or with constants or functions that become part of it."""

_RULES: Final = {"nogil": True, "error_model": "numpy"}


def compiled(function: F) -> F:
    """Compile for IEEE arithmetic as written, without the interpreter lock, kept on disk for other processes.

    numba notices a change of the function's own file only, while constants and subroutines come from others. So the
    folder that it keeps compiled code in is named after all of them. It lies in NUMBA_CACHE_DIR, or where Python keeps
    its own compiled code.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = str(Path(before or PACKAGE / "__pycache__") / f"porta-{fingerprint(SOURCES)}")
    try:
        return njit(cache=True, **_RULES)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # numba finds no folder that it may write to: it works all the same, and compiles each time
        return njit(**_RULES)(function)  # type: ignore[no-any-return]
    finally:
        config.CACHE_DIR = before


def subroutine(function: F) -> F:
    """Compile as a part of every compiled function that calls it."""
    return njit(**_RULES)(function)  # type: ignore[no-any-return]


def inlined(function: F) -> F:
    """Compile as if written in its caller: a constant passed to it stays one. Takes longer than a subroutine."""
    return njit(inline="always", **_RULES)(function)  # type: ignore[no-any-return]
