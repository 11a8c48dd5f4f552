"""How the process of a worker ends: at once when the worker has closed, without Python's finalization.

Finalization frees all that Dask, numba and its compiler have loaded. That takes seconds of CPU, on a busy machine more
than `CLOSING_S`, and the place of the worker stays empty meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from distributed import Worker

CLOSING_S: Final = 10
"""A worker closes within a second. One that takes longer hangs, and has nothing left to save."""

DRAINED: Final = "porta_drained"
"""Attribute of a worker that has been drained."""

code_when_drained = 0
"""Exit code of a worker that has been drained. `porta.prefork` sets another one, since it would start a new worker."""

_tasks: Final[set[asyncio.Task[object]]] = set()
"""The event loop itself keeps only weak references."""


def watch(worker: Worker) -> None:
    """End this process when the worker has closed. SIGTERM and SIGINT close it in order."""
    if not _owns_process(worker):
        return
    _run(_leave_when_closed(worker))
    if worker.nanny:
        return  # the nanny tells its worker to close

    def told(number: signal.Signals) -> None:
        if not _registered(worker):
            leave(0)  # nobody knows this worker yet
        # Dask's own handler does not close a worker that has no nanny.
        _run(worker.close(nanny=False, reason=f"signal-{number.value}"))

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told, number)


def closing(worker: Worker) -> None:
    """Let nothing hold up a worker that has begun to close."""
    if not _owns_process(worker):
        return
    # A signal that Python does not handle gets through even where the event loop or a thread hangs.
    signal.alarm(CLOSING_S)
    # Dask would wait for the tasks that still run, but the connection that could take their results is closed.
    worker.executors.clear()


def leave(code: int) -> NoReturn:
    """End this process now. What it has logged is written before."""
    with suppress(Exception):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


async def _leave_when_closed(worker: Worker) -> None:
    await worker.finished()
    # A worker that could not register is closed as well: Dask then says why, and ends the process with an error.
    if _registered(worker):
        leave(code_when_drained if getattr(worker, DRAINED, False) else 0)


def _registered(worker: Worker) -> bool:
    """Whether a scheduler has ever accepted the worker."""
    return worker.batched_stream.comm is not None


def _owns_process(worker: Worker) -> bool:
    """Whether the process exists for this worker, and not for a test or a notebook that has a worker in it."""
    return bool(worker.nanny) or "distributed.cli.dask_worker" in sys.modules


def _run(coroutine: object) -> None:
    task: asyncio.Task[object] = asyncio.ensure_future(coroutine)  # type: ignore[call-overload]
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
