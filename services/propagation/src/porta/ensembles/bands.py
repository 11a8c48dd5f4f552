"""Quantiles: of the sampled quantities from a sketch, to its bound; of the numbers of each run exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from porta.ensembles.codes import middles
from porta.ensembles.counting import codes_at
from porta.ensembles.grid import Grid
from porta.ensembles.sketch import Sketch

PERCENTS: Final = (5, 25, 50, 75, 95)
LEVELS: Final = ("min", *(f"p{percent}" for percent in PERCENTS), "max")


def ranks(values: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Of n values, which is each quantile, counted from 1: the ⌈p·n⌉-th. Shape (…, 5)."""
    return -(-np.multiply.outer(values, PERCENTS) // 100)


def exact(values: NDArray[Any]) -> dict[str, Any]:
    """Levels of numbers that are known each."""
    ordered = np.sort(values)
    return dict(zip(LEVELS, ordered[[0, *(ranks(len(values)) - 1), -1]].tolist(), strict=True))


@dataclass(frozen=True)
class Bands:
    """The levels of all quantities; NaN where no run has a value."""

    grid: Grid
    runs: NDArray[np.int64]
    """Shape (cells,): how many have a value."""
    relative: NDArray[np.float64]
    """Shape (cells, 7): of the value less the cell's shift, positions so in the planet's frame."""
    inertial: NDArray[np.float64]
    """Shape (cells, 7): of the value as it is."""

    @classmethod
    def of(cls, sketch: Sketch) -> Bands:
        """Find the levels of a sketch: the middles of the quantiles' codes, but not outside least … greatest."""
        grid, values = Grid(sketch.steps), sketch.values
        at = np.zeros((grid.cells, len(PERCENTS)), np.uint16)
        codes_at(sketch.ends, sketch.codes, sketch.counts, ranks(values), at)
        shifts = grid.shifts[:, None]
        low, high = sketch.bounds[:, :, None]
        relative = np.clip(middles()[at], low - shifts, high - shifts)
        inertial = np.clip(relative + shifts, low, high)
        known = values[:, None] > 0
        return cls(
            grid,
            values,
            np.where(known, np.concatenate([low - shifts, relative, high - shifts], axis=1), np.nan),
            np.where(known, np.concatenate([low, inertial, high], axis=1), np.nan),
        )


def ejected_by(sketch: Sketch, marks: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many runs are ejected by each of the steps."""
    ejected = np.sort(sketch.rows["ejected"][sketch.rows["ejected"] > 0])
    return np.searchsorted(ejected, marks, side="right")
