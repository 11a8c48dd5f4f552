"""The process of a worker ends when the worker has closed: with exit code 0, however long Python would take to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client
from services import Pool, Process, Valkey, eventually

SLOW_TO_END = """
import atexit, time
from porta.worker import dask_setup, dask_teardown
atexit.register(time.sleep, 3600)
"""
"""A preload like ours, in a process whose finalization never comes to its end: as on a machine without CPU to spare."""


@pytest.fixture
def lonely(valkey: Valkey, tmp_path: Path) -> Iterator[tuple[Pool, Process]]:
    """A pool with one worker, that may lose its scheduler."""
    (tmp_path / "slow_to_end.py").write_text(SLOW_TO_END)
    pool = Pool(tmp_path, valkey.env).start(0)
    try:
        worker = pool.start_worker(preload=str(tmp_path / "slow_to_end.py"))
        pool.wait_for_workers(1)
        yield pool, worker
    finally:
        valkey.client.client_unpause()
        for worker in pool.workers:
            worker.kill()
        pool.scheduler.kill()


def occupy(pool: Pool, valkey: Valkey) -> None:
    """Give the worker a task that waits for Redis for longer than any worker may take to close."""

    def executing(dask_worker: Any) -> int:
        return len(dask_worker.state.executing)

    valkey.client.client_pause(60_000, all=False)
    answer = pool.ask("/propagation/57")
    answer.until(lambda line: "started" in line)
    with Client(pool.address, set_as_default=False) as client:
        eventually(lambda: [*client.run(executing).values()] == [1], "the worker has begun its task")
    answer.close()


@pytest.mark.parametrize("busy", [False, True])
def test_a_worker_whose_scheduler_is_killed_ends_with_code_0(
    lonely: tuple[Pool, Process], valkey: Valkey, busy: bool
) -> None:
    pool, worker = lonely
    if busy:
        occupy(pool, valkey)
    pool.scheduler.kill()
    assert worker.ended() == 0
    assert "Run preload teardown" in worker.log.read_text().splitlines()[-1], "its last words are in the log"


def test_a_worker_that_is_told_to_end_says_good_bye_and_ends_with_code_0(lonely: tuple[Pool, Process]) -> None:
    pool, worker = lonely
    worker.terminate()
    assert worker.ended() == 0
    eventually(lambda: "Remove worker" in pool.scheduler.log.read_text(), "the scheduler notes that it has gone")
    assert "Stopping worker at" in worker.log.read_text()
    assert "unexpectedly" not in pool.scheduler.log.read_text()


def test_a_worker_that_waits_for_its_scheduler_ends_when_it_is_told_to(
    lonely: tuple[Pool, Process],
) -> None:
    pool, _ = lonely
    pool.scheduler.kill()
    waiting = pool.start_worker()
    eventually(lambda: "Waiting to connect to" in waiting.log.read_text(), "it waits")
    waiting.terminate()
    assert waiting.ended() == 0
