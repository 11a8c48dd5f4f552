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


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report(  # noqa: PLR0917  (the parts of a row, in the order in which they are read)
    name: str,
    value: float,
    unit: str,
    goal: str | None = None,
    beside: tuple[str, float] | None = None,
    why: str | None = None,
) -> None:
    """Print a row.

    Parameters
    ----------
    goal
        As a person would write it.
    beside
        Name and figure of what it stands beside.
    why
        What is known to stand between the figure and its goal; shown where it is missed.
    """
    row: dict[str, object] = {"name": name, "value": value, "unit": unit}
    if goal is not None:
        row["goal"] = goal
    if why is not None:
        row["why"] = why
    if beside is not None:
        row |= {"beside": {"name": beside[0], "value": beside[1]}, "ratio": value / beside[1]}
    print(json.dumps(row), flush=True)
