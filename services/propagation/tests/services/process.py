"""Processes of our own, and how to wait for them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

LONG: Final = 120.0
"""Seconds that a condition may take on a busy machine before a test gives it up."""


OURS: Final = ("REDIS_", "PORTA_", "DASK_", "MAX_")
"""Variables that a test sets where it wants them, whatever the shell has."""


def eventually(condition: Callable[[], T], what: str, timeout: float = LONG) -> T:
    """Wait until the condition holds, and return what made it so."""
    give_up = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < give_up, f"not within {timeout} s: {what}"
        time.sleep(0.02)
    return value


def free_ports(count: int) -> list[int]:
    """Ports that are free now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Process:
    """A process of ours, with its children, and a log."""

    def __init__(self, name: str, directory: Path, command: list[str], env: Mapping[str, str] | None = None) -> None:
        self.name, self.log = name, directory / f"{name}.log"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, env=inherited | dict(env or {}), start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.poll()

    def kill(self) -> None:
        """SIGKILL to all of it."""
        self._signal(signal.SIGKILL)
        self._process.wait(LONG)

    def freeze(self) -> None:
        """SIGSTOP to all of it."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT to all of it."""
        self._signal(signal.SIGCONT)

    def terminate(self) -> None:
        """SIGTERM, with which an orderly end begins."""
        if self.returncode is None:
            self._process.terminate()

    def ended(self) -> int:
        """Wait for the end; returns how it went."""
        return self._process.wait(LONG)

    def stop(self) -> None:
        """SIGTERM, and wait. Leaves nothing behind."""
        self.terminate()
        try:
            self.ended()
        finally:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)
