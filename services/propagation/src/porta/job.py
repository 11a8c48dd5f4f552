"""What all tasks on the pool have in common, whatever they compute: what they are told, and how they report.

Light, since the scheduler imports it to name the tasks.
"""

# ruff: noqa: PLC0415  (what a task needs is imported on a worker)

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from porta.contract import ENGINE
from porta.failure import OtherEngine
from porta.request import R

if TYPE_CHECKING:
    from collections.abc import Callable

    from porta.cache import Cache

T = TypeVar("T")

PROGRESS: Final = "porta-progress"
"""The operation under which workers report finished parts to dispatch, on their stream to the scheduler."""

CONCLUDED: Final = "porta-concluded"
"""The operation under which workers report how a graph ended, on the same stream."""


@dataclass(frozen=True, slots=True)
class Job(Generic[R]):
    """What every task of a graph knows."""

    request: R
    flight: str
    attempt: int = 1
    engine: int = ENGINE


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a graph ended: with this summary, which was in the cache (``found``) or has been computed."""

    summary: bytes
    found: bool


def cache_for(job: Job[Any]) -> Cache:
    """Return this worker's cache, unless the job is of another engine."""
    from porta.cache import from_env

    require_engine(job)
    return from_env()


def require_engine(job: Job[Any]) -> None:
    """Refuse the work of a scheduler of another engine. Raises `OtherEngine`."""
    if job.engine != ENGINE:
        raise OtherEngine(f"a worker has engine {ENGINE}, the scheduler engine {job.engine}: a rollout is on its way")


def report(job: Job[Any], parts: str, how: str, count: int, news: Any) -> None:  # noqa: ANN401
    """Tell dispatch what is done. Goes over the stream that later says the task is, so it arrives before that.

    Parameters
    ----------
    parts, how, count : so many of these parts are in the cache now, and how they came about: what metrics count
    news : what the flight's progress makes of it
    """
    _send({"op": PROGRESS, "flight": job.flight, "parts": parts, "how": how, "count": count, "news": news})


def conclude(job: Job[R], task: Callable[..., T], *args: Any) -> T:  # noqa: ANN401  the task's own
    """Run a task; where it ends the graph, tell dispatch at once how.

    Dask itself would tell dispatch that the task is done, and dispatch would then fetch the result from the worker:
    two more ways between processes.
    """
    result = task(job, *args)
    if isinstance(result, Outcome):
        _send({"op": CONCLUDED, "flight": job.flight, "attempt": job.attempt, **asdict(result)})
    return result


def _send(message: dict[str, Any]) -> None:
    from distributed import get_worker

    worker = get_worker()
    worker.loop.add_callback(worker.batched_send, message)
