"""The line of one kind: its computations wait here for their turn, first come, first served."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from porta.dispatch.flight import Flight


class LineFull(Exception):  # noqa: N818
    """As many computations of a kind wait in line as may. The message says so in words."""


class Line:
    """Bounds how many flights of a kind are computed at one time; the others wait in order.

    Attributes
    ----------
    at_once : how many flights are computed at one time
    most : how many flights may wait besides; one more is refused
    """

    def __init__(self, name: str, at_once: int, most: int) -> None:
        self.at_once, self.most = at_once, most
        self._name = name
        self._computed: set[Flight] = set()
        self._waiting: dict[Flight, asyncio.Event] = {}

    def __len__(self) -> int:
        """How many flights wait."""
        return len(self._waiting)

    def enter(self, flight: Flight) -> None:
        """Give a flight its turn at once, or the last place in line. Raises `LineFull`."""
        if len(self._computed) < self.at_once:
            self._computed.add(flight)
            return
        if len(self._waiting) >= self.most:
            raise LineFull(
                f"{self.at_once} computations of {self._name} are under way already, and {self.most} wait in line"
            )
        self._waiting[flight] = asyncio.Event()
        flight.place = len(self._waiting)

    async def turn(self, flight: Flight) -> None:
        """Wait until it is the flight's turn. Does not wait where the flight got its turn when it entered."""
        if flight in self._waiting:
            await self._waiting[flight].wait()

    def leave(self, flight: Flight) -> None:
        """Remove a flight that has ended, or gives up its place; those behind it move up."""
        self._waiting.pop(flight, None)
        self._computed.discard(flight)
        while self._waiting and len(self._computed) < self.at_once:
            following = next(iter(self._waiting))
            self._computed.add(following)
            following.place = None
            self._waiting[following].set()
            # `turn` has the event already, or finds no entry and does not wait.
            del self._waiting[following]
        for place, waiting in enumerate(self._waiting, 1):
            waiting.place = place
