"""What is sampled of a run, said plainly: the reference model, its store read at the instants, as in formats.md."""

from __future__ import annotations

import functools
from bisect import bisect_right
from math import frexp, inf, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from porta.ensembles.grid import IN_TIME, Grid
from porta.ensembles.sketch import Sketch
from porta.model import State
from porta.reference import run
from porta.store import NothingFoundError, RangeStore


def distance(s: State) -> float:
    ex, ey = s.x - 0.1 * s.time, s.y - 0.1
    return sqrt(ex * ex + ey * ey)


def energy_error(s: State) -> float:
    wx = s.vx - 0.1
    return (0.5 * (wx * wx + s.vy * s.vy) - 1.0 / distance(s)) / (0.405 - 1 / 0.9) - 1.0


def read(store: RangeStore[State], t: float) -> dict[str, State]:
    try:
        return store.read(t)
    except NothingFoundError:
        return {}


@functools.cache
def sampled(steps: int, seed: int) -> NDArray[np.float64]:
    """Values of one run, shape (cells,), NaN where there is none."""
    grid, reference = Grid(steps), run(steps, seed)
    values: dict[str, list[float]] = {name: [] for name in IN_TIME}
    for t in grid.instants.tolist():
        found = read(reference.store, t)
        planet, satellite = found.get("Planet"), found.get("Satellite")
        values["planet_x"].append(planet.x if planet else nan)
        values["planet_y"].append(planet.y if planet else nan)
        values["satellite_x"].append(satellite.x if satellite else nan)
        values["satellite_y"].append(satellite.y if satellite else nan)
        values["distance"].append(distance(satellite) if satellite else nan)
    errors = [(0, 0.0)]
    for step, record in zip(reference.written_at, reference.records()[1:], strict=True):
        if "Satellite" in record.values:
            errors.append((step, energy_error(record.values["Satellite"])))
    written = [step for step, _ in errors]
    newest = [errors[bisect_right(written, mark) - 1][1] for mark in grid.marks.tolist()]
    return np.array([*(value for name in IN_TIME for value in values[name]), *newest])


def code(value: float) -> int:
    """As formats.md says it."""
    mantissa, exponent = frexp(abs(value))  # 0.5 <= mantissa < 1
    exponent -= 1
    k = 0 if exponent < -24 or value == 0 else min(1 + 512 * (exponent + 24) + int((mantissa * 2 - 1) * 512), 32767)
    return 32768 + k if value >= 0 else 32768 - k


def counted(values: NDArray[np.float64], steps: int) -> list[dict[int, int]]:
    """Count the codes of values, shape (runs, cells), cell by cell."""
    counts: list[dict[int, int]] = []
    for column, shift in zip(values.T, Grid(steps).shifts.tolist(), strict=True):
        cell: dict[int, int] = {}
        for value in column[~np.isnan(column)].tolist():
            cell[code(value - shift)] = cell.get(code(value - shift), 0) + 1
        counts.append(dict(sorted(cell.items())))
    return counts


def counts_of(sketch: Sketch) -> list[dict[int, int]]:
    """Return the counts that a sketch holds, cell by cell, in its order."""
    codes, counts = (np.split(part, sketch.ends[:-1]) for part in (sketch.codes, sketch.counts))
    return [dict(zip(c.tolist(), n.tolist(), strict=True)) for c, n in zip(codes, counts, strict=True)]


def bounds(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least and greatest of values, shape (runs, cells)."""
    none = np.isnan(values)
    return np.stack([np.where(none, inf, values).min(axis=0), np.where(none, -inf, values).max(axis=0)])


def bits(sketch: Sketch) -> tuple[object, ...]:
    """Everything that a sketch holds, to be compared."""
    arrays = (sketch.rows, sketch.bounds, sketch.ends, sketch.codes, sketch.counts)
    return sketch.steps, *((array.dtype.str, array.shape, array.tobytes()) for array in arrays)
