"""All flights: one per key, bounded, remembered for a moment after they ended."""

from __future__ import annotations

import asyncio
import itertools
import logging
import uuid
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import orjson
from distributed.scheduler import KilledWorker

from porta.dispatch.flight import Flight
from porta.dispatch.graph import LOST, Graph, TaskError
from porta.dispatch.line import Line
from porta.failure import CacheAway, Failure, GaveUp
from porta.job import Job, Outcome

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from porta.config import DispatchSettings
    from porta.dispatch.kinds.kind import Kind
    from porta.dispatch.metrics import Metrics
    from porta.dispatch.pool import Pool
    from porta.request import Request

ATTEMPTS: Final = 3
"""What failed so often for one key will fail again."""

REMEMBER_READY_S: Final = 2.0
"""Requests that left a frontend before the result was stored, and arrive after: they need no second look."""

REMEMBER_FAILED_S: Final = 30.0
"""What failed for good is not tried again at once, however often somebody asks."""

REMEMBER_RETRYABLE_S: Final = 1.0
"""Redis was away: everyone who waits is told, and whoever still wants it asks again."""

LINE_PATIENCE_S: Final = 30.0
"""A place in line for which nobody waits is kept for so long: over a reload, and over the pause of a client that was
answered 202 and asks again."""

RECONNECT_S: Final = 0.1
RECONNECTIONS: Final = 5
"""Losing the connection within a process is rare; losing it so often is a fault of its own."""

T = TypeVar("T")

logger = logging.getLogger(__name__)


class _Deserted(Exception):  # noqa: N818
    """Nobody has waited for longer than the patience."""


class Flights:
    """The computations in the air, by key."""

    def __init__(self, pool: Pool, metrics: Metrics, settings: DispatchSettings) -> None:
        self._pool = pool
        self._metrics = metrics
        self._settings = settings
        self._flights: dict[str, Flight] = {}
        self._by_id: dict[str, Flight] = {}
        self._lines: dict[Kind[Any], Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # Dask keys of this scheduler's life: workers that outlive a scheduler must not mistake one flight for another.
        self._life, self._number = uuid.uuid4().hex[:8], itertools.count(1)
        metrics.flights.set_function(lambda: len(self._by_id) - self._in_line)
        metrics.line.set_function(lambda: self._in_line)

    def known(self, request: Request) -> Flight | None:
        """Return the flight for ``request`` that is in the air or has just ended."""
        return self._flights.get(request.key)

    def start(self, kind: Kind[Any], request: Request) -> Flight:
        """Start a flight for a request that has none, or have it wait in line for its turn. Raises `LineFull`."""
        flight = Flight(kind, request, f"{request.key}#{self._life}.{next(self._number)}")
        self._line(kind).enter(flight)
        self._flights[request.key] = self._by_id[flight.id] = flight
        task = asyncio.create_task(self._fly(flight), name=flight.id)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return flight

    def progress(self, flight: str, parts: str, how: str, count: int, news: Any, **_: str) -> None:  # noqa: ANN401
        """Take a worker's word of what is in the cache: handles `porta.job.PROGRESS` on the workers' streams."""
        self._metrics.parts[parts].labels(how).inc(count)
        if flight in self._by_id:
            self._by_id[flight].progress.note(how, news)

    def concluded(self, flight: str, attempt: int, summary: bytes, found: bool, **_: str) -> None:
        """Take a worker's word of how a graph ended: handles `porta.job.CONCLUDED` on the workers' streams."""
        graph = self._by_id[flight].graph if flight in self._by_id else None
        if graph is not None and graph.job.attempt == attempt:
            graph.conclude(Outcome(summary, found))

    async def close(self) -> None:
        """Drop all flights; whoever waits will ask again, of the next scheduler."""
        for flight in self._by_id.values():
            flight.abandon()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fly(self, flight: Flight) -> None:
        line = self._line(flight.kind)
        try:
            if flight.place is not None:
                await _while_wanted(flight, LINE_PATIENCE_S, line.turn(flight))
            self._metrics.started.inc()
            flight.begin()
            outcome = await _while_wanted(flight, flight.kind.patience, self._attempts(flight))
        except Failure as failure:
            self._fail(flight, failure)
        except _Deserted:
            if flight.place is None:
                self._metrics.deserted.inc()
            logger.info("%s is given up: nobody waits for it any more", flight.request.key)
            self._drop(flight)
        except asyncio.CancelledError:
            self._drop(flight)
            raise
        except Exception as mistake:
            logger.exception("%s", flight.request.key)
            self._fail(flight, GaveUp(f"{flight.request.key} failed in dispatch: {type(mistake).__name__}"))
        else:
            self._count(flight, outcome)
            self._end(flight, b'{"ready":' + outcome.summary + b"}\n", REMEMBER_READY_S)
        finally:
            line.leave(flight)

    def _line(self, kind: Kind[Any]) -> Line:
        """Return the line of a kind."""
        if kind not in self._lines:
            self._lines[kind] = Line(kind.route, kind.at_once(self._settings), kind.in_line(self._settings))
        return self._lines[kind]

    @property
    def _in_line(self) -> int:
        return sum(map(len, self._lines.values()))

    async def _attempts(self, flight: Flight) -> Outcome:
        """Compute, and again where that may help."""
        failed = lost = 0
        for serial in itertools.count(1):
            self._metrics.attempts.inc()
            if serial > 1:
                flight.restart()
            try:
                client, job = await self._pool.client(), Job(flight.request, flight.id, serial)
                with Graph(client, job, self._pool.threads) as graph:
                    flight.graph = graph
                    return await flight.kind.compute(graph, flight)
            except (*LOST, asyncio.CancelledError) as error:
                if cast("asyncio.Task[Any]", asyncio.current_task()).cancelling():
                    raise
                # Our own connection to the scheduler, on its own loop: nothing the request could be blamed for. And
                # flights may share a fetch, which Dask's client cancels with the first of them that is.
                lost += 1
                logger.warning("%s: the connection to the scheduler was lost (%r)", flight.request.key, error)
                if lost > RECONNECTIONS:
                    raise Failure("dispatch cannot reach the scheduler that it is part of; its log says why") from error
                await asyncio.sleep(RECONNECT_S)
            except KilledWorker as killed:
                raise GaveUp(
                    f"{flight.request.key} ended three workers, one after the other; their logs say why "
                    "(out of memory, most likely)"
                ) from killed
            except Failure as failure:
                failed += 1
                if isinstance(failure, CacheAway) or not failure.retryable or failed >= ATTEMPTS:
                    raise
                logger.warning("%s, attempt %d: %s", flight.request.key, failed, failure.reason)
            except TaskError as error:
                failed += 1
                logger.error("%s, attempt %d", flight.request.key, failed, exc_info=error.__cause__)
                if failed >= ATTEMPTS:
                    raise GaveUp(f"{flight.request.key} failed three times: {error}") from error
        raise AssertionError("unreachable")

    def _fail(self, flight: Flight, failure: Failure) -> None:
        self._metrics.failed.labels(type(failure).__name__).inc()
        logger.warning("%s failed: %s", flight.request.key, failure.reason)
        told = {"reason": failure.reason, "retryable": failure.retryable, "status": failure.status}
        remember = REMEMBER_RETRYABLE_S if failure.retryable else REMEMBER_FAILED_S
        self._end(flight, orjson.dumps({"failed": told}) + b"\n", remember)

    def _drop(self, flight: Flight) -> None:
        flight.abandon()
        del self._by_id[flight.id]
        self._forget(flight)

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
        if self._flights.get(flight.request.key) is flight:
            del self._flights[flight.request.key]


async def _while_wanted(flight: Flight, patience: float | None, work: Coroutine[Any, Any, T]) -> T:
    """Do the work, unless nobody has waited for the flight for ``patience`` seconds. Raises `_Deserted` then."""
    task = asyncio.create_task(work)
    try:
        while True:
            left = None if patience is None else max(patience - flight.deserted, 0)
            done, _ = await asyncio.wait({task}, timeout=left)
            if done:
                return task.result()
            if patience is not None and flight.deserted >= patience:
                raise _Deserted
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
