"""A short run that is not there, beside an empty Dask task, in turns: `python bench/miss.py`."""

from __future__ import annotations

import statistics
import sys
import tempfile
from itertools import count
from pathlib import Path

from _measure import report, seconds
from distributed import Client

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from services import Pool, Valkey

TURNS, IN_A_ROW, WARMING = 40, 5, 4

WHY = (
    "An empty task takes most of it, and both take longer where other programs use the cores. Beside that: two round "
    "trips to Redis, and 2 ms of processor time to compute, encode and reduce."
)


def quantiles(times: list[float]) -> tuple[float, float]:
    """Return p50 and p99, in milliseconds."""
    cuts = statistics.quantiles(times[WARMING * IN_A_ROW :], n=100)
    return cuts[49] * 1e3, cuts[98] * 1e3


def miss(pool: Pool, valkey: Valkey, steps: int, seed: int) -> None:
    """Do what a frontend does for a body that is not there: ask, wait, read."""
    path = f"propagation/{steps}?seed={seed}"
    if "ready" not in pool.ask(f"/{path}").last():
        raise RuntimeError(f"{path} failed")
    if None in valkey.client.hmget(path, ["manifest", "records/0"]):  # type: ignore[operator]
        raise RuntimeError(f"{path} is not in the cache")


def measure(pool: Pool, valkey: Valkey) -> None:
    """Time short runs, one after the other, and in turns with them tasks that do nothing."""
    misses: list[float] = []
    empty: list[float] = []
    seeds = count(1)
    with Client(pool.address, set_as_default=False) as client:
        for _ in range(TURNS + WARMING):
            misses += [seconds(lambda: miss(pool, valkey, 500, next(seeds))) for _ in range(IN_A_ROW)]
            empty += [seconds(client.submit(int, pure=False).result) for _ in range(IN_A_ROW)]
    (p50, p99), (empty50, empty99) = quantiles(misses), quantiles(empty)
    report("miss to body, N = 500, p50", p50, "ms", "≤ 15", ("an empty Dask task", empty50), WHY)
    report("miss to body, N = 500, p99", p99, "ms", "≤ 100", ("an empty Dask task", empty99), WHY)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        valkey = Valkey(Path(directory), "--maxmemory", "2gb", "--maxmemory-policy", "allkeys-lru")
        pool = Pool(Path(directory), valkey.env)
        try:
            measure(pool.start(2), valkey)
        finally:
            pool.stop()
            valkey.stop()
