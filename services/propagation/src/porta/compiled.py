"""How this package compiles: one decorator, so that no function is compiled under other rules."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile for IEEE arithmetic exactly as written, without the interpreter lock, kept on disk for the next process."""
    return njit(nogil=True, cache=True, error_model="numpy")(function)  # type: ignore[no-any-return]


def inlined(function: F) -> F:
    """Compile as a part of every compiled function that calls it."""
    return njit(nogil=True, error_model="numpy", inline="always")(function)  # type: ignore[no-any-return]
