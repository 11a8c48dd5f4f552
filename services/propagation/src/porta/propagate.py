"""A whole result in one process: for the command line and the tests. The pool does the same over many."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from porta.checkpoint import Checkpoint, start
from porta.contract import SEGMENT_STEPS
from porta.kernel import propagate, walk
from porta.overview import overview, overview_level, range_level
from porta.result import Result, reduce
from porta.run import Run
from porta.segment import Segment, encode
from porta.windows import ROW_BYTES, STORED_LEVELS, merge_rows, rows


def cuts(run: Run) -> Iterator[tuple[Checkpoint, int]]:
    """Walk a run: yield the checkpoint at each segment's start and the segment's steps, then the final one and 0."""
    checkpoint = start(run.seed)
    while (steps := min(SEGMENT_STEPS, run.steps - checkpoint.step)) > 0:
        yield checkpoint, steps
        checkpoint = walk(checkpoint, steps)
    yield checkpoint, 0


def segments(run: Run) -> Iterator[Segment]:
    """Encode a run's segments on all processors and yield them in order, few at a time in memory."""
    *begins, _ = cuts(run)
    level = overview_level(run.steps)
    processors = os.cpu_count() or 1
    with ThreadPoolExecutor(processors) as pool:
        ahead: deque[Future[Segment]] = deque()
        for checkpoint, steps in begins:
            if len(ahead) > processors:
                yield ahead.popleft().result()
            ahead.append(pool.submit(encode, checkpoint, steps, level))
        while ahead:
            yield ahead.popleft().result()


def compute(run: Run, progress: Callable[[int], object] | None = None) -> tuple[Result, list[Segment]]:
    """Compute a result and its segments.

    Parameters
    ----------
    progress
        Called with the number of steps encoded so far.
    """
    done = []
    for segment in segments(run):
        done.append(segment)
        if progress:
            progress(min(len(done) * SEGMENT_STEPS, run.steps))
    final = walk(start(run.seed), run.steps)
    rows = b"".join(segment.rows for segment in done)
    return reduce(run, final, [segment.meta for segment in done], rows), done


def detail(run: Run, start: int, end: int) -> bytes:
    """Overview of the completed steps [start, end) of a run, widened to whole windows: what `?from=&to=` answers.

    Raises
    ------
    ValueError
        If the range is empty or not within the run.
    """
    if not 0 <= start < end <= run.steps:
        raise ValueError(f"steps {start} to {end} are not a range within 0 to {run.steps}")
    level = range_level(start, end)
    windows = range(start >> level, -(-end >> level))
    stored = min(level, STORED_LEVELS[-1])
    found = b"".join(
        rows(propagate(checkpoint, steps)[0], steps, stored)
        for checkpoint, steps in cuts(run)
        if checkpoint.step >> level < windows.stop and (checkpoint.step + steps - 1) >> level >= windows.start and steps
    )
    found = merge_rows(found, level)
    before = (windows.start << level) // SEGMENT_STEPS * SEGMENT_STEPS >> level
    cut = found[(windows.start - before) * ROW_BYTES : (windows.stop - before) * ROW_BYTES]
    return overview(run, level, cut, windows.start << level, min(windows.stop << level, run.steps))
