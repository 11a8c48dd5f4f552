"""Gets a result: from the cache, or computed by the pool, for as long as that takes. The frontend does the same."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final, TypeVar

from porta.client.errors import NotComputed, PlatformAway, PlatformError, Starting
from porta.client.progress import shown

if TYPE_CHECKING:
    from porta.client.dispatch import Dispatch

T = TypeVar("T")

FIRST_S: Final = 5.0
"""How long a platform may be away that has not been heard of yet: it is probably not there."""

LOST_S: Final = 120.0
"""How long one may be away that has begun to compute, or fail: it, or its cache, is probably restarting."""

SHORTEST_PAUSE_S: Final = 0.05
LONGEST_PAUSE_S: Final = 2.0

MOST_MISSES: Final = 8
"""So often the pool may say that a result is there which is not. It remembers an end for two seconds, in which the
pauses make five attempts; and Redis may lose a result, hardly three times."""


class Patience:
    """How much longer to go on asking."""

    def __init__(self, timeout: float | None) -> None:
        self._end = time.monotonic() + timeout if timeout is not None else math.inf
        self._pause = SHORTEST_PAUSE_S
        self._give_up = time.monotonic() + FIRST_S
        self._first_failure: float | None = None

    def heard(self, *, progress: bool) -> None:
        """Note a sign of life. Only progress shortens the pauses again: a run that is lost each time has none."""
        self._give_up = time.monotonic() + LOST_S
        if progress:
            self._pause = SHORTEST_PAUSE_S

    def require_time(self, key: str) -> float:
        """Hold to the caller's own limit: returns the seconds left. Raises `PlatformAway` where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise PlatformAway(f"{key} took longer than the timeout allows. What is computed of it stays: ask again.")
        return left

    def failed(self, because: PlatformError) -> None:
        """Wait as `pause`, since what the pool lacks may come back; where it lacks it for long, raise ``because``.

        It counts from the first failure, whatever signs of life came between: a pool whose cache is too small shows
        progress each time.
        """
        if self._first_failure is None:
            self._first_failure = time.monotonic()
        if time.monotonic() > self._first_failure + LOST_S:
            raise because
        self.pause(because)

    def pause(self, because: PlatformError) -> None:
        """Wait a moment before the next attempt; where there is no time for one, raise ``because``."""
        now = time.monotonic()
        if isinstance(because, Starting):
            self._give_up = max(self._give_up, now + FIRST_S)
        if now + self._pause > min(self._give_up, self._end):
            raise because
        time.sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE_S)


def obtain(dispatch: Dispatch, key: str, read: Callable[[], T | None], unit: str, timeout: float | None = None) -> T:
    """Read a result; where there is none, have it computed, and read again.

    Parameters
    ----------
    read
        Returns None where the cache holds nothing sound. May raise `PlatformAway`.
    unit
        Of the progress, in the plural: steps or runs.
    timeout
        In seconds. None: as long as the platform gives signs of life, and two minutes after the last; or two minutes
        after it first failed.

    Raises
    ------
    PlatformAway, Refused, VersionMismatch, NotComputed : see there
    BadInput : where dispatch refuses what is asked for
    """
    patience, misses = Patience(timeout), 0
    with shown(key, unit) as show:
        while True:
            try:
                found = read()
                if found is not None:
                    return found
                if misses >= MOST_MISSES:
                    raise NotComputed(
                        f"The pool says that {key} is ready, but what this notebook reads is not. REDIS_ADDR has to "
                        "name the Redis that the workers write to, with room for more than one result."
                    )
                failed = _flight(dispatch, key, show, patience)
            except PlatformAway as away:
                patience.pause(away)
                continue
            if failed is not None:
                patience.failed(failed)
                continue
            misses += 1
            if misses > 1:
                patience.pause(NotComputed(f"{key} vanished from the cache again and again."))


def _flight(
    dispatch: Dispatch, key: str, show: Callable[[dict[str, Any]], None], patience: Patience
) -> NotComputed | None:
    """Wait for one computation. Returns why it failed, where asking again may help; None when it is ready.

    Raises `PlatformAway` where dispatch does not answer to the end.
    """
    dispatch.health(patience.require_time(key)).require_engine()
    with closing(dispatch.ask(key, patience.require_time(key))) as lines:
        for line in lines:
            if "ready" in line:
                return None
            if "failed" in line:
                failed = line["failed"]
                if failed["retryable"]:
                    return NotComputed(f"{key} could not be computed now: {failed['reason']}.")
                raise NotComputed(f"{key} could not be computed: {failed['reason']}.")
            patience.heard(progress="progress" in line)
            patience.require_time(key)
            if "progress" in line:
                show(line["progress"])
    raise PlatformAway(f"{key}: dispatch went away while it was computed.")
