"""A flight: one computation in the air, and everyone who waits for it."""

from __future__ import annotations

import asyncio
import base64
import time
from typing import TYPE_CHECKING, Any, Final

import orjson

from porta.contract import SEGMENT_STEPS
from porta.levels import overview_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porta.run import Run

ROW_BYTES: Final = 128
COARSEST: Final = SEGMENT_STEPS.bit_length() - 1
"""A window of a whole segment. An overview may be coarser still; progress is not, since segments end one by one."""


class Flight:
    """The state of one computation. Waiters read it at their own pace, so that a slow one holds nothing up.

    Attributes
    ----------
    run : what is computed
    id : unlike the key of the run, of this flight alone
    last : the last line for everyone who waits (``ready`` or ``failed``), once there is one
    """

    def __init__(self, run: Run, identity: str) -> None:
        self.run = run
        self.id = identity
        self.last: bytes | None = None
        self._started = time.monotonic()
        self.level = min(overview_level(run.steps), COARSEST)
        self._rows: dict[int, bytes] = {}
        self._order: list[int] = []
        self._copied = 0
        self._ended = asyncio.Event()

    def finished(self, segments: Sequence[tuple[int, bytes]], *, copied: bool) -> None:
        """Note segments that are in the cache. A segment that a second worker computes again is no news."""
        for index, rows in segments:
            if index not in self._rows:
                self._rows[index] = rows
                self._order.append(index)
                self._copied += self._steps(index) if copied else 0

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

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

    def progress(self, seen: int) -> tuple[bytes, int]:
        """Return the line of how far it is, with what is new after ``seen`` segments, and how many are seen then."""
        done = sum(map(self._steps, self._order))
        computed = done - self._copied
        rate = computed / self.elapsed if computed else None
        news: dict[str, Any] = {
            "done": done,
            "total": self.run.steps,
            "rate": rate,
            "eta": (self.run.steps - done) / rate if rate else None,
            "k": self.level,
            "windows": self._windows(sorted(self._order[seen:])),
        }
        return orjson.dumps({"progress": news}) + b"\n", len(self._order)

    def _windows(self, indices: list[int]) -> list[dict[str, Any]]:
        """Rows of the segments, neighbours joined."""
        per_segment, joined = SEGMENT_STEPS >> self.level, list[tuple[int, bytearray]]()
        for index in indices:
            first = index * per_segment
            if joined and joined[-1][0] + len(joined[-1][1]) // ROW_BYTES == first:
                joined[-1][1].extend(self._rows[index])
            else:
                joined.append((first, bytearray(self._rows[index])))
        return [{"first": first, "data": base64.b64encode(rows).decode()} for first, rows in joined]

    def _steps(self, index: int) -> int:
        return min(SEGMENT_STEPS, self.run.steps - index * SEGMENT_STEPS)
