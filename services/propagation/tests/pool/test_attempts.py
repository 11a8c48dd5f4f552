"""What a flight meets on its way, and that it comes to an end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest
from distributed import Future
from distributed.batched import BatchedSend

from porta.config import DispatchSettings
from porta.dispatch.flight import Flight
from porta.dispatch.flights import Flights
from porta.dispatch.graph import Graph
from porta.dispatch.kinds.kind import Kind
from porta.dispatch.kinds.propagations import PropagationProgress
from porta.dispatch.metrics import Metrics
from porta.dispatch.pool import BATCH_S, Pool
from porta.failure import CacheLost
from porta.job import CONCLUDED, Job, Outcome
from porta.run import Run

RUN = Run(1)

Attempt = Callable[[Graph[Run]], Awaitable[Outcome]]


class Attempts(Kind[Run]):
    """Does what it is told at each attempt."""

    route = "/attempts"

    def __init__(self, *attempts: Attempt) -> None:
        self._attempts = iter(attempts)

    def parse(self, path: Sequence[str], query: Mapping[str, str], settings: DispatchSettings) -> Run:
        raise NotImplementedError

    def at_once(self, settings: DispatchSettings) -> int:
        return settings.max_flights

    def in_line(self, settings: DispatchSettings) -> int:  # noqa: ARG002
        return 2

    def progress(self, request: Run) -> PropagationProgress:
        return PropagationProgress(request)

    async def compute(self, graph: Graph[Run], flight: Flight) -> Outcome:  # noqa: ARG002
        return await next(self._attempts)(graph)


def answer(job: Job[Run]) -> Outcome:
    """A task."""
    return Outcome(job.request.key.encode(), found=True)


async def well(graph: Graph[Run]) -> Outcome:
    outcome: Outcome = await graph.result(graph.submit("answer", answer, priority=0))
    return outcome


def cancelled_by_another(near: Pool) -> Attempt:  # noqa: ARG001
    """Another flight was given up while both had Dask's client fetch what they wait for."""

    async def attempt(graph: Graph[Run]) -> Outcome:  # noqa: ARG001
        raise asyncio.CancelledError

    return attempt


def replaced(near: Pool) -> Attempt:
    """Another flight found the connection lost, and has closed the client."""

    async def attempt(graph: Graph[Run]) -> Outcome:
        await near.close()
        return await well(graph)

    return attempt


def restarted(near: Pool) -> Attempt:
    """What has been submitted is cancelled, as where somebody restarts the pool."""

    async def attempt(graph: Graph[Run]) -> Outcome:
        future = graph.submit("answer", answer, priority=0)
        await (await near.client()).cancel([future])
        await graph.done(future)
        raise AssertionError("a cancelled task is taken for one that is done")

    return attempt


@pytest.mark.parametrize("met", [cancelled_by_another, replaced, restarted])
async def test_what_befalls_the_client_is_no_fault_of_the_request_which_is_tried_again(
    near: Pool, met: Callable[[Pool], Attempt]
) -> None:
    metrics: Any = Metrics()
    flights = Flights(near, metrics, DispatchSettings())
    flight = flights.start(Attempts(met(near), well), RUN)
    assert await flight.ended(60)
    assert flight.last == b'{"ready":propagation/1}\n'
    assert metrics.attempts._value.get() == 2
    await flights.close()


def listening(near: Pool) -> Flights:
    """Flights that hear what workers say, as in a scheduler with dispatch."""
    flights = Flights(near, Metrics(), DispatchSettings())
    near._scheduler.stream_handlers[CONCLUDED] = flights.concluded
    return flights


async def test_a_workers_word_of_the_end_is_taken_and_nothing_is_fetched(
    near: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(*_: object) -> None:
        raise AssertionError("the outcome is fetched from the worker")

    async def told(graph: Graph[Run]) -> Outcome:
        outcome: Outcome = await graph.outcome("answer", answer, priority=0)
        return outcome

    monkeypatch.setattr(Future, "result", fetched)
    flights = listening(near)
    flight = flights.start(Attempts(told), RUN)
    assert await flight.ended(60)
    assert flight.last == b'{"ready":propagation/1}\n'
    await flights.close()


async def test_a_late_word_of_an_attempt_before_is_ignored(near: Pool) -> None:
    async def lost(graph: Graph[Run]) -> Outcome:  # noqa: ARG001
        raise CacheLost("the cache was emptied")

    async def late(graph: Graph[Run]) -> Outcome:
        flights.concluded(flight.id, graph.job.attempt - 1, b'"late"', found=False)
        outcome: Outcome = await graph.outcome("answer", answer, priority=0)
        return outcome

    flights = listening(near)
    flight = flights.start(Attempts(lost, late), RUN)
    assert await flight.ended(60)
    assert flight.last == b'{"ready":propagation/1}\n'
    await flights.close()


async def test_what_dispatch_submits_does_not_wait_for_more_to_send_with_it(near: Pool) -> None:
    assert (await near.client()).scheduler_comm.interval == BATCH_S
    assert isinstance((await near.client()).scheduler_comm, BatchedSend)


async def test_the_next_attempt_begins_to_count_again(near: Pool) -> None:
    async def stored_in_vain(graph: Graph[Run]) -> Outcome:  # noqa: ARG001
        flight.progress.note("encoded", (0, b""))
        raise CacheLost("the cache was emptied")

    flights = Flights(near, Metrics(), DispatchSettings())
    flight = flights.start(Attempts(stored_in_vain, well), RUN)
    assert await flight.ended(60)
    assert flight.progress.done == 0
    await flights.close()


async def test_flights_that_are_closed_let_go_of_those_who_wait_and_are_forgotten(near: Pool) -> None:
    started = asyncio.Event()

    async def for_ever(graph: Graph[Run]) -> Outcome:  # noqa: ARG001
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    flights = Flights(near, Metrics(), DispatchSettings())
    flight = flights.start(Attempts(for_ever), RUN)
    await started.wait()
    await flights.close()
    assert await flight.ended(0)
    assert flight.last is None
    assert flights.known(RUN) is None
