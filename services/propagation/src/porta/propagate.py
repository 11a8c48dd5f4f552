"""A whole result in one process: for the command line and the tests. The pool does the same over many."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from porta.checkpoint import Checkpoint, start
from porta.contract import SEGMENT_STEPS
from porta.kernel import walk
from porta.overview import overview_level
from porta.result import Result, reduce
from porta.run import Run
from porta.segment import Segment, encode


def cuts(run: Run) -> Iterator[tuple[Checkpoint, int]]:
    """Walk a run and yield the checkpoint at each segment's start and the segment's steps; last the final one, and 0."""
    checkpoint = start(run.seed)
    while (steps := min(SEGMENT_STEPS, run.steps - checkpoint.step)) > 0:
        yield checkpoint, steps
        checkpoint = walk(checkpoint, steps)
    yield checkpoint, 0


def compute(run: Run, progress: Callable[[int], object] | None = None) -> tuple[Result, list[Segment]]:
    """Compute a result and its segments on all processors.

    Parameters
    ----------
    progress
        Called with the number of steps encoded so far.
    """
    *begins, (final, _) = cuts(run)
    level = overview_level(run.steps)
    segments = []
    done = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for segment, (_, steps) in zip(pool.map(lambda begin: encode(*begin, level), begins), begins, strict=True):
            segments.append(segment)
            done += steps
            if progress:
                progress(done)
    rows = b"".join(segment.rows for segment in segments)
    return reduce(run, final, [segment.meta for segment in segments], rows), segments
