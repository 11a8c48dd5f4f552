"""An ensemble on the pool, beside the physics alone and beside a Dask task per run: `python bench/ensemble-pool.py`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path

from _measure import report, seconds
from distributed import Client

from porta.checkpoint import start
from porta.ensembles.request import Ensemble
from porta.kernel import walk, warm_up

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from services import Pool, Valkey

STEPS, RUNS, WORKERS = 10_000, 10_000, 2
REPEATS = 7

WHY = (
    "Without AVX-512 the runs go one by one, as fast as the kernel alone, and sampling, counting, packing and storing "
    "are added (17 %, `npm run bench -- ensemble`), then merges, pictures and the end, which is on one core."
)


def walk_each(seeds: range) -> None:
    """Run the physics of some runs, one after the other, and keep nothing."""
    for seed in seeds:
        walk(start(seed), STEPS)


def walk_one(seed: int) -> bytes:
    """Run the physics of one run: the task that one writes first."""
    from porta.checkpoint import start  # noqa: PLC0415  on a worker
    from porta.kernel import walk  # noqa: PLC0415

    return walk(start(seed), STEPS).to_bytes()


def alone(processes: ProcessPoolExecutor) -> None:
    """Run the physics alone, a share of the runs in each process."""
    list(processes.map(walk_each, [range(share, RUNS, WORKERS) for share in range(WORKERS)]))


def ask(pool: Pool, firsts: Iterator[int]) -> None:
    """Ask for an ensemble of which nothing is in the cache, and wait for its result."""
    path = Ensemble(STEPS, RUNS, next(firsts)).key
    if "ready" not in pool.ask(f"/{path}").last():
        raise RuntimeError(f"{path} failed")


def task_per_run(pool: Pool) -> None:
    """Have the pool run the physics alone, with a task for each run."""
    with Client(pool.address, set_as_default=False) as client:
        client.gather(client.map(walk_one, range(RUNS), pure=False))


def measure(pool: Pool) -> None:
    """Take turns, so that the machine's other tenants disturb both; of each the quickest counts."""
    firsts = count(0, RUNS)
    with ProcessPoolExecutor(WORKERS, initializer=warm_up) as processes:
        alone(processes)
        ask(pool, firsts)
        pairs = [(seconds(lambda: alone(processes)), seconds(lambda: ask(pool, firsts))) for _ in range(REPEATS)]
    kernel, whole = (min(times) for times in zip(*pairs, strict=True))
    tasks = seconds(lambda: task_per_run(pool))
    name = f"{RUNS:,} runs of {STEPS:,} steps, request to ready, two workers"
    report(name, whole, "s", beside=("a Dask task per run, the kernel alone", tasks))
    beside = ("the ensemble, request to ready", whole)
    report("  of it: the kernel alone in two processes", kernel, "s", goal="≥ 75 %", beside=beside, why=WHY)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        valkey = Valkey(Path(directory), "--maxmemory", "1gb", "--maxmemory-policy", "allkeys-lru")
        pool = Pool(Path(directory), valkey.env)
        try:
            measure(pool.start(WORKERS))
        finally:
            pool.stop()
            valkey.stop()
