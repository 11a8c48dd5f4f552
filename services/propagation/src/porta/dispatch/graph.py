"""How a run becomes Dask tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from porta import jobs
from porta.contract import SEGMENT_STEPS
from porta.failure import Failure
from porta.jobs import COPIES, STRIDE, Job, Outcome, Plan

if TYPE_CHECKING:
    from distributed import Client, Future

SHORT: Final = 3
"""Priority of a run of one task: it takes milliseconds, and goes before the many segments of a long one."""

CHAIN: Final = 2
"""Priority of what others wait for: the physics' chain, the look, the end."""

SEGMENTS: Final = 1


class TaskError(Exception):
    """A task raised what it should not have; that is the cause."""


async def compute(client: Client, job: Job, serial: int) -> Outcome:
    """Have the pool find or compute the run, and wait for it.

    Parameters
    ----------
    serial : of this attempt, so that its tasks are no other attempt's

    Raises
    ------
    Failure : a task's own
    TaskError : any other exception of a task
    KilledWorker : a task took three workers with it
    FutureCancelledError, OSError : the client lost its connection
    """
    futures: list[Future] = []
    stem = f"{job.flight}.{serial}"

    def submit(name: str, task: Any, *args: Any, priority: int) -> Future:  # noqa: ANN401  Dask's own signature
        key = (f"{name}-{stem}", len(futures))
        futures.append(client.submit(task, *args, key=key, priority=priority, retries=0, pure=False))
        return futures[-1]

    try:
        if job.run.steps <= SEGMENT_STEPS:
            return cast("Outcome", await _result(submit("whole", jobs.whole, job, priority=SHORT)))
        plan: Outcome | Plan = await _result(submit("look", jobs.look, job, priority=CHAIN))
        if isinstance(plan, Outcome):
            return plan
        strides, parts = _segments(client, stem, job, plan, submit)
        futures.extend(parts)
        return cast("Outcome", await _result(submit("finish", jobs.finish, job, plan, strides, parts, priority=CHAIN)))
    finally:
        # Whatever is not needed any more is forgotten: results after success, the rest of the graph after a failure.
        for future in futures:
            future.release()


async def _result(future: Future) -> Any:  # noqa: ANN401  what the task returns
    """Wait for a task. Tells what a task raised from what waiting for it did."""
    error = await future.exception()
    if error is None:
        return await future.result()
    if isinstance(error, (Failure, KilledWorker, FutureCancelledError)):
        raise error
    raise TaskError(type(error).__name__) from error


def _segments(client: Client, stem: str, job: Job, plan: Plan, submit: Any) -> tuple[list[Future], list[Future]]:  # noqa: ANN401
    """Submit what fills the cache: returns the strides, and the parts that copy or encode."""
    end, strides, parts = -(-job.run.steps // SEGMENT_STEPS), [], []
    copies = [range(first, min(first + COPIES, plan.copied)) for first in range(0, plan.copied, COPIES)]
    parts += _map(client, f"copy-{stem}", jobs.copy, [(job, plan, indices) for indices in copies])
    before: Any = plan.checkpoint
    for first in range(plan.copied, end, STRIDE):
        segments = range(first, min(first + STRIDE, end))
        # A group of its own: so Dask sees that all that hangs on it may wait at the scheduler, in order.
        before = submit(f"walk-{first}", jobs.walk, job, before, segments, priority=CHAIN)
        strides.append(before)
        work = [(job, index, index - first, before) for index in segments]
        parts += _map(client, f"encode-{stem}.{first}", jobs.encode, work)
    return strides, parts


def _map(client: Client, name: str, task: Any, work: list[tuple[Any, ...]]) -> list[Future]:  # noqa: ANN401
    """Submit many calls of one task in one message."""
    if not work:
        return []
    keys = [(name, number) for number in range(len(work))]
    columns = [list(column) for column in zip(*work, strict=True)]
    return list(client.map(task, *columns, key=keys, priority=SEGMENTS, retries=0, pure=False))
