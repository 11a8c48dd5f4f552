"""Nanoseconds a step of the compiled kernel, beside the plain reference. Run as `python bench/kernel.py`."""

from __future__ import annotations

from _measure import best_of, report

from porta import reference
from porta.checkpoint import start
from porta.columns import Columns
from porta.kernel import propagate, walk, warm_up

STEPS = 1_000_000
REFERENCE_STEPS = 20_000

if __name__ == "__main__":
    warm_up()
    room = Columns.empty(2 * STEPS + 2)
    propagate(start(0), STEPS, room)  # touches the columns
    plain = best_of(3, lambda: reference.run(REFERENCE_STEPS)) / REFERENCE_STEPS * 1e9
    beside = ("plain reference", plain)
    kernel = best_of(7, lambda: propagate(start(0), STEPS, room)) / STEPS * 1e9
    report("kernel, a step into columns", kernel, "ns", goal="≤ 50", beside=beside)
    report("walk, a step without columns", best_of(7, lambda: walk(start(0), STEPS)) / STEPS * 1e9, "ns", beside=beside)
