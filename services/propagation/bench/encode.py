"""Microseconds a step to encode and compress all representations, beside the plain way: `python bench/encode.py`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from functools import partial

from _measure import best_of, report

from porta import arrow, deflate, kepler, text, windows
from porta.checkpoint import start
from porta.columns import Columns
from porta.contract import SEGMENT_STEPS
from porta.kernel import propagate, walk, warm_up
from porta.levels import overview_level
from porta.model import AGENTS
from porta.segment import encode


def plainly(columns: Columns) -> bytes:
    """Print data.json's records with the standard library and compress them with zlib at the same level."""
    names = ("timeStep", "x", "y", "vx", "vy")
    records = [
        [begin, to, {AGENTS[agent]: {"time": to, **dict(zip(names, state, strict=True))}}]
        for agent, begin, to, *state in zip(columns.agent.tolist(), *columns.values.tolist(), strict=True)
    ]
    return zlib.compress(json.dumps(records).encode(), 1)


def microseconds(work: Callable[[], object], repeats: int = 7) -> float:
    """Return what a step takes of `work` on a segment."""
    return best_of(repeats, work) / SEGMENT_STEPS * 1e6


if __name__ == "__main__":
    warm_up()
    checkpoint = walk(start(0), SEGMENT_STEPS)
    columns, _ = propagate(checkpoint, SEGMENT_STEPS)
    level = overview_level(1_000_000)
    everything = microseconds(partial(encode, checkpoint, SEGMENT_STEPS, level))
    beside = ("data.json alone by json and zlib", microseconds(partial(plainly, columns), repeats=2))
    report("encode and compress everything, a step", everything, "µs", goal="≤ 3", beside=beside)
    records, batch = text.records_text(columns), arrow.batch(columns)
    for name, work in (
        ("JSON text", partial(text.records_text, columns)),
        ("JSON compressed", partial(deflate.chunk, records)),
        ("Arrow batch", partial(arrow.batch, columns)),
        ("Arrow compressed", partial(deflate.chunk, batch)),
        ("overview windows", partial(windows.stored_rows, columns, SEGMENT_STEPS)),
        ("distance from the exact orbit", partial(kepler.distances, columns)),
        ("hash", columns.digest),
    ):
        report(f"  of it: {name}", microseconds(work), "µs")
