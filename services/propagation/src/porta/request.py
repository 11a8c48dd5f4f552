"""What may be asked for, whatever it is. Light, since the scheduler imports it."""

from __future__ import annotations

from typing import Protocol, TypeVar


class Request(Protocol):
    """Small, immutable, picklable."""

    @property
    def key(self) -> str:
        """The path and the query without defaults: Redis key, stem of the Dask keys, and route in one."""

    def numbers(self) -> dict[str, int]:
        """Return what it is made of, by name and in the order of its manifest: its constructor's arguments."""


R = TypeVar("R", bound=Request)
