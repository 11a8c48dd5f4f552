"""The Dask tasks of one attempt at one computation: submitted, waited for, and released together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Generic

from distributed.client import ClosedClientError, FutureCancelledError
from distributed.scheduler import KilledWorker

from porta.failure import Failure
from porta.job import Job, Outcome, conclude
from porta.request import R

if TYPE_CHECKING:
    from types import TracebackType

    from distributed import Client, Future, Worker


LOST: Final = (FutureCancelledError, ClosedClientError, OSError)
"""What a graph meets whose client has lost its connection, or has been replaced by another flight that saw it lost."""

SETTLE_S: Final = 30.0
"""How long to wait for what workers have begun: a task takes half a second, and one that waits for Redis, 15."""

POLL_S: Final = 0.05


class TaskError(Exception):
    """A task raised what it should not have; that is the cause."""


class Graph(Generic[R]):
    """Submits tasks under names that are no other attempt's, and has them forgotten when it is left.

    Attributes
    ----------
    job : what each of its tasks is told, with the number of the attempt
    threads : how many tasks the pool runs at one time, now
    """

    def __init__(self, client: Client, job: Job[R], threads: Callable[[], int]) -> None:
        self.job = job
        self.threads = threads
        self._client = client
        self._stem = f"{job.flight}.{job.attempt}"
        self._number = 0
        self._futures: set[Future] = set()
        self._concluded: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def submit(self, name: str, task: Any, *args: Any, priority: int) -> Future:  # noqa: ANN401  Dask's own signature
        """Submit ``task(job, *args)``. Tasks of one name are a group for Dask, which lets groups wait in order.

        Raises
        ------
        ClosedClientError : the client lost its connection, and another has taken its place
        """
        self._number += 1
        key = (f"{name}-{self._stem}", self._number)
        future = self._client.submit(task, self.job, *args, key=key, priority=priority, retries=0, pure=False)
        self._futures.add(future)
        return future

    def map(self, name: str, task: Any, work: Sequence[tuple[Any, ...]], priority: int) -> list[Future]:  # noqa: ANN401
        """Submit many calls of one task in one message. Raises as `submit`."""
        if not work:
            return []
        keys = [(f"{name}-{self._stem}", number) for number in range(len(work))]
        columns = [[self.job] * len(work), *map(list, zip(*work, strict=True))]
        futures = list(self._client.map(task, *columns, key=keys, priority=priority, retries=0, pure=False))
        self._futures.update(futures)
        return futures

    async def done(self, future: Future) -> None:
        """Wait for a task, whose result stays where it is.

        Raises
        ------
        Failure : a task's own
        TaskError : any other exception of a task
        KilledWorker : a task took three workers with it
        FutureCancelledError, OSError : the client lost its connection
        """
        error = await future.exception()
        if future.cancelled():  # Dask calls that no exception
            raise FutureCancelledError(future.key, "the client lost its connection, or was restarted")
        if error is None:
            return
        # Tells what a task raised from what waiting for it did.
        if isinstance(error, (Failure, KilledWorker, FutureCancelledError)):
            raise error
        raise TaskError(type(error).__name__) from error

    async def result(self, future: Future) -> Any:  # noqa: ANN401  what the task returns
        """Wait for a task, fetch its result, and let go of it: what is here no worker need hold. Raises as `done`."""
        await self.done(future)
        result = await future.result()
        self.release([future])
        return result

    async def outcome(self, name: str, task: Any, *args: Any, priority: int) -> Any:  # noqa: ANN401  as `submit`
        """Run a task that may end the graph, and return what it returns.

        An `Outcome` is taken from the worker's own message, which comes first. Raises as `done`.
        """
        future = self.submit(name, conclude, task, *args, priority=priority)
        done = asyncio.ensure_future(self.done(future))
        try:
            await asyncio.wait((self._concluded, done), return_when=asyncio.FIRST_COMPLETED)
        finally:
            done.cancel()
            await asyncio.gather(done, return_exceptions=True)
        # Fetch only what was not told: flights share fetches, and one that is given up disturbs the others.
        return self._concluded.result() if self._concluded.done() else await self.result(future)

    def conclude(self, outcome: Outcome) -> None:
        """Take a worker's word of how the graph ended."""
        if not self._concluded.done():
            self._concluded.set_result(outcome)

    def release(self, futures: Iterable[Future]) -> None:
        """Let go of results that are not needed any more. Dask keeps how to make them, for what still needs them."""
        for future in futures:
            self._futures.discard(future)
            future.release()

    async def settle(self) -> None:
        """Let go of everything, and wait until no worker is at work on any of it, at most `SETTLE_S`."""
        self.release(list(self._futures))
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                busy = True
                while busy:
                    await asyncio.sleep(POLL_S)  # first of all for the workers to be told
                    busy = any((await self._client.run(_at_work, self._stem, on_error="ignore")).values())

    def __enter__(self) -> Graph[R]:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Have everything forgotten: results after success, the rest of the graph after a failure."""
        self.release(list(self._futures))


def _at_work(stem: str, dask_worker: Worker) -> bool:
    """Whether a worker executes a task of this graph, also one that is not wanted any more: Dask interrupts none."""
    return any(stem in str(task.key) for task in dask_worker.state.executing)
