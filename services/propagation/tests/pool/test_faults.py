"""Processes die, and whoever waits still gets the answer."""

from __future__ import annotations

import http.client
import zlib
from contextlib import suppress
from typing import Any

import pytest
from services import Answer, Pool, Valkey, eventually

from pool.results import computed, stored
from porta.run import Run


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Run:
    """A run that takes a while, of this test alone: dispatch remembers for two seconds what has ended."""
    return Run(500_000, zlib.crc32(request.node.name.encode()))


def underway(pool: Pool, run: Run) -> Answer:
    """A run whose first segments are stored and whose last are not."""
    answer = pool.ask(f"/{run.key}")
    answer.until(lambda line: 0 < line.get("progress", {}).get("done", 0) < run.steps)
    return answer


def test_a_worker_that_is_killed_costs_time_and_nothing_else(pool: Pool, valkey: Valkey, run: Run) -> None:
    before = pool.metric("porta_graphs_started_total")
    answer = underway(pool, run)
    pool.kill_worker()
    assert "ready" in answer.last()
    assert stored(valkey, run) == computed(run)
    assert pool.metric("porta_graphs_started_total") == before + 1


def test_without_any_worker_who_waits_goes_on_and_new_ones_are_told(pool: Pool, valkey: Valkey, run: Run) -> None:
    answer = underway(pool, run)
    for worker in pool.workers:
        worker.kill()
    pool.wait_for_workers(0)
    refused = pool.ask("/propagation/3")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "2")
    assert "no workers" in refused.json()["detail"]
    assert "progress" in answer.until(lambda _: True)
    pool.start_worker()
    assert "ready" in answer.last()
    assert stored(valkey, run) == computed(run)


def test_a_scheduler_that_is_killed_is_asked_again_when_it_is_back(pool: Pool, valkey: Valkey, run: Run) -> None:
    answer = underway(pool, run)
    pool.scheduler.kill()
    with suppress(http.client.IncompleteRead, ConnectionError):
        assert all("progress" in line for line in answer.lines()), "a last line, and nobody who could have said it"
    for worker in pool.workers:
        eventually(lambda worker=worker: worker.returncode is not None, "a worker ends with its scheduler")  # type: ignore[misc]
    pool.start(1)
    assert "ready" in pool.ask(f"/{run.key}").last()
    assert stored(valkey, run) == computed(run)


def test_a_cache_that_is_emptied_in_the_middle_is_filled_again(pool: Pool, valkey: Valkey, run: Run) -> None:
    answer = underway(pool, run)
    valkey.client.flushall()
    assert "ready" in answer.last()
    assert stored(valkey, run) == computed(run)


def test_a_cache_that_dies_in_the_middle_and_comes_back_empty_is_filled_again(
    pool: Pool, valkey: Valkey, run: Run
) -> None:
    answer = underway(pool, run)
    valkey.kill()
    valkey.start()
    assert "ready" in answer.last()
    assert stored(valkey, run) == computed(run)


def test_a_run_goes_on_when_nobody_waits_any_more(pool: Pool, valkey: Valkey, run: Run) -> None:
    underway(pool, run).close()
    eventually(lambda: valkey.client.hexists(run.key, "manifest"), "the result is stored")
    assert stored(valkey, run) == computed(run)
    eventually(lambda: pool.metric("porta_waiters") == 0, "nobody waits")


def test_a_lost_connection_between_dispatch_and_scheduler_is_made_again(pool: Pool, valkey: Valkey, run: Run) -> None:
    from distributed import Client  # noqa: PLC0415

    def cut(dask_scheduler: Any) -> int:
        comms = [comm for name, comm in dask_scheduler.client_comms.items() if "porta-dispatch" in name]
        for comm in comms:
            comm.abort()
        return len(comms)

    answer = underway(pool, run)
    with Client(pool.address, set_as_default=False) as client:
        assert client.run_on_scheduler(cut) == 1
    assert "ready" in answer.last()
    assert stored(valkey, run) == computed(run)
