"""Chunks of an ensemble, computed: the runs sampled while they run, and counted."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Final

import numpy as np

from porta.ensembles.codes import NONE
from porta.ensembles.grid import Grid
from porta.ensembles.lanes import LANES, WIDE, sample_lanes
from porta.ensembles.request import Chunk
from porta.ensembles.sampler import sample
from porta.ensembles.sketch import RUN, Sketch, count

_NEWS_STEPS: Final = 5_000_000
"""Steps between two reports of progress: a tenth of a second or less. As many runs as there are lanes go together."""

_TOGETHER: Final = LANES if WIDE else 1


def compute(chunk: Chunk, progress: Callable[[int], object] | None = None) -> Sketch:
    """Compute and count the runs of a chunk.

    Parameters
    ----------
    progress
        Called with the number of further runs done, some ten times a second at most.
    """
    grid = Grid(chunk.steps)
    instants = np.append(grid.instants, inf)
    bounds = np.repeat([[inf], [-inf]], grid.cells, axis=1)
    codes = np.full((grid.cells, chunk.runs), NONE, np.uint16)
    runs = np.empty(chunk.runs, RUN)
    at_once = max(1, _NEWS_STEPS // chunk.steps // _TOGETHER) * _TOGETHER
    for begin in range(0, chunk.runs, at_once):
        end = min(begin + at_once, chunk.runs)
        in_lanes = end - (end - begin) % _TOGETHER if WIDE else begin
        for do, start, stop in ((sample_lanes, begin, in_lanes), (sample, in_lanes, end)):
            if start < stop:
                do(chunk.first, start, stop, instants, grid.marks, grid.shifts, codes, bounds, runs)
        if progress:
            progress(end - begin)
    return count(chunk.steps, codes, bounds, runs)
