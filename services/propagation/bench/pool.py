"""The pool, from a request to what a frontend reads from Redis, on real processes: `python bench/pool.py`."""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from _measure import report
from distributed import Client

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from services import Pool, Valkey

MISSES = 200
WARMING = 20
WHOLE, MORE = 1_000_000, 1_000


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def quantiles(times: list[float]) -> tuple[float, float]:
    """Return p50 and p99, in milliseconds."""
    cuts = statistics.quantiles(times[WARMING:], n=100)
    return cuts[49] * 1e3, cuts[98] * 1e3


def miss(pool: Pool, valkey: Valkey, steps: int, seed: int) -> None:
    """Do what a frontend does for a body that is not there: ask, wait, read."""
    path = f"propagation/{steps}?seed={seed}"
    if "ready" not in pool.ask(f"/{path}").last():
        raise RuntimeError(f"{path} failed")
    if None in valkey.client.hmget(path, ["manifest", "records/0"]):  # type: ignore[operator]
        raise RuntimeError(f"{path} is not in the cache")


def peak(pid: int) -> float:
    """Return the most memory that a process ever had, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def latency(pool: Pool, valkey: Valkey) -> None:
    """Time short runs, one after the other, beside tasks that do nothing."""
    misses = [seconds(lambda seed=seed: miss(pool, valkey, 500, seed)) for seed in range(1, MISSES + WARMING)]  # type: ignore[misc]
    with Client(pool.address, set_as_default=False) as client:
        empty = [seconds(client.submit(int, pure=False).result) for _ in range(MISSES + WARMING)]
    (p50, p99), (empty50, empty99) = quantiles(misses), quantiles(empty)
    report("miss to body, N = 500, p50", p50, "ms", "≤ 40", ("an empty Dask task", empty50))
    report("miss to body, N = 500, p99", p99, "ms", "≤ 100", ("an empty Dask task", empty99))


def throughput(pool: Pool, valkey: Valkey) -> None:
    """Time a long run by two workers and by one, a longer one after it, and find what it takes of memory."""
    two = min(seconds(lambda seed=seed: miss(pool, valkey, WHOLE, seed)) for seed in (1, 2))  # type: ignore[misc]
    more = min(seconds(lambda seed=seed: miss(pool, valkey, WHOLE + MORE, seed)) for seed in (1, 2))  # type: ignore[misc]
    highest = max(peak(process.pid) for process in [pool.scheduler, *pool.workers])
    pool.kill_worker()
    pool.wait_for_workers(1)
    one = seconds(lambda: miss(pool, valkey, WHOLE, 3))
    report("request to ready, N = 1,000,000, two workers", two, "s", "≤ 4", ("one worker", one))
    report("N + 1,000 after N = 1,000,000", more, "s", "≤ 15 %", ("all of it", two))
    report("largest process of the pool", highest, "MiB", "≤ 1,024")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        valkey = Valkey(Path(directory), "--maxmemory", "2gb", "--maxmemory-policy", "allkeys-lru")
        pool = Pool(Path(directory), valkey.env, {"MAX_STEPS": str(WHOLE + MORE)})
        try:
            pool.start(2)
            latency(pool, valkey)
            throughput(pool, valkey)
        finally:
            pool.stop()
            valkey.stop()
