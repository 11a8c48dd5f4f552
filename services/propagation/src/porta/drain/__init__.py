"""Ends a worker's work before its pod ends.

The worker takes no more tasks, finishes those that it has begun, and gives back to the scheduler those that it has not,
with the results that it holds. Dask's own way, to retire, does not wait for tasks that run: they would run again
elsewhere, from their beginning.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from distributed import Status, rpc
from distributed.protocol import pickle
from distributed.security import Security

from porta.leaving import DRAINED

if TYPE_CHECKING:
    from distributed import Worker

CONNECT_S: Final = 10
"""A scheduler that does not answer for so long is away: it will learn of the worker's end by itself."""

POLL_S: Final = 0.05


async def finish(seconds: float, dask_worker: Worker) -> int:
    """Run by the worker: take nothing more, and return how many tasks still run after ``seconds``."""
    # The memory monitor would resume a worker that is only paused.
    dask_worker.status = Status.closing_gracefully
    setattr(dask_worker, DRAINED, True)
    state = dask_worker.state
    deadline = asyncio.get_running_loop().time() + seconds
    while (running := len(state.executing | state.long_running)) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(POLL_S)
    return running


async def drain(scheduler: str, name: str, seconds: float) -> str:
    """Drain the worker of that name, and return in words what became of it.

    Tasks that run get ``seconds``. Raises OSError where the scheduler or the worker cannot be reached.
    """
    # With the worker's own certificate, where there is one.
    connection = Security().get_connection_args("worker")
    async with rpc(scheduler, connection_args=connection, timeout=CONNECT_S) as pool:
        workers: dict[str, Any] = (await pool.identity(n_workers=-1))["workers"]
        address = next((address for address, worker in workers.items() if worker["name"] == name), None)
        if address is None:
            return f"the scheduler knows no worker {name}: nothing to drain"
        async with rpc(address, connection_args=connection, timeout=CONNECT_S) as worker:
            answer = await worker.run(function=pickle.dumps(finish), args=pickle.dumps((seconds,)))
        retired = await pool.retire_workers(workers=[address], close_workers=False, remove=True)
    left = f", running tasks given back after {seconds:g} s: {answer['result']}" if answer["result"] else ""
    held = "" if address in retired else "; what it holds goes with it, since no other worker can take it"
    return f"{name} is drained{left}{held}"
