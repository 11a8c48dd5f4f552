"""Processes that are forked from one another share its code, and nothing that has to be their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
from distributed import Client
from services import PreforkPool, Process, Valkey, eventually
from services.prefork import children, kill

from prefork.conftest import WORKERS


def test_parents_have_one_thread_and_no_connection(pool: PreforkPool, workers: Process) -> None:
    for parent in (pool.scheduler, workers):
        process = psutil.Process(parent.pid)
        assert process.num_threads() == 1
        assert process.net_connections() == []


def test_each_worker_draws_random_numbers_of_its_own(pool: PreforkPool) -> None:
    def draws() -> tuple[Any, ...]:
        import random  # noqa: PLC0415
        import uuid  # noqa: PLC0415

        import numba  # noqa: PLC0415
        import numpy as np  # noqa: PLC0415

        @numba.njit  # type: ignore[untyped-decorator]
        def compiled() -> float:
            return np.random.random()

        return random.random(), np.random.random(), np.random.default_rng().random(), compiled(), uuid.uuid4().hex

    eventually(lambda: pool.health()["workers"] == WORKERS, "all are there")
    with Client(pool.address, set_as_default=False) as client:
        first, second = client.run(draws).values()
    assert [a for a, b in zip(first, second, strict=True) if a == b] == []


def test_children_end_with_a_parent_that_is_killed(valkey: Valkey, tmp_path: Path) -> None:
    pool = PreforkPool(tmp_path, valkey.env)
    workers = pool.start_workers(2)
    try:
        forked = [
            psutil.Process(pid) for pid in eventually(lambda: children(workers)[1:] and children(workers), "both")
        ]
        kill([workers.pid])
        eventually(lambda: not any(child.is_running() for child in forked), "they end")
    finally:
        workers.kill()


def test_a_worker_that_takes_too_much_memory_is_killed_and_replaced(valkey: Valkey, tmp_path: Path) -> None:
    def hoard() -> bytes:
        hoarded = [b"\1" * 2**20 for _ in range(2**20)]
        return hoarded[0][:1]

    pool = PreforkPool(tmp_path, valkey.env)
    pool.start_scheduler()
    try:
        eventually(pool.answers, "dispatch answers")
        workers = pool.start_workers(1, "--memory-limit", "600MiB")
        pool.wait_for_workers(1)
        (before,) = children(workers)
        with Client(pool.address, set_as_default=False) as client:
            future = client.submit(hoard, retries=0)
            eventually(lambda: "more than 570.00 MiB: killed" in workers.log.read_text(), "it is killed")
            future.cancel()
            eventually(lambda: children(workers) not in ([], [before]), "another is there")
    finally:
        pool.stop()
