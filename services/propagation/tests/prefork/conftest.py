"""A pool of our own: two processes that have everything loaded, and what they fork."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from services import PreforkPool, Valkey, eventually
from services.fixtures import valkey
from services.process import Process

__all__ = ["valkey"]

WORKERS = 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes are started and ended here, which takes a busy machine its time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="module")
def pool(valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreforkPool]:
    pool = PreforkPool(tmp_path_factory.mktemp("prefork"), valkey.env)
    pool.start_scheduler()
    try:
        eventually(pool.answers, "dispatch answers")
        pool.start_workers(WORKERS)
        pool.wait_for_workers(WORKERS)
        yield pool
    finally:
        pool.stop()


@pytest.fixture
def workers(pool: PreforkPool) -> Process:
    """The parent of the workers."""
    return pool.workers[0]
