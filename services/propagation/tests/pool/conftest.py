"""One Valkey and one pool of two workers for all tests that leave them as they were."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from distributed import Scheduler, Worker
from services.fixtures import pool, standing_pool, valkey

from pool.results import Fields, differences, explained, keep
from porta.dispatch.pool import Pool

__all__ = ["pool", "standing_pool", "valkey"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes are started and ended here, which takes a busy machine its time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(600))


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Results are megabytes: to explain how two differ, line by line, would take longer than any test."""
    if op == "==" and isinstance(left, Fields) and isinstance(right, Fields):
        said = [f"{name}: {line}" for name, side in (("left", left), ("right", right)) for line in explained(side)]
        return ["the same result twice", *differences(left, right), *said, f"both are kept in {keep(left, right)}"]
    return None


@pytest.fixture
async def near() -> AsyncIterator[Pool]:
    """Dispatch's own view of a pool within this process: for what tasks of its own have to show, without a cache."""
    async with (
        Scheduler(host="127.0.0.1", port=0, dashboard_address="127.0.0.1:0") as scheduler,
        Worker(scheduler.address, nthreads=64, dashboard_address="127.0.0.1:0"),
    ):
        pool = Pool(scheduler)
        yield pool
        await pool.close()
