"""The pool as dispatch sees it: whether it can compute, and a Dask client to have it do so."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from distributed import Client, Status
from distributed.security import Security

from porta.versions import versions

if TYPE_CHECKING:
    from distributed import Scheduler

CONNECT_S: Final = 10
"""The client and the scheduler share a process: what takes longer than this is not on its way."""

BATCH_S: Final = 0.001
"""Dask's client sends at most one message in this time. Its own 10 ms are meant for programs that submit thousands of
tasks one by one, which dispatch does not; a run of 500 steps would wait for them as long as it is computed."""

VERSIONS: Final = "porta"
"""The metric under which a worker tells its versions; see `porta.worker`."""

logger = logging.getLogger(__name__)


class Pool:
    """Scheduler and workers, from inside the scheduler's process."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._client: Client | None = None
        self._opening = asyncio.Lock()
        self.versions = versions()

    async def client(self) -> Client:
        """Return a connected client: the one there is, or a new one where that lost its connection."""
        async with self._opening:
            if self._client is None or self._client.status != "running":
                await self._drop()
                self._client = await Client(
                    self._scheduler.address,
                    asynchronous=True,
                    security=_client_security(self._scheduler.security),
                    set_as_default=False,
                    name="porta-dispatch",
                    timeout=CONNECT_S,
                )
                self._client.scheduler_comm.interval = BATCH_S
            return self._client

    async def close(self) -> None:
        """Close the client."""
        async with self._opening:
            await self._drop()

    def workers(self) -> int:
        """How many workers can take tasks."""
        return sum(worker.status is Status.running for worker in self._scheduler.workers.values())

    def threads(self) -> int:
        """How many tasks can run at one time."""
        return sum(worker.nthreads for worker in self._scheduler.workers.values() if worker.status is Status.running)

    def trouble(self) -> str | None:
        """Why nothing can be computed now, in words; None where it can."""
        if not self.workers():
            return "the pool has no workers; start some with `dask worker … --preload porta.worker`"
        for address, worker in self._scheduler.workers.items():
            theirs: dict[str, str] | None = worker.metrics.get(VERSIONS)
            if theirs is None:
                return f"worker {address} was started without `--preload porta.worker`"
            for name, ours in self.versions.items():
                if theirs.get(name) != ours:
                    return f"worker {address} has {name} {theirs.get(name)}, the scheduler {ours}: all must agree"
        return None

    async def _drop(self) -> None:
        if self._client is not None:
            with suppress(Exception):
                await self._client.close(timeout=1)
            self._client = None


def _client_security(scheduler: Any) -> Security:  # noqa: ANN401  Security, or what Dask made of its arguments
    """Connect as the scheduler itself: where that takes a certificate, its own serves, unless there is another."""
    return Security(
        require_encryption=scheduler.require_encryption,
        tls_ca_file=scheduler.tls_ca_file,
        tls_client_cert=scheduler.tls_client_cert or scheduler.tls_scheduler_cert,
        tls_client_key=scheduler.tls_client_key or scheduler.tls_scheduler_key,
    )
