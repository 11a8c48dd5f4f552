"""One computation per key, however many ask, and the same bytes as anywhere else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from services import Pool, Valkey

from pool.results import computed, stored
from porta.cache import open_cache
from porta.config import RedisSettings
from porta.manifest import read_manifest
from porta.run import Run


def test_fifty_simultaneous_requests_cause_one_computation(pool: Pool, valkey: Valkey) -> None:
    before = pool.metric("porta_graphs_started_total")
    with ThreadPoolExecutor(50) as clients:
        answers = list(clients.map(lambda _: list(pool.ask("/propagation/30000?seed=3").lines()), range(50)))
    assert pool.metric("porta_graphs_started_total") == before + 1
    assert sum(lines[0]["started"] for lines in answers) == 1
    assert len({lines[-1]["ready"]["hash"] for lines in answers}) == 1
    assert valkey.client.exists("propagation/30000?seed=3")


@pytest.mark.parametrize("run", [Run(1), Run(500), Run(16384, 5), Run(16385), Run(70000, 9007199254740991)], ids=str)
def test_the_pool_stores_the_bytes_that_one_process_computes(pool: Pool, valkey: Valkey, run: Run) -> None:
    last = pool.ask(f"/{run.key}").last()
    fields = stored(valkey, run)
    assert fields == computed(run)
    assert read_manifest(fields[b"manifest"], run.key).hash == last["ready"]["hash"]
    assert open_cache(RedisSettings(port=valkey.port)).results.find(run) == fields[b"summary"]


def test_a_second_request_finds_the_result_and_computes_nothing(pool: Pool) -> None:
    first = pool.ask("/propagation/20000").last()
    found, encoded = pool.metric("porta_graphs_found_total"), pool.metric('porta_segments_total{how="encoded"}')
    # Past the two seconds in which dispatch itself remembers, a graph looks into the cache.
    while pool.metric("porta_graphs_found_total") == found:
        assert pool.ask("/propagation/20000").last() == first
    assert pool.metric('porta_segments_total{how="encoded"}') == encoded


def test_progress_holds_every_window_of_the_overview_once(pool: Pool) -> None:
    run = Run(400_000, 2)
    lines = [line["progress"] for line in pool.ask(f"/{run.key}").lines() if "progress" in line]
    firsts = [(window["first"], len(window["data"])) for line in lines for window in line["windows"]]
    assert firsts, "no progress with windows on a run of many segments"
    assert len({first for first, _ in firsts}) == len(firsts)
    done = [line["done"] for line in lines]
    assert done == sorted(done)
    assert all(line["total"] == run.steps and line["k"] == 10 for line in lines)
