"""What is killed is there again from a process that has everything loaded, and computes."""

from __future__ import annotations

import itertools

import pytest
from services import PreforkPool, Process, eventually
from services.prefork import children, kill, replaced

from prefork.conftest import WORKERS

SEEDS = itertools.count(9_000)


def computes(pool: PreforkPool) -> None:
    """Ask for a result that is not there yet, as often as it takes."""

    def answered() -> bool:
        try:
            answer = pool.ask(f"/propagation/500?seed={next(SEEDS)}")
        except OSError:
            return False
        if answer.status != 200:
            answer.close()
            return False
        return "ready" in answer.last()

    eventually(answered, "a new computation is answered")


def test_after_the_schedulers_death_another_computes_with_new_workers(pool: PreforkPool, workers: Process) -> None:
    scheduler, old = children(pool.scheduler), children(workers)
    kill(scheduler)
    replaced(pool.scheduler, scheduler)
    replaced(workers, old)  # Dask's workers do not change their scheduler
    computes(pool)
    assert (pool.scheduler.returncode, workers.returncode) == (None, None)


@pytest.mark.parametrize("count", [1, WORKERS])
def test_workers_that_are_killed_are_replaced(pool: PreforkPool, workers: Process, count: int) -> None:
    eventually(lambda: len(children(workers)) == WORKERS, "all are there")
    some = children(workers)[:count]
    kill(some)
    eventually(lambda: len(set(children(workers)) - set(some)) == WORKERS, "others are there")
    computes(pool)
    eventually(lambda: pool.health()["workers"] == WORKERS, "the scheduler knows as many as before")


def test_who_waits_while_all_processes_are_killed_gets_the_answer(pool: PreforkPool, workers: Process) -> None:
    kill(children(pool.scheduler) + children(workers))
    computes(pool)
    log = workers.log.read_text()
    assert "was ended by SIGKILL; its place is filled again" in log
