"""A pool whose processes are forked by `porta.prefork`, as on one machine and in a cluster."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping

import psutil

from services.pool import Pool
from services.process import Process, eventually


class PreforkPool(Pool):
    """A pool of which only parents are known: who ends a child finds it below its parent."""

    def start_workers(self, count: int, *options: str, env: Mapping[str, str] | None = None) -> Process:
        """Start one parent with so many workers."""
        command = ["worker", self.address, "--nthreads", "1", "--nworkers", str(count), "--host", "127.0.0.1"]
        command += ["--dashboard-address", "127.0.0.1:0", "--no-dashboard", "--local-directory", str(self._directory)]
        workers = self._dask(
            "workers", [*command, "--preload", "porta.worker", *options], {**self._cache, **(env or {})}
        )
        self.workers.append(workers)
        return workers

    def _dask(self, name: str, command: list[str], env: Mapping[str, str]) -> Process:
        return Process(name, self._directory, [sys.executable, "-m", "porta.prefork", *command], env)


def children(parent: Process) -> list[int]:
    """The processes that it has forked and that run."""
    running = (psutil.STATUS_RUNNING, psutil.STATUS_SLEEPING, psutil.STATUS_DISK_SLEEP)
    found = []
    for child in psutil.Process(parent.pid).children():
        try:
            if child.status() in running:
                found.append(child.pid)
        except psutil.NoSuchProcess:
            continue
    return found


def replaced(parent: Process, before: list[int]) -> list[int]:
    """Wait until as many others are in the place of these; return them."""

    def others() -> list[int]:
        now = children(parent)
        return now if len(now) == len(before) and not set(now) & set(before) else []

    return eventually(others, f"{len(before)} new processes are there")


def kill(pids: list[int]) -> None:
    """SIGKILL: as the system does it when memory is short."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
