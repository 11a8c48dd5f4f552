"""Start and stop of dispatch inside the scheduler's process."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from porta import dask_defaults  # noqa: F401  importing it applies them
from porta.config import ConfigError, DispatchSettings
from porta.dispatch.flights import Flights
from porta.dispatch.http import Service, serve
from porta.dispatch.metrics import Metrics
from porta.dispatch.pool import Pool
from porta.job import CONCLUDED, PROGRESS

if TYPE_CHECKING:
    from distributed import Scheduler
    from tornado.httpserver import HTTPServer

logger = logging.getLogger("porta.dispatch")

_running: dict[str, tuple[Service, HTTPServer]] = {}


async def dask_setup(scheduler: Scheduler) -> None:
    """Start dispatch, or end the scheduler with the reason: Dask itself would log a failing preload and go on."""
    try:
        settings = DispatchSettings.from_env(os.environ)
        pool, metrics = Pool(scheduler), Metrics()
        flights = Flights(pool, metrics, settings)
        service = Service(pool, flights, metrics, settings)
        metrics.waiters.set_function(lambda: service.waiters)
        server = serve(service)
        server.listen(settings.port, settings.host)
    except ConfigError as error:
        raise SystemExit(f"porta.dispatch: {error}") from None
    except OSError as error:
        raise SystemExit(
            f"porta.dispatch cannot listen on {settings.host}:{settings.port} ({error.strerror}): "
            "end what listens there, or set PORTA_DISPATCH_PORT"
        ) from None
    # An extension of Dask's worker stream: in order with its own messages, and kept nowhere, unlike `log_event`.
    scheduler.stream_handlers[PROGRESS] = flights.progress
    scheduler.stream_handlers[CONCLUDED] = flights.concluded
    _running[scheduler.id] = service, server
    port = next(iter(server._sockets.values())).getsockname()[1]
    logger.info("  Dispatch at:  http://%s:%s", settings.host, port)


async def dask_teardown(scheduler: Scheduler) -> None:
    """End all streams and go."""
    if scheduler.id not in _running:
        return
    service, server = _running.pop(scheduler.id)
    service.closing = True
    server.stop()
    await service.flights.close()
    await service.pool.close()
    # Streams end now; whoever does not read does not keep us.
    for _ in range(20):
        if not service.waiters:
            break
        await asyncio.sleep(0.05)
    await server.close_all_connections()
