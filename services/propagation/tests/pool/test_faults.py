"""Processes die, and whoever waits still gets the answer."""

from __future__ import annotations

import http.client
import os
import zlib
from contextlib import suppress
from typing import Any

import pytest
from distributed import Client
from services import Answer, Pool, Valkey, eventually

from pool.results import CHUNKS, Counted, computed, stored
from porta.ensembles.request import Ensemble
from porta.run import Run


@pytest.fixture(params=["propagation", "ensemble"])
def wanted(request: pytest.FixtureRequest) -> Run | Ensemble:
    """What takes a while, of this test alone: dispatch remembers for two seconds what has ended."""
    number = zlib.crc32(request.node.name.encode())
    if request.param == "propagation":
        return Run(500_000, number)
    return Ensemble(10_000, 20_000, number % 100 * 1000)


def underway(pool: Pool, wanted: Run | Ensemble) -> Answer:
    """A computation whose first parts are stored and whose last are not."""
    answer = pool.ask(f"/{wanted.key}")
    answer.until(lambda line: "progress" in line and 0 < line["progress"]["done"] < line["progress"]["total"])
    return answer


def test_a_worker_that_is_killed_costs_time_and_nothing_else(
    pool: Pool, valkey: Valkey, wanted: Run | Ensemble
) -> None:
    before = pool.metric("porta_graphs_started_total")
    answer = underway(pool, wanted)
    pool.kill_worker()
    assert "ready" in answer.last()
    assert stored(valkey, wanted) == computed(wanted)
    assert pool.metric("porta_graphs_started_total") == before + 1


def test_a_run_is_not_looked_for_again_when_the_worker_dies_that_did(pool: Pool, valkey: Valkey) -> None:
    run = Run(500_000, 18)

    def looks(dask_worker: Any) -> int:
        """How often the worker's own record speaks of its looking."""
        return sum(f"look-{run.key}#" in str(entry) for entry in dask_worker.state.log)

    attempts = pool.metric("porta_graph_attempts_total")
    answer = underway(pool, run)
    valkey.client.client_pause(60_000, all=False)  # so that it does not end before its worker does
    with Client(pool.address, set_as_default=False) as client:
        (looked,) = [address for address, entries in client.run(looks).items() if entries]
        pid = client.run(os.getpid, workers=[looked])[looked]
    next(worker for worker in pool.workers if worker.pid == pid).kill()
    valkey.client.client_unpause()
    assert "ready" in answer.last()
    assert stored(valkey, run) == computed(run)
    assert pool.metric("porta_graph_attempts_total") == attempts + 1


def test_without_any_worker_who_waits_goes_on_and_new_ones_are_told(
    pool: Pool, valkey: Valkey, wanted: Run | Ensemble
) -> None:
    answer = underway(pool, wanted)
    for worker in pool.workers:
        worker.kill()
    pool.wait_for_workers(0)
    refused = pool.ask("/propagation/3")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "2")
    assert "no workers" in refused.json()["detail"]
    assert "progress" in answer.until(lambda _: True)
    pool.start_worker()
    assert "ready" in answer.last()
    assert stored(valkey, wanted) == computed(wanted)


def test_a_scheduler_that_is_killed_is_asked_again_when_it_is_back(
    pool: Pool, valkey: Valkey, wanted: Run | Ensemble
) -> None:
    answer = underway(pool, wanted)
    pool.scheduler.kill()
    with suppress(http.client.IncompleteRead, ConnectionError):
        assert all("progress" in line for line in answer.lines()), "a last line, and nobody who could have said it"
    for worker in pool.workers:
        eventually(lambda worker=worker: worker.returncode is not None, "a worker ends with its scheduler")  # type: ignore[misc]
    pool.start(1)
    assert "ready" in pool.ask(f"/{wanted.key}").last()
    assert stored(valkey, wanted) == computed(wanted)


def test_a_cache_that_is_emptied_in_the_middle_is_filled_again(
    pool: Pool, valkey: Valkey, wanted: Run | Ensemble
) -> None:
    answer = underway(pool, wanted)
    valkey.client.flushall()
    assert "ready" in answer.last()
    assert stored(valkey, wanted) == computed(wanted)


def test_a_cache_that_dies_in_the_middle_and_comes_back_empty_is_filled_again(
    pool: Pool, valkey: Valkey, wanted: Run | Ensemble
) -> None:
    answer = underway(pool, wanted)
    valkey.kill()
    valkey.start()
    assert "ready" in answer.last()
    assert stored(valkey, wanted) == computed(wanted)


def test_a_run_goes_on_when_nobody_waits_any_more(pool: Pool, valkey: Valkey) -> None:
    run = Run(500_000, 17)
    underway(pool, run).close()
    eventually(lambda: valkey.client.hexists(run.key, "manifest"), "the result is stored")
    assert stored(valkey, run) == computed(run)
    eventually(lambda: pool.metric("porta_waiters") == 0, "nobody waits")


def test_a_worker_that_is_killed_costs_an_ensemble_no_chunk_that_is_stored(pool: Pool, valkey: Valkey) -> None:
    ensemble, chunks = Ensemble(10_000, 20_000, 300_000), Counted(pool, CHUNKS)
    answer = pool.ask(f"/{ensemble.key}")
    eventually(lambda: valkey.client.dbsize() >= 6, "chunks are stored")
    pool.kill_worker()
    assert "ready" in answer.last()
    assert stored(valkey, ensemble) == computed(ensemble)
    # One may be stored and its worker not have come to say so.
    assert len(ensemble.chunks()) - 1 <= chunks["computed"] <= len(ensemble.chunks())


def test_a_lost_connection_between_dispatch_and_scheduler_is_made_again(
    pool: Pool, valkey: Valkey, wanted: Run | Ensemble
) -> None:
    def cut(dask_scheduler: Any) -> int:
        comms = [comm for name, comm in dask_scheduler.client_comms.items() if "porta-dispatch" in name]
        for comm in comms:
            comm.abort()
        return len(comms)

    answer = underway(pool, wanted)
    with Client(pool.address, set_as_default=False) as client:
        assert client.run_on_scheduler(cut) == 1
    assert "ready" in answer.last()
    assert stored(valkey, wanted) == computed(wanted)
