"""Asks dispatch, over HTTP: whether it accepts work, and for computations, whose progress it streams."""

from __future__ import annotations

import http.client
import json
import math
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from porta.client.errors import PlatformAway, PlatformError, Starting, VersionMismatch
from porta.contract import ENGINE
from porta.run import BadInput

if TYPE_CHECKING:
    from porta.client.places import Places

SILENCE_S: Final = 15.0
"""Progress comes at least twice a second: after so long without, nobody is there any more."""

LOOK_S: Final = 1.0
"""To find out whether a scheduler listens where dispatch does not."""


STARTING_S: Final = 15.0
"""A scheduler opens its own port some milliseconds before that of its dispatch, on a busy machine some seconds. One
that answers without dispatch for longer than this was started without it. The frontend waits as long."""


@dataclass(frozen=True, slots=True)
class Health:
    """What dispatch says of itself."""

    accepting: bool
    reason: str | None
    """Why it accepts nothing."""
    engine: int
    versions: dict[str, str]
    """By name: engine, python and the packages that have to agree."""
    workers: int

    @classmethod
    def read(cls, data: dict[str, Any]) -> Health:
        """Read ``GET /health``. Raises KeyError or TypeError where it is something else's."""
        return cls(data["accepting"], data["reason"], data["engine"], dict(data["versions"]), data["workers"])

    def require_engine(self) -> None:
        """Refuse a pool of another engine than this process. Raises `VersionMismatch`."""
        if self.engine != ENGINE:
            raise VersionMismatch(
                f"This notebook has engine {ENGINE} (porta {version('porta')}), the pool has engine {self.engine} "
                f"(porta {self.versions.get('porta')}): their results are not the same bytes. Install the pool's "
                "release here, or restart the kernel if it has just been installed."
            )


class Dispatch:
    """Where computations are asked for."""

    def __init__(self, places: Places) -> None:
        self._places = places
        url = urlsplit(places.dispatch)
        self._host, self._port = url.hostname or "", url.port or 80
        self._alone: float | None = None
        """Since when the scheduler has been seen without dispatch; None where the last look showed something else."""

    def health(self, left: float = math.inf) -> Health:
        """Ask how it is; ``left`` seconds are left for it.

        Raises `PlatformAway`, or `PlatformError` where something else answers.
        """
        with self._request("GET", "/health", left) as response:
            data = self._json(response)
            try:
                return Health.read(data)
            except (KeyError, TypeError) as error:
                raise self._stranger() from error

    def ask(self, key: str, left: float = math.inf) -> Generator[dict[str, Any], None, None]:
        """Have a result computed, or join who does: yields the lines of docs/formats.md as they come.

        Each may take ``left`` seconds, and `SILENCE_S`, at most.

        Raises
        ------
        BadInput : dispatch refuses what is asked for
        PlatformAway : it does not answer, is not ready, or falls silent
        PlatformError : what answers is no dispatch
        """
        path = f"/{key}{'&' if '?' in key else '?'}engine={ENGINE}"
        with self._request("POST", path, left) as response:
            if response.status != http.client.OK:
                raise self._problem(response)
            for line in response:
                yield self._line(line)

    @contextmanager
    def _request(self, method: str, path: str, left: float) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=min(SILENCE_S, left))
        try:
            connection.request(method, path)
            response = connection.getresponse()
            self._alone = None
            yield response
        except (OSError, http.client.IncompleteRead) as error:
            raise self._away(error) from error
        except http.client.HTTPException as error:  # not even HTTP
            raise self._stranger() from error
        finally:
            connection.close()

    def _problem(self, response: http.client.HTTPResponse) -> Exception:
        problem = self._json(response)
        detail = problem.get("detail", problem.get("title", ""))
        if response.status == http.client.BAD_REQUEST and {"name", "value", "allowed", "example"} <= problem.keys():
            return BadInput(*(str(problem[part]) for part in ("name", "value", "allowed", "example")))
        if response.status == http.client.SERVICE_UNAVAILABLE:
            return PlatformAway(f"The pool at {self._places.dispatch} takes no work now: {detail}.")
        return PlatformError(f"Dispatch at {self._places.dispatch} refuses ({response.status}): {detail}.")

    def _json(self, response: http.client.HTTPResponse) -> dict[str, Any]:
        return self._line(response.read())

    def _line(self, data: bytes) -> dict[str, Any]:
        try:
            value = json.loads(data)
        except ValueError as error:
            raise self._stranger() from error
        if not isinstance(value, dict):
            raise self._stranger()
        return value

    def _stranger(self) -> PlatformError:
        return PlatformError(
            f"What answers at {self._places.dispatch} is not Porta's dispatch. DISPATCH_URL has to name it."
        )

    def _away(self, error: Exception) -> PlatformAway:
        if isinstance(error, TimeoutError):
            self._alone = None
            return PlatformAway(
                f"Dispatch does not answer at {self._places.dispatch} in time: its scheduler is stopped or overloaded, "
                "or the network drops packets."
            )
        tried = f"Dispatch does not answer at {self._places.dispatch} ({error or type(error).__name__})."
        if self._scheduler_answers():
            now = time.monotonic()
            if self._alone is None:
                self._alone = now
            if now - self._alone < STARTING_S:
                return Starting(
                    f"The Dask scheduler at {self._places.scheduler} is starting: nothing listens at "
                    f"{self._places.dispatch} yet. Ask again in some seconds."
                )
            return PlatformAway(
                f"{tried} A Dask scheduler answers at {self._places.scheduler}: either it was started without "
                "--preload porta.dispatch, or its dispatch listens on another port, which DISPATCH_URL has to name."
            )
        self._alone = None
        return PlatformAway(
            f"{tried} Nor does a Dask scheduler at {self._places.scheduler}. Is the platform running (npm start)? "
            f"Where it is elsewhere, {self._places.scheduler_variable} has to name its scheduler, or DISPATCH_URL its "
            "dispatch."
        )

    def _scheduler_answers(self) -> bool:
        scheduler = urlsplit(self._places.scheduler)
        try:
            socket.create_connection((scheduler.hostname or "", scheduler.port or 0), LOOK_S).close()
        except OSError:
            return False
        return True
