"""A worker that is told to go finishes what it has begun, and gives back the rest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from distributed import Client
from services import Pool, Valkey
from services.process import eventually

from pool.results import CHUNKS, Counted, computed, stored
from porta.ensembles.request import Ensemble


def worker_task(log: Path, marker: Path) -> Callable[[int], int]:
    """A task that writes down each start and ends when the marker is there. Local, so that workers get it whole."""

    def task(number: int) -> int:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{number}\n")
        while not marker.exists():
            time.sleep(0.02)
        return number * number

    return task


def drain(pool: Pool, name: str, seconds: str = "60") -> subprocess.Popen[str]:
    env = {**os.environ, "DASK_SCHEDULER_ADDRESS": pool.address, "POD_NAME": name, "PORTA_DRAIN_SECONDS": seconds}
    return subprocess.Popen(
        [sys.executable, "-m", "porta.drain"], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def end(pool: Pool, name: str) -> None:
    """What follows a drain: the worker is told to go, and does."""
    next(worker for worker in pool.workers if worker.name == name).stop()


def starts(log: Path) -> list[str]:
    return log.read_text("utf-8").split() if log.exists() else []


def test_a_drained_worker_finishes_its_task_and_gives_back_the_rest_and_what_it_holds(
    pool: Pool, tmp_path: Path
) -> None:
    log, marker = tmp_path / "starts", tmp_path / "go on"
    task = worker_task(log, marker)
    with Client(pool.address, set_as_default=False) as client:
        address, other = client.scheduler_info(n_workers=-1)["workers"]
        name = client.scheduler_info(n_workers=-1)["workers"][address]["name"]
        held = client.submit(sum, (1, 2, 3), workers=[address], key="held")
        held.result(timeout=60)
        # All of them on the one: the second and third wait there.
        futures = [
            client.submit(task, number, workers=[address], allow_other_workers=True, key=f"w-{number}")
            for number in range(3)
        ]
        eventually(lambda: starts(log), "the first task runs")
        draining = drain(pool, name)
        eventually(lambda: pool.health()["workers"] == 1, "the worker takes no more tasks")
        assert draining.poll() is None, "it waits for the task that runs"
        marker.touch()
        assert client.gather(futures) == [0, 1, 4]
        said, _ = draining.communicate(timeout=60)
        assert draining.returncode == 0, said
        assert f"{name} is drained" in said
        assert held.result(timeout=60) == 6
        assert list(client.scheduler_info(n_workers=-1)["workers"]) == [other]
        assert sorted(starts(log)) == ["0", "1", "2"], "every task was begun once"
    end(pool, name)


def test_a_worker_that_is_drained_costs_an_ensemble_no_chunk(pool: Pool, valkey: Valkey) -> None:
    ensemble, chunks = Ensemble(10_000, 20_000, 400_000), Counted(pool, CHUNKS)
    answer = pool.ask(f"/{ensemble.key}")
    eventually(lambda: valkey.client.dbsize() >= 4, "it is underway")
    said, _ = drain(pool, pool.workers[0].name).communicate(timeout=60)
    assert f"{pool.workers[0].name} is drained" in said
    assert "given back" not in said
    end(pool, pool.workers[0].name)
    assert "ready" in answer.last()
    assert (chunks["computed"], chunks["found"]) == (len(ensemble.chunks()), 0), "nothing was done twice"
    assert stored(valkey, ensemble) == computed(ensemble)


def test_a_task_that_takes_longer_than_allowed_is_given_back(pool: Pool, tmp_path: Path) -> None:
    log, marker = tmp_path / "starts", tmp_path / "go on"
    task = worker_task(log, marker)
    with Client(pool.address, set_as_default=False) as client:
        address = next(iter(client.scheduler_info(n_workers=-1)["workers"]))
        name = client.scheduler_info(n_workers=-1)["workers"][address]["name"]
        future = client.submit(task, 5, workers=[address], allow_other_workers=True, key="long")
        eventually(lambda: starts(log), "the task runs")
        said, _ = drain(pool, name, "0.2").communicate(timeout=60)
        assert "running tasks given back after 0.2 s: 1" in said
        eventually(lambda: len(starts(log)) == 2, "it runs elsewhere")
        marker.touch()
        assert future.result(timeout=60) == 25
    end(pool, name)


@pytest.mark.parametrize(
    ("env", "code", "words"),
    [
        ({"POD_NAME": ""}, 2, "DASK_SCHEDULER_ADDRESS and POD_NAME must be set"),
        ({"PORTA_DRAIN_SECONDS": "long"}, 2, "PORTA_DRAIN_SECONDS='long' is not allowed: seconds, such as 60"),
        ({"POD_NAME": "nobody"}, 0, "the scheduler knows no worker nobody"),
        ({"DASK_SCHEDULER_ADDRESS": "tcp://127.0.0.1:9"}, 1, "not drained"),
    ],
)
def test_what_cannot_be_drained_is_said(pool: Pool, env: dict[str, str], code: int, words: str) -> None:
    command = [sys.executable, "-m", "porta.drain"]
    given = {**os.environ, "DASK_SCHEDULER_ADDRESS": pool.address, "POD_NAME": "nobody", **env}
    result = subprocess.run(command, env=given, text=True, capture_output=True, timeout=120, check=False)
    assert (result.returncode, words in result.stdout + result.stderr) == (code, True), result
