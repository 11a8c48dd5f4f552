"""Runs of an ensemble, sampled while they run: no record is kept, and the arithmetic is the kernel's, to the bit."""

from __future__ import annotations

from math import inf, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from porta.checkpoint import NEVER
from porta.compiled import compiled, subroutine
from porta.ensembles.codes import code
from porta.ensembles.grid import INSTANTS
from porta.kernel import GAMMA_64, energy_error, fall, first_stream, judge, time_step
from porta.model import INITIAL, LEAST_STEP, LOOK_BACK, PLANET, PLANET_VX, PLANET_Y, SATELLITE

PLANET_X0: Final = INITIAL[PLANET].x
X0, Y0, VX0, VY0 = (getattr(INITIAL[SATELLITE], name) for name in ("x", "y", "vx", "vy"))

PLANET_XS, PLANET_YS, SATELLITE_XS, SATELLITE_YS, DISTANCE, ENERGY = (q * INSTANTS for q in range(6))
"""First cells of the quantities; see `grid.QUANTITIES`."""


@subroutine
def put(  # noqa: PLR0917  (numbers in registers)
    codes: NDArray[np.uint16], bounds: NDArray[np.float64], shifts: NDArray[np.float64], cell: int, run: int, v: float
) -> None:
    """Sample a value: its code relative to the cell's shift, and as it is for least and greatest."""
    codes[cell, run] = code(v - shifts[cell])
    bounds[0, cell] = min(bounds[0, cell], v)
    bounds[1, cell] = max(bounds[1, cell], v)


@compiled
def sample(  # noqa: PLR0917  (arrays)
    first: int,
    begin: int,
    end: int,
    instants: NDArray[np.float64],
    marks: NDArray[np.int64],
    shifts: NDArray[np.float64],
    codes: NDArray[np.uint16],
    bounds: NDArray[np.float64],
    runs: NDArray[Any],
) -> None:
    """Run the seeds from `first + begin` up to `first + end` and write what is sampled of each.

    Parameters
    ----------
    first, begin, end
        Whole arrays and a range, no slices of them: those would be of another layout, and compiled once more.
    instants
        Ascending from 0, an infinite one after the last.
    codes
        Shape (cells, runs), of NONE.
    bounds
        Shape (2, cells): least and greatest so far.
    runs
        Of dtype RUN: a row per run to be written.
    """
    for run in range(begin, end):
        seed = np.uint64(first + run)
        planet_stream, stream = first_stream(seed, PLANET), first_stream(seed, SATELLITE)
        planet_time, time = 0.0, 0.0
        planet_dt, dt = LEAST_STEP, LEAST_STEP
        planet_x, x, y, vx, vy = PLANET_X0, X0, Y0, VX0, VY0
        planet_from, planet_x_before = -inf, planet_x
        exceeded_1, exceeded_5, ejected = NEVER, NEVER, NEVER
        largest, last = 0.0, 0.0
        closest, closest_step = inf, 0
        step, planet_at, at = 0, 0, 0
        for mark in range(len(marks)):
            while step < marks[mark]:
                step += 1
                if time > planet_time - LOOK_BACK:
                    planet_from, planet_x_before = planet_time, planet_x
                    planet_time = planet_time + planet_dt
                    planet_x = planet_x + PLANET_VX * planet_dt
                    planet_stream = planet_stream + GAMMA_64
                    planet_dt = time_step(planet_stream)
                    while instants[planet_at] < planet_time:
                        put(codes, bounds, shifts, PLANET_XS + planet_at, run, planet_x)
                        put(codes, bounds, shifts, PLANET_YS + planet_at, run, PLANET_Y)
                        planet_at += 1
                read_at = time - LOOK_BACK
                if planet_time > read_at:
                    x, y, vx, vy = fall(planet_x if read_at >= planet_from else planet_x_before, x, y, vx, vy, dt)
                    time = time + dt
                    stream = stream + GAMMA_64
                    dt = time_step(stream)
                    last, r2 = energy_error(time, x, y, vx, vy)
                    largest, exceeded_1, exceeded_5, ejected = judge(
                        step, last, r2, largest, exceeded_1, exceeded_5, ejected
                    )
                    if r2 < closest:
                        closest, closest_step = r2, step
                    while instants[at] < time:
                        put(codes, bounds, shifts, SATELLITE_XS + at, run, x)
                        put(codes, bounds, shifts, SATELLITE_YS + at, run, y)
                        put(codes, bounds, shifts, DISTANCE + at, run, sqrt(r2))
                        at += 1
            put(codes, bounds, shifts, ENERGY + mark, run, last)
        row = runs[run]
        row.seed = seed
        row.trusted1 = step if exceeded_1 == NEVER else exceeded_1 - 1
        row.trusted5 = step if exceeded_5 == NEVER else exceeded_5 - 1
        row.ejected = ejected
        row.largest_error = largest
        row.closest = sqrt(closest)
        row.closest_step = closest_step
