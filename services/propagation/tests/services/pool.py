"""A real Dask scheduler with dispatch, and workers."""

from __future__ import annotations

import http.client
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
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
        self.close()
        raise AssertionError("the stream ended before")

    def json(self) -> Any:
        body = self._response.read()
        self.close()
        return json.loads(body)

    def text(self) -> str:
        body = self._response.read()
        self.close()
        return body.decode()

    def dropped(self) -> Answer:
        """Itself, without its body."""
        self.close()
        return self

    def close(self) -> None:
        self._response.close()
        self._connection.close()


class Pool:
    """A Dask scheduler with dispatch, and workers."""

    def __init__(
        self, directory: Path, cache: Mapping[str, str], env: Mapping[str, str] | None = None, tls: Sequence[str] = ()
    ) -> None:
        """Prepare a pool; nothing runs yet.

        ``cache`` is the environment of workers, ``env`` the scheduler's, ``tls`` the options with which both speak it.
        """
        self._directory, self._cache, self._env, self._tls = directory, dict(cache), dict(env or {}), list(tls)
        self.port, self.dashboard, self.dispatch = free_ports(3)
        self.workers: list[Process] = []
        self._names = (f"worker-{number}" for number in itertools.count())

    def start(self, workers: int = 2) -> Pool:
        """Start the scheduler and workers, and wait for them."""
        self.start_scheduler()
        eventually(self.answers, "dispatch answers")
        for _ in range(workers):
            self.start_worker()
        self.wait_for_workers(workers)
        return self

    @property
    def address(self) -> str:
        return f"{'tls' if self._tls else 'tcp'}://127.0.0.1:{self.port}"

    def start_scheduler(self, *options: str) -> None:
        command = ["scheduler", "--host", self.address.rpartition(":")[0], "--port", str(self.port), *self._tls]
        command += ["--dashboard-address", f"127.0.0.1:{self.dashboard}", "--preload", "porta.dispatch", *options]
        self.scheduler = self._dask("scheduler", command, {"PORTA_DISPATCH_PORT": str(self.dispatch), **self._env})

    def start_worker(self, *, preload: str = "porta.worker", env: Mapping[str, str] | None = None) -> Process:
        """Start a worker without a nanny, so that its process is the one to kill."""
        command = ["worker", self.address, "--nthreads", "1", "--no-nanny", *self._tls]
        command += ["--host", self.address.rpartition(":")[0], "--dashboard-address", "127.0.0.1:0"]
        command += ["--memory-limit", "2GiB", "--death-timeout", "60", "--local-directory", str(self._directory)]
        command += ["--preload", preload] if preload else []
        name = next(self._names)
        worker = self._dask(name, [*command, "--name", name], {**self._cache, **(env or {})})
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
        # Workers first: one that is told to end while it closes with its scheduler takes ten seconds to.
        with ExitStack() as stack:
            stack.callback(self.scheduler.stop)
            for worker in self.workers:
                worker.terminate()
                stack.callback(worker.stop)

    def _dask(self, name: str, command: list[str], env: Mapping[str, str]) -> Process:
        return Process(name, self._directory, [sys.executable, "-m", "dask", *command], env)
