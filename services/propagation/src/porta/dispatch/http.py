"""Dispatch's HTTP: frontends ask here, probes and scrapers look."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler

from porta.contract import ENGINE
from porta.dispatch.kinds import KINDS
from porta.dispatch.line import LineFull
from porta.dispatch.metrics import CONTENT_TYPE
from porta.dispatch.request import Asked
from porta.run import BadInput

if TYPE_CHECKING:
    from tornado.http1connection import HTTP1Connection

    from porta.config import DispatchSettings
    from porta.dispatch.flight import Flight
    from porta.dispatch.flights import Flights
    from porta.dispatch.kinds.kind import Kind
    from porta.dispatch.metrics import Metrics
    from porta.dispatch.pool import Pool

PROGRESS_S: Final = 0.4
"""Progress comes at least twice a second."""

SLOWEST_READER_S: Final = 30
"""Who does not take one line in this time is gone."""

RETRY_AFTER_S: Final = 2

TITLES: Final = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

logger = logging.getLogger(__name__)


@dataclass
class Service:
    """What the handlers share."""

    pool: Pool
    flights: Flights
    metrics: Metrics
    settings: DispatchSettings
    waiters: int = 0
    closing: bool = False
    _logged: str | None = None

    def trouble(self) -> str | None:
        """Why nothing new can be computed, in words; None where it can. The log tells when that changes."""
        reason = "this scheduler is going down" if self.closing else self.pool.trouble()
        if reason != self._logged:
            logger.warning("takes no new work: %s" if reason else "takes work", *filter(None, [reason]))
            self._logged = reason
        return reason

    def refusal(self) -> str | None:
        """Why a request that would have to wait is refused, in words; None where it is not."""
        if self.waiters >= self.settings.max_waiters:
            return f"{self.waiters} requests wait already"
        return self.trouble()


class Handler(RequestHandler):
    """What all routes have in common: errors are RFC 9457 problems, and browsers are not served."""

    service: Service

    def initialize(self, **given: Any) -> None:  # noqa: ANN401
        """Take what Tornado hands over from the route."""
        self.service = given["service"]

    def prepare(self) -> None:
        """Refuse what comes from a web page: this port is for servers."""
        if "Origin" in self.request.headers:
            self.problem(403, "requests from web pages are not answered here; ask the frontend")

    def set_default_headers(self) -> None:
        """Say no more than needed."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")

    def problem(self, status: int, detail: str, **more: str) -> None:
        """Answer with a problem."""
        self.service.metrics.refused.labels(status).inc()
        self.set_status(status)
        if status == 503:
            self.set_header("Retry-After", RETRY_AFTER_S)
        self.set_header("Content-Type", "application/problem+json")
        problem = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, **more}
        self.finish(orjson.dumps(problem))

    def json(self, status: int, value: Any) -> None:  # noqa: ANN401
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(orjson.dumps(value))

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401
        """Answer what Tornado itself refuses, and our own mistakes, without their traces."""
        status = status_code if status_code in TITLES else 400 if status_code < 500 else 500
        if status == 405:
            self.set_header("Allow", ", ".join(m for m in self.SUPPORTED_METHODS if self._offers(m)))
        self.problem(status, f"{self.request.method} is not offered here" if status == 405 else TITLES[status])

    def _offers(self, method: str) -> bool:
        return getattr(type(self), method.lower()) is not getattr(RequestHandler, method.lower())


class Computation(Handler):
    """``POST`` to the route of a kind of request: start or join a computation, and stream how it goes."""

    kind: Kind[Any]

    def initialize(self, **given: Any) -> None:  # noqa: ANN401
        """Take what Tornado hands over from the route."""
        super().initialize(**given)
        self.kind = given["kind"]

    def decode_argument(self, value: bytes, name: str | None = None) -> str:  # noqa: ARG002
        """Let Tornado's own reading of the path pass; ours is of the raw one."""
        return value.decode("utf-8", "replace")

    async def post(self, *_: str) -> None:
        """Check, find the flight, stream."""
        service = self.service
        try:
            asked = Asked.parse(self.kind, self.request.path, self.request.query, service.settings)
        except BadInput as bad:
            self.problem(400, str(bad), name=bad.name, value=bad.value, allowed=bad.allowed, example=bad.example)
            return
        if asked.engine not in (None, ENGINE):
            self._begin()
            await self._send(_line("failed", _other_engine(asked.engine)))
            return
        flight, started = service.flights.known(asked.request), False
        if flight is None or flight.last is None:
            reason = service.refusal()
            if reason is not None:
                self.problem(503, reason)
                return
        if flight is None:
            try:
                flight, started = service.flights.start(self.kind, asked.request), True
            except LineFull as reason:
                self.problem(503, str(reason))
                return
        self._begin()
        service.waiters += 1
        try:
            with flight.waiting():
                await self._stream(flight, started)
        except (StreamClosedError, TimeoutError):
            # The client left, or does not read. The computation goes on: its result is worth as much to the next.
            self._connection.stream.close()
        finally:
            service.waiters -= 1

    async def _stream(self, flight: Flight, started: bool) -> None:
        """Send lines until the end. The next one is made when the last one is sent, so that none pile up."""
        seen = 0
        await self._send(_line("started", started))
        while flight.last is None and not self.service.closing:
            if await flight.ended(PROGRESS_S):
                break
            line, seen = flight.line(seen)
            await self._send(line)
        if flight.last is not None:
            await self._send(flight.last)

    def _begin(self) -> None:
        self.set_header("Content-Type", "application/x-ndjson")
        # Two small writes shortly after each other: Nagle's algorithm would hold back the second for up to 40 ms.
        self._connection.stream.set_nodelay(True)

    @property
    def _connection(self) -> HTTP1Connection:
        return cast("HTTP1Connection", self.request.connection)

    async def _send(self, line: bytes) -> None:
        self.write(line)
        async with asyncio.timeout(SLOWEST_READER_S):
            await self.flush()


class Health(Handler):
    """``GET /health``: 200 while dispatch accepts work, else 503 with the reason."""

    def get(self) -> None:
        """Answer with versions, workers and, where there is one, the reason."""
        service = self.service
        reason = service.trouble()
        self.json(
            200 if reason is None else 503,
            {
                "accepting": reason is None,
                "reason": reason,
                "engine": ENGINE,
                "versions": service.pool.versions,
                "workers": service.pool.workers(),
                "maxSteps": service.settings.max_steps,
                "maxRuns": service.settings.max_runs,
                "maxEnsembleSteps": service.settings.max_ensemble_steps,
            },
        )


class MetricsText(Handler):
    """``GET /metrics``."""

    def get(self) -> None:
        """Answer in Prometheus' text format."""
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(self.service.metrics.text())


class Nowhere(Handler):
    """Everything else."""

    def prepare(self) -> None:
        """Say what there is."""
        super().prepare()
        if not self._finished:
            self.problem(
                404, f"there is {', '.join(f'POST {kind.route}' for kind in KINDS)}, GET /health and GET /metrics"
            )


def serve(service: Service) -> HTTPServer:
    """Make the server; it does not listen yet."""
    shared = {"service": service}
    routes: list[Any] = [
        *((re.sub(":[a-z]+", "([^/]*)", kind.route), Computation, {**shared, "kind": kind}) for kind in KINDS),
        (r"/health", Health, shared),
        (r"/metrics", MetricsText, shared),
    ]
    application = Application(
        routes, default_handler_class=Nowhere, default_handler_args=shared, log_function=lambda _: None
    )
    # A request is a line and a few headers: nothing longer, nothing slower.
    return HTTPServer(
        application, max_header_size=16_384, max_body_size=1024, body_timeout=5, idle_connection_timeout=75
    )


def _line(name: str, value: Any) -> bytes:  # noqa: ANN401
    return orjson.dumps({name: value}) + b"\n"


def _other_engine(engine: int) -> dict[str, Any]:
    reason = f"this pool has engine {ENGINE}, you ask for engine {engine}: a rollout is on its way, ask again"
    return {"reason": reason, "retryable": True, "status": 503}
