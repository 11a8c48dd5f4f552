"""What the benchmarks share: how time is taken, and how a row is printed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable


def best_of(repeats: int, work: Callable[[], object]) -> float:
    """Processor seconds of the fastest of several runs, on one core: all else measures the machine's other tenants."""
    fastest = float("inf")
    for _ in range(repeats):
        started = time.thread_time()
        work()
        fastest = min(fastest, time.thread_time() - started)
    return fastest


def report(
    name: str, value: float, unit: str, goal: str | None = None, beside: tuple[str, float] | None = None
) -> None:
    """Print a row, with its goal as a person would write it, and the name and the figure of what it stands beside."""
    row: dict[str, object] = {"name": name, "value": value, "unit": unit}
    if goal is not None:
        row["goal"] = goal
    if beside is not None:
        row |= {"beside": {"name": beside[0], "value": beside[1]}, "ratio": value / beside[1]}
    print(json.dumps(row), flush=True)
