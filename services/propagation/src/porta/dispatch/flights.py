"""All flights: one per key, bounded, remembered for a moment after they ended."""

from __future__ import annotations

import asyncio
import itertools
import logging
import uuid
from typing import TYPE_CHECKING, Final

import orjson
from distributed.client import FutureCancelledError
from distributed.comm import CommClosedError
from distributed.scheduler import KilledWorker

from porta.dispatch.flight import Flight
from porta.dispatch.graph import TaskError, compute
from porta.failure import CacheAway, Failure, GaveUp
from porta.jobs import Job, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porta.config import DispatchSettings
    from porta.dispatch.metrics import Metrics
    from porta.dispatch.pool import Pool
    from porta.run import Run

ATTEMPTS: Final = 3
"""What failed so often for one key will fail again."""

REMEMBER_READY_S: Final = 2.0
"""Requests that left a frontend before the result was stored, and arrive after: they need no second look."""

REMEMBER_FAILED_S: Final = 30.0
"""What failed for good is not tried again at once, however often somebody asks."""

REMEMBER_RETRYABLE_S: Final = 1.0
"""Redis was away: everyone who waits is told, and whoever still wants it asks again."""

RECONNECT_S: Final = 0.1
RECONNECTIONS: Final = 5
"""Losing the connection within a process is rare; losing it so often is a fault of its own."""

logger = logging.getLogger(__name__)


class TooMany(Exception):  # noqa: N818
    """As much is being computed as this pool takes on."""


class Flights:
    """The computations in the air, by key."""

    def __init__(self, pool: Pool, metrics: Metrics, settings: DispatchSettings) -> None:
        self._pool = pool
        self._metrics = metrics
        self._settings = settings
        self._flights: dict[str, Flight] = {}
        self._by_id: dict[str, Flight] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # Dask keys of this scheduler's life: workers that outlive a scheduler must not mistake one flight for another.
        self._life, self._number = uuid.uuid4().hex[:8], itertools.count(1)
        metrics.flights.set_function(lambda: len(self._by_id))

    def known(self, run: Run) -> Flight | None:
        """Return the flight for ``run`` that is in the air or has just ended."""
        return self._flights.get(run.key)

    def start(self, run: Run) -> Flight:
        """Start a flight for a run that has none. Raises `TooMany`."""
        if len(self._by_id) >= self._settings.max_flights:
            raise TooMany
        flight = Flight(run, f"{run.key}#{self._life}.{next(self._number)}")
        self._flights[run.key] = self._by_id[flight.id] = flight
        self._metrics.started.inc()
        task = asyncio.create_task(self._fly(flight), name=flight.id)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return flight

    def progress(self, flight: str, segments: Sequence[tuple[int, bytes]], *, copied: bool, **_: str) -> None:
        """Take a worker's word that segments are stored: handles `porta.jobs.PROGRESS` on the workers' streams."""
        self._metrics.segments.labels("copied" if copied else "encoded").inc(len(segments))
        if flight in self._by_id:
            self._by_id[flight].finished(segments, copied=copied)

    async def close(self) -> None:
        """Drop all flights; whoever waits will ask again, of the next scheduler."""
        for flight in self._by_id.values():
            flight.abandon()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fly(self, flight: Flight) -> None:
        try:
            outcome = await self._attempts(flight)
        except Failure as failure:
            self._fail(flight, failure)
        except Exception as mistake:
            logger.exception("%s", flight.run.key)
            self._fail(flight, GaveUp(f"{flight.run.key} failed in dispatch: {type(mistake).__name__}"))
        else:
            self._count(flight, outcome)
            self._end(flight, b'{"ready":' + outcome.summary + b"}\n", REMEMBER_READY_S)

    async def _attempts(self, flight: Flight) -> Outcome:
        """Compute, and again where that may help."""
        failed = lost = 0
        for serial in itertools.count(1):
            self._metrics.attempts.inc()
            try:
                return await compute(await self._pool.client(), Job(flight.run, flight.id), serial)
            except (FutureCancelledError, CommClosedError, OSError) as error:
                # Our own connection to the scheduler, on its own loop: nothing the run could be blamed for.
                lost += 1
                logger.warning("%s: the connection to the scheduler was lost (%s)", flight.run.key, error)
                if lost > RECONNECTIONS:
                    raise Failure("dispatch cannot reach the scheduler that it is part of; its log says why") from error
                await asyncio.sleep(RECONNECT_S)
            except KilledWorker as killed:
                raise GaveUp(
                    f"{flight.run.key} ended three workers, one after the other; their logs say why "
                    "(out of memory, most likely)"
                ) from killed
            except Failure as failure:
                failed += 1
                if isinstance(failure, CacheAway) or not failure.retryable or failed >= ATTEMPTS:
                    raise
                logger.warning("%s, attempt %d: %s", flight.run.key, failed, failure.reason)
            except TaskError as error:
                failed += 1
                logger.error("%s, attempt %d", flight.run.key, failed, exc_info=error.__cause__)
                if failed >= ATTEMPTS:
                    raise GaveUp(f"{flight.run.key} failed three times: {error}") from error
        raise AssertionError("unreachable")

    def _fail(self, flight: Flight, failure: Failure) -> None:
        self._metrics.failed.labels(type(failure).__name__).inc()
        logger.warning("%s failed: %s", flight.run.key, failure.reason)
        told = {"reason": failure.reason, "retryable": failure.retryable, "status": failure.status}
        remember = REMEMBER_RETRYABLE_S if failure.retryable else REMEMBER_FAILED_S
        self._end(flight, orjson.dumps({"failed": told}) + b"\n", remember)

    def _count(self, flight: Flight, outcome: Outcome) -> None:
        if outcome.found:
            self._metrics.found.inc()
        else:
            self._metrics.seconds.observe(flight.elapsed)

    def _end(self, flight: Flight, last: bytes, remember: float) -> None:
        flight.end(last)
        del self._by_id[flight.id]
        asyncio.get_running_loop().call_later(remember, self._forget, flight)

    def _forget(self, flight: Flight) -> None:
        if self._flights.get(flight.run.key) is flight:
            del self._flights[flight.run.key]
