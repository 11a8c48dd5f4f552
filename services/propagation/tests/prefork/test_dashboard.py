"""Dask's dashboard is loaded when it is first asked for, by whichever request."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from distributed import Client
from services import PreforkPool, eventually

WEBSOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[PreforkPool]:
    """A scheduler whose dashboard nobody has looked at."""
    pool = PreforkPool(tmp_path, {})
    pool.start_scheduler("--no-dashboard", "--preload", "porta.dispatch.dashboard")
    try:
        eventually(pool.answers, "dispatch answers")
        yield pool
    finally:
        pool.stop()


def status(pool: PreforkPool, path: str, headers: dict[str, str] | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", pool.dashboard, timeout=120)
    connection.request("GET", path, headers=headers or {})
    answered = connection.getresponse().status
    connection.close()
    return answered


def loaded(pool: PreforkPool) -> bool:
    def has_bokeh(dask_scheduler: Any) -> bool:  # noqa: ARG001
        import sys  # noqa: PLC0415

        return "bokeh" in sys.modules

    with Client(pool.address, set_as_default=False) as client:
        return bool(client.run_on_scheduler(has_bokeh))


def test_a_scheduler_that_starts_has_not_loaded_it_and_pages_that_ask_at_once_get_it(scheduler: PreforkPool) -> None:
    assert status(scheduler, "/health") == 200
    assert status(scheduler, "/sitemap.json") == 200
    assert not loaded(scheduler)
    paths = [
        "/status",
        "/individual-plots.json",
        "/static/js/bokeh.min.js",
        "/no-such-page",
        "/proxy/1/127.0.0.1/status",
    ]
    with ThreadPoolExecutor(len(paths)) as threads:
        answers = list(threads.map(lambda path: status(scheduler, path), paths))
    assert answers == [200, 200, 200, 404, 404]
    assert loaded(scheduler)
    assert status(scheduler, "/status") == 200


def test_a_pane_that_connects_again_after_a_restart_gets_its_websocket(scheduler: PreforkPool) -> None:
    assert status(scheduler, "/individual-progress/ws", WEBSOCKET) == 101


def test_the_list_of_plots_is_whole_when_it_is_the_first_thing_that_is_asked_for(scheduler: PreforkPool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", scheduler.dashboard, timeout=120)
    connection.request("GET", "/individual-plots.json")
    plots = json.loads(connection.getresponse().read())
    connection.close()
    assert "/individual-task-stream" in plots.values()
