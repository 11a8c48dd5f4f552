"""A flight: one computation in the air, and everyone who waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import orjson

if TYPE_CHECKING:
    from porta.dispatch.graph import Graph
    from porta.dispatch.kinds.kind import Kind
    from porta.request import Request


class Progress(Protocol):
    """How far a computation is. Each kind of request has its own; whoever waits reads it at their own pace."""

    total: int
    done: int
    known: int
    """Of what is done, what was in the cache: it says nothing of how fast computing is."""

    def note(self, how: str, news: Any) -> None:  # noqa: ANN401
        """Take a worker's news. What a second worker does again is none."""

    def restart(self) -> None:
        """Begin to count again: the computation does. What has been shown stays."""

    def news(self, seen: int) -> tuple[dict[str, Any], int]:
        """Return what is new to someone who has ``seen`` so much, and how much they have seen then."""


class Flight:
    """The state of one computation. Waiters read it at their own pace, so that a slow one holds nothing up.

    Attributes
    ----------
    request : what is computed
    kind : and of which kind that is
    id : unlike the key of the request, of this flight alone
    progress : how far it is
    waiters : how many wait for it
    place : its place in line, 1 is next; None from its turn on
    graph : the tasks of the attempt that is under way
    last : the last line for everyone who waits (``ready`` or ``failed``), once there is one
    """

    def __init__(self, kind: Kind[Any], request: Request, identity: str) -> None:
        self.kind = kind
        self.request = request
        self.id = identity
        self.progress: Progress = kind.progress(request)
        self.waiters = 0
        self.place: int | None = None
        self.graph: Graph[Any] | None = None
        self.last: bytes | None = None
        self._started = self._attempted = self._left = time.monotonic()
        self._ended = asyncio.Event()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def deserted(self) -> float:
        """Seconds for which nobody has waited."""
        return 0.0 if self.waiters else time.monotonic() - self._left

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Be one of those who wait."""
        self.waiters += 1
        try:
            yield
        finally:
            self.waiters -= 1
            self._left = time.monotonic()

    def end(self, last: bytes) -> None:
        """Give everyone the last line."""
        self.last = last
        self._ended.set()

    def abandon(self) -> None:
        """Let everyone go without a last line: they will ask again."""
        self._ended.set()

    async def ended(self, timeout: float) -> bool:
        """Wait for the end, at most ``timeout`` seconds. Says whether it has come."""
        try:
            async with asyncio.timeout(timeout):
                await self._ended.wait()
        except TimeoutError:
            return False
        return True

    def begin(self) -> None:
        """Count the pace from now on: the time in line says nothing of how fast computing is."""
        self._attempted = time.monotonic()

    def restart(self) -> None:
        """Tell from now on how far the next attempt is: what the last one did does not count."""
        self.progress.restart()
        self.begin()

    def line(self, seen: int) -> tuple[bytes, int]:
        """Return the line of how far it is, with what is new after ``seen``, and how much is seen then."""
        progress = self.progress
        computed, left = progress.done - progress.known, progress.total - progress.done
        rate = computed / (time.monotonic() - self._attempted) if computed else None
        news, seen = progress.news(seen)
        pace = {"done": progress.done, "total": progress.total, "rate": rate, "eta": left / rate if rate else None}
        place = {} if self.place is None else {"place": self.place}
        return orjson.dumps({"progress": pace | place | news}) + b"\n", seen
