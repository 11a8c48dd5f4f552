"""The pool, from a request to what a frontend reads from Redis, on real processes: `python bench/pool.py`."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from _measure import report, seconds
from miss import miss

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from services import Pool, Valkey

WHOLE, MORE = 1_000_000, 1_000
REPEATS = 3

BUSY = "Two seconds of processor time, nearly all of it encoding: other programs on the cores?"

COPYING = (
    "142 MB are read, verified and written: two thirds of the processor time in the worker, one third in Redis. "
    "What would avoid it is refused in docs/decisions/segments-name-their-source.md."
)


def peak(pid: int) -> float:
    """Return the most memory that a process ever had, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def extend(pool: Pool, valkey: Valkey) -> tuple[float, float]:
    """Time a long run and the same with some steps more, in turns; of each the quickest counts."""
    pairs = []
    for seed in range(1, REPEATS + 1):
        whole = seconds(lambda seed=seed: miss(pool, valkey, WHOLE, seed))  # type: ignore[misc]
        pairs.append((whole, seconds(lambda seed=seed: miss(pool, valkey, WHOLE + MORE, seed))))  # type: ignore[misc]
    whole, more = (min(times) for times in zip(*pairs, strict=True))
    return whole, more


def throughput(pool: Pool, valkey: Valkey) -> None:
    """Time a long run by two workers and by one, a longer one after it, and find what it takes of memory."""
    two, more = extend(pool, valkey)
    highest = max(peak(process.pid) for process in [pool.scheduler, *pool.workers])
    pool.kill_worker()
    pool.wait_for_workers(1)
    one = seconds(lambda: miss(pool, valkey, WHOLE, REPEATS + 1))
    report("request to ready, N = 1,000,000, two workers", two, "s", "≤ 4", ("one worker", one), BUSY)
    report("N + 1,000 after N = 1,000,000", more, "s", "≤ 15 %", ("all of it", two), COPYING)
    report("largest process of the pool", highest, "MiB", "≤ 1,024")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        valkey = Valkey(Path(directory), "--maxmemory", "2gb", "--maxmemory-policy", "allkeys-lru")
        pool = Pool(Path(directory), valkey.env, {"MAX_STEPS": str(WHOLE + MORE)})
        try:
            pool.start(2)
            throughput(pool, valkey)
        finally:
            pool.stop()
            valkey.stop()
