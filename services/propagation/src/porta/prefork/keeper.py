"""Starts the children, starts again what ends, and ends all of them."""

from __future__ import annotations

import logging
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psutil
from dask.utils import format_bytes

from porta.prefork.child import RETIRED, fork

logger = logging.getLogger("distributed.porta.prefork")
"""Below Dask's logger, and so in its format among the lines of the children."""

PAUSES_S: Final = (0, 0.2, 0.5, 1, 2)
"""Before a child is started again: the first time at once, then longer with each short life, up to the last."""

WELL_S: Final = 10
"""A child that has run for so long was well: its end is a new misfortune."""

MOST_FAILURES: Final = 6
"""So many short lives in a row that ended with an error: starting again does not help."""

MEMORY_S: Final = 0.1
"""How often a child's memory is looked at; as often as Dask's nanny does."""


@dataclass(slots=True)
class Place:
    """A child that there is to be, and how it fares."""

    run: Callable[[], None]
    pid: int | None = None
    began: float = 0.0
    due: float | None = 0.0
    """When it is to be started; None: no more."""
    lives: int = 0
    short: int = 0
    """How many of its last lives in a row were short."""
    failures: int = 0
    """How many of those ended with an exit code other than 0."""


class Keeper:
    """Keeps one child for each place."""

    def __init__(self, runs: Sequence[Callable[[], None]], most_memory: int | None = None) -> None:
        self._places = [Place(run) for run in runs]
        self._most_memory = most_memory
        self._code: int | None = None
        """What to end with; None as long as nothing ends us."""

    def keep(self) -> int:
        """Keep the children until SIGTERM or SIGINT, or until it makes no sense. Returns this process's exit code."""
        awake, wake = os.pipe()
        os.set_blocking(awake, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end(0))
        while True:
            self._start((awake, wake))
            select.select([awake], [], [], self._pause())
            with suppress(BlockingIOError):
                os.read(awake, 4096)
            self._collect()
            self._watch_memory()
            if all(place.pid is None and place.due is None for place in self._places):
                return self._code or 0

    def _start(self, inherited: tuple[int, int]) -> None:
        for place in self._places:
            if place.pid is None and place.due is not None and place.due <= time.monotonic():
                place.began, place.lives = time.monotonic(), place.lives + 1
                place.pid = fork(place.run, inherited)

    def _pause(self) -> float | None:
        """Until something is to be done that no signal announces."""
        now = time.monotonic()
        pauses = [place.due - now for place in self._places if place.pid is None and place.due is not None]
        if self._most_memory is not None:
            pauses.append(MEMORY_S)
        return max(0.0, min(pauses)) if pauses else None

    def _collect(self) -> None:
        """Note which children have ended. As a container's first process we are given orphans, too."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for place in self._places:
                if place.pid == pid:
                    self._ended(place, os.waitstatus_to_exitcode(status))

    def _ended(self, place: Place, code: int) -> None:
        pid, place.pid = place.pid, None
        if self._code is not None or code == RETIRED:
            place.due = None
            return
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        if time.monotonic() - place.began >= WELL_S:
            place.short = place.failures = 0
        else:
            place.short += 1
            place.failures = place.failures + 1 if code > 0 else 0
        # A first life that fails is a mistake to be told: a bad option, a port that is taken.
        if place.failures and (place.lives == 1 or place.failures == MOST_FAILURES):
            logger.error("Process %s %s after %.1f s: giving up", pid, how, time.monotonic() - place.began)
            place.due = None
            self._end(code)
            return
        pause = PAUSES_S[min(max(place.short - 1, 0), len(PAUSES_S) - 1)]
        place.due = time.monotonic() + pause
        logger.warning("Process %s %s; its place is filled again%s", pid, how, f" in {pause} s" if pause else "")

    def _end(self, code: int) -> None:
        """Tell the children to end, and start nothing more."""
        if self._code is None:
            self._code = code
        for place in self._places:
            place.due = None
            if place.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(place.pid, signal.SIGTERM)

    def _watch_memory(self) -> None:
        """End what takes too much: what it computes is computed elsewhere, before the system ends anything."""
        for place in self._places:
            if self._most_memory is None or place.pid is None:
                continue
            with suppress(psutil.NoSuchProcess):
                taken = psutil.Process(place.pid).memory_info().rss
                if taken > self._most_memory:
                    allowed = format_bytes(self._most_memory)
                    logger.warning("Process %s takes %s, more than %s: killed", place.pid, format_bytes(taken), allowed)
                    os.kill(place.pid, signal.SIGKILL)
