"""A whole ensemble in one process: for the command line and the tests. The pool does the same over many."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final

from porta.ensembles.lanes import LANES
from porta.ensembles.request import Chunk, Ensemble
from porta.ensembles.result import EnsembleResult, reduce
from porta.ensembles.sampling import compute as compute_chunk
from porta.ensembles.sketch import Sketch, merge

_TOGETHER: Final = 8
"""Sketches added up at a time: a hundred chunks together take most of a gigabyte."""


def sketch(ensemble: Ensemble, progress: Callable[[int], object] | None = None) -> Sketch:
    """Compute all runs of an ensemble, on all processors.

    Parameters
    ----------
    progress
        Called with the number of runs done so far.
    """
    done, lock = 0, Lock()

    def further(runs: int) -> None:
        nonlocal done
        with lock:
            done += runs
            if progress:
                progress(done)

    parts: list[Sketch] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(lambda chunk: compute_chunk(chunk, further), ensemble.chunks()):
            parts.append(part)
            if len(parts) == _TOGETHER:
                parts = [merge(parts)]
    return merge(parts)


def compute(ensemble: Ensemble, progress: Callable[[int], object] | None = None) -> EnsembleResult:
    """Compute the result of an ensemble; see `sketch`."""
    return reduce(ensemble, sketch(ensemble, progress))


def warm_up() -> None:
    """Load, or where the disk cache lacks it compile, all that a first ensemble needs."""
    chunks = Chunk(1, 0, LANES), Chunk(1, LANES, 1)
    stored = [Sketch.from_bytes(compute_chunk(chunk).to_bytes(chunk), chunk) for chunk in chunks]
    reduce(Ensemble(1, LANES + 1), merge(stored))
