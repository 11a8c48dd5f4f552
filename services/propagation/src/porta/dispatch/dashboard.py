"""Dask's dashboard, loaded when somebody looks at it.

A preload of its own: ``dask scheduler --no-dashboard --preload porta.dispatch --preload porta.dispatch.dashboard``.
Dask's pages need bokeh, most of a second of CPU to import: so long a scheduler that starts would not answer.
"""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tornado import web
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import Matcher, Rule

if TYPE_CHECKING:
    from distributed import Scheduler

logger = logging.getLogger("porta.dispatch")

MODULE: Final = "distributed.dashboard.scheduler"

LIST_OF_PLOTS: Final = "/individual-plots.json"
"""Dask answers this without the dashboard too, but then with an empty list, which JupyterLab takes for no dashboard."""


def dask_setup(scheduler: Scheduler) -> None:
    """Have the first request that needs the dashboard load it."""
    application = scheduler.http_application
    if not application.applications:  # with --dashboard Dask has put its own there
        stand_in = _StandIn(scheduler)
        application.add_application(stand_in)
        application.wildcard_router.rules.insert(0, stand_in.rule)


class _IsListOfPlots(Matcher):
    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return {} if request.path == LIST_OF_PLOTS else None


class _StandIn(web.Application):
    """Stands in the place of the dashboard until that is loaded."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler
        self._loading: asyncio.Task[None] | None = None
        self.rule = Rule(_IsListOfPlots(), self)
        """Leads requests here that the scheduler's own routes would answer."""

    def find_handler(self, request: HTTPServerRequest, **_: Any) -> _Waiting:  # type: ignore[override]  # noqa: ANN401
        """Let the request wait for the dashboard."""
        return _Waiting(self, request)

    async def answer(self, request: HTTPServerRequest) -> None:
        """Load the dashboard, once, and have it answer."""
        if self._loading is None:
            self._loading = asyncio.create_task(self._load())
        await asyncio.shield(self._loading)
        self._scheduler.http_application.find_handler(request).finish()

    async def _load(self) -> None:
        application = self._scheduler.http_application
        try:
            # Not on the event loop, on which the scheduler works.
            dashboard = await asyncio.to_thread(import_module, MODULE)
        except ImportError:
            logger.exception("Dask's dashboard cannot be loaded")
            self._leave()
            return
        self._leave()
        dashboard.connect(application, self._scheduler.http_server, self._scheduler, prefix="")

    def _leave(self) -> None:
        application = self._scheduler.http_application
        application.applications.remove(self)
        application.wildcard_router.rules.remove(self.rule)


class _Waiting(HTTPMessageDelegate):
    """A request, of a page or a websocket, for which there is no handler yet."""

    handler_class = web.RequestHandler
    """Asked for by Dask's routing: anything but what answers 404."""

    def __init__(self, stand_in: _StandIn, request: HTTPServerRequest) -> None:
        self._stand_in, self._request = stand_in, request
        self._answering: asyncio.Task[None] | None = None

    def finish(self) -> None:
        """Begin to answer, now that the whole request is here."""
        self._answering = asyncio.create_task(self._stand_in.answer(self._request))
