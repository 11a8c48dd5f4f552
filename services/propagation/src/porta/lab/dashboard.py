"""Dask's dashboard inside JupyterLab: a way through the Jupyter server to the scheduler's pages, and to nothing else.

A server extension. Who is logged in reaches the dashboard under `ROUTE`, wherever the browser is. jupyter-server-proxy
does the work; its own routes, which lead to any port, are switched off.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from jupyter_server.utils import url_path_join
from jupyter_server_proxy.handlers import ProxyHandler
from tornado.httputil import HTTPHeaders
from tornado.web import HTTPError

from porta.lab.start import ROUTE, dashboard_address

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


class DashboardHandler(ProxyHandler):  # type: ignore[misc]
    """Passes pages and their websockets on; who is not logged in is refused before."""

    def initialize(self, dashboard: tuple[str, int]) -> None:
        """Take `dashboard`, host and port, as the one place to pass anything on to."""
        self._dashboard = dashboard
        self.host_allowlist = [dashboard[0]]
        self.proxy_base = ROUTE
        self.update_last_activity = False  # an open pane is no work

    async def http_get(self, path: str) -> None:
        """Pass a request on. Raises a 502 where nothing answers."""
        try:
            await self.proxy(*self._dashboard, path)
        except OSError as error:
            raise HTTPError(502, f"the scheduler's dashboard does not answer: {error}") from error

    async def open(self, path: str) -> None:
        """Pass a websocket on."""
        await self.proxy_open(*self._dashboard, path)

    def refuse(self, _: str) -> None:
        """Refuse what would write: the dashboard has nothing to be written to."""
        raise HTTPError(405)

    head = post = put = patch = delete = options = refuse

    def proxy_request_headers(self) -> HTTPHeaders:
        """Return the browser's headers without what would let the scheduler act as the user here."""
        headers: HTTPHeaders = super().proxy_request_headers()
        for name in ("Cookie", "Authorization", "X-XSRFToken", "Referer"):
            headers.pop(name, None)
        return headers

    def get_client_uri(self, *where: str) -> str:
        """Return where a request is passed on to: with its query, but for the token that may have let it in here."""
        uri: SplitResult = urlsplit(super().get_client_uri(*where))
        query = [(name, value) for name, value in parse_qsl(uri.query, keep_blank_values=True) if name != "token"]
        return uri._replace(query=urlencode(query)).geturl()


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    pattern = url_path_join(server.base_url, ROUTE, "(.*)")
    handler = (pattern, DashboardHandler, {"dashboard": dashboard_address(os.environ)})
    server.web_app.add_handlers(".*", [handler])  # type: ignore[no-untyped-call]
