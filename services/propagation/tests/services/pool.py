"""A real Dask scheduler with dispatch, and workers."""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from services.process import LONG, Process, eventually, free_ports


class Answer:
    """An HTTP answer that may still be coming."""

    def __init__(self, response: http.client.HTTPResponse, connection: http.client.HTTPConnection) -> None:
        self.status, self.headers = response.status, response.headers
        self._response, self._connection = response, connection

    def lines(self) -> Iterator[dict[str, Any]]:
        """All lines of NDJSON as they come."""
        try:
            yield from map(json.loads, self._response)
        finally:
            self.close()

    def last(self) -> dict[str, Any]:
        """The last line; waits for it."""
        return list(self.lines())[-1]

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first line that is wanted; the rest is still to come."""
        for text in self._response:
            line: dict[str, Any] = json.loads(text)
            if wanted(line):
                return line
        raise AssertionError("the stream ended before")

    def json(self) -> Any:
        body = self._response.read()
        self.close()
        return json.loads(body)

    def text(self) -> str:
        body = self._response.read()
        self.close()
        return body.decode()

    def close(self) -> None:
        self._response.close()
        self._connection.close()


class Pool:
    """A Dask scheduler with dispatch, and workers."""

    def __init__(
        self, directory: Path, cache: Mapping[str, str], workers: int = 2, env: Mapping[str, str] | None = None
    ):
        self._directory, self._cache, self._env = directory, dict(cache), dict(env or {})
        self.port, self.dashboard, self.dispatch = free_ports(3)
        self.workers: list[Process] = []
        self.start_scheduler()
        for _ in range(workers):
            self.start_worker()
        self.wait_for_workers(workers)

    def start_scheduler(self) -> None:
        command = ["scheduler", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--dashboard-address", f"127.0.0.1:{self.dashboard}", "--preload", "porta.dispatch"]
        env = {"PORTA_DISPATCH_PORT": str(self.dispatch), **self._env}
        self.scheduler = self._dask("scheduler", command, env)
        eventually(self.answers, "dispatch answers")

    def start_worker(self, *, preload: str = "porta.worker", env: Mapping[str, str] | None = None) -> Process:
        """Start a worker without a nanny, so that its process is the one to kill."""
        command = ["worker", f"tcp://127.0.0.1:{self.port}", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"]
        command += ["--dashboard-address", "127.0.0.1:0", "--memory-limit", "2GiB", "--death-timeout", "60"]
        command += ["--local-directory", str(self._directory), *(["--preload", preload] if preload else [])]
        worker = self._dask(f"worker-{len(self.workers)}", command, {**self._cache, **(env or {})})
        self.workers.append(worker)
        return worker

    def wait_for_workers(self, count: int) -> None:
        eventually(lambda: self.health()["workers"] == count, f"{count} workers are there")

    def kill_worker(self) -> None:
        self.workers.pop(0).kill()

    def answers(self) -> bool:
        try:
            self.get("/health").close()
        except OSError:
            return False
        return True

    def ask(self, path: str, method: str = "POST", headers: Mapping[str, str] | None = None) -> Answer:
        """Ask dispatch; the answer may still be coming."""
        connection = http.client.HTTPConnection("127.0.0.1", self.dispatch, timeout=LONG)
        connection.request(method, path, headers=dict(headers or {}))
        return Answer(connection.getresponse(), connection)

    def get(self, path: str) -> Answer:
        return self.ask(path, "GET")

    def health(self) -> dict[str, Any]:
        health: dict[str, Any] = self.get("/health").json()
        return health

    def metric(self, sample: str) -> float:
        """The value of a sample of dispatch's metrics, written as there."""
        for line in self.get("/metrics").text().splitlines():
            name, _, value = line.rpartition(" ")
            if name == sample:
                return float(value)
        return 0.0

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.stop()

    def _dask(self, name: str, command: list[str], env: Mapping[str, str]) -> Process:
        return Process(name, self._directory, [sys.executable, "-m", "dask", *command], env)
