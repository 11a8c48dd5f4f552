"""Sixteen runs of an ensemble in lockstep, so that the compiler does the arithmetic of eight of them at once.

A run is a chain: each operation waits for the one before, and the processor for most of the time. Runs do not wait for
each other. So the innermost loop is over runs here, without a branch: whether an agent has its turn decides which value
is kept, not which is computed. LLVM makes vector instructions of such a loop where it has a constant number of rounds,
at least sixteen, and where each state is an array.

The operations are those of `sampler.sample`, in the same order, and so are the bits.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import Any, Final

import numpy as np
from llvmlite.binding import get_host_cpu_features
from numba import config
from numpy.typing import NDArray

from porta.checkpoint import NEVER
from porta.compiled import compiled
from porta.ensembles.sampler import (
    DISTANCE,
    ENERGY,
    PLANET_X0,
    PLANET_XS,
    PLANET_YS,
    SATELLITE_XS,
    SATELLITE_YS,
    VX0,
    VY0,
    X0,
    Y0,
    put,
)
from porta.kernel import GAMMA_64, energy_error, fall, first_stream, judge, time_step
from porta.model import LEAST_STEP, LOOK_BACK, PLANET, PLANET_VX, PLANET_Y, SATELLITE

LANES: Final = 16
"""Fewer rounds than sixteen LLVM does not take for worth the check that the arrays do not overlap."""

WIDE: Final = config.CPU_NAME in {None, "host"} and get_host_cpu_features().get("avx512dq", False)
"""Whether lanes are worth it on the processor that code is compiled for: 2.5 times as fast with AVX-512, which
multiplies 64-bit integers; 1.2 times with AVX2; slower with neither (docs/decisions/runs-in-lanes.md)."""

# Rows of the state, a column a lane.
_PLANET_TIME, _PLANET_DT, _PLANET_X, _TIME, _DT, _X, _Y, _VX, _VY = range(9)
_LARGEST, _LAST, _R2, _CLOSEST, _PLANET_NEXT, _NEXT = range(9, 15)
_PLANET_STREAM, _STREAM = range(2)
_EXCEEDED_1, _EXCEEDED_5, _EJECTED, _CLOSEST_STEP = range(4)


@compiled
def sample_lanes(  # noqa: PLR0915, PLR0917  (arrays; one loop with its state)
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
    """Do what `sampler.sample` does, for a multiple of LANES runs."""
    f, streams, steps = np.empty((15, LANES)), np.empty((2, LANES), np.uint64), np.empty((4, LANES), np.int64)
    planet_at, at = np.empty(LANES, np.int64), np.empty(LANES, np.int64)
    for base in range(begin, end, LANES):
        for lane in range(LANES):
            seed = np.uint64(first + base + lane)
            streams[_PLANET_STREAM, lane] = first_stream(seed, PLANET)
            streams[_STREAM, lane] = first_stream(seed, SATELLITE)
        f[_PLANET_TIME], f[_TIME] = 0.0, 0.0
        f[_PLANET_DT], f[_DT] = LEAST_STEP, LEAST_STEP
        f[_PLANET_X], f[_X], f[_Y], f[_VX], f[_VY] = PLANET_X0, X0, Y0, VX0, VY0
        f[_LARGEST], f[_LAST], f[_R2], f[_CLOSEST] = 0.0, 0.0, 0.0, inf
        f[_PLANET_NEXT], f[_NEXT] = instants[0], instants[0]
        steps[_EXCEEDED_1], steps[_EXCEEDED_5], steps[_EJECTED], steps[_CLOSEST_STEP] = NEVER, NEVER, NEVER, 0
        planet_at[:], at[:] = 0, 0
        step = 0
        for mark in range(len(marks)):
            while step < marks[mark]:
                step += 1
                due = 0  # lanes that have passed an instant
                for lane in range(LANES):
                    time, planet_before = f[_TIME, lane], f[_PLANET_TIME, lane]
                    planet_x_before, planet_dt = f[_PLANET_X, lane], f[_PLANET_DT, lane]
                    turn = time > planet_before - LOOK_BACK
                    planet_time = planet_before + planet_dt if turn else planet_before
                    planet_x = planet_x_before + PLANET_VX * planet_dt if turn else planet_x_before
                    stream = streams[_PLANET_STREAM, lane] + GAMMA_64
                    following = time_step(stream)
                    f[_PLANET_TIME, lane] = planet_time
                    f[_PLANET_X, lane] = planet_x
                    f[_PLANET_DT, lane] = following if turn else planet_dt
                    streams[_PLANET_STREAM, lane] = stream if turn else streams[_PLANET_STREAM, lane]

                    read_at, dt = time - LOOK_BACK, f[_DT, lane]
                    turn_2 = planet_time > read_at
                    seen = planet_x_before if turn & (read_at < planet_before) else planet_x
                    x, y, vx, vy = fall(seen, f[_X, lane], f[_Y, lane], f[_VX, lane], f[_VY, lane], dt)
                    to = time + dt
                    stream = streams[_STREAM, lane] + GAMMA_64
                    following = time_step(stream)
                    last, r2 = energy_error(to, x, y, vx, vy)
                    largest, exceeded_1, exceeded_5, ejected = judge(
                        step,
                        last,
                        r2,
                        f[_LARGEST, lane],
                        steps[_EXCEEDED_1, lane],
                        steps[_EXCEEDED_5, lane],
                        steps[_EJECTED, lane],
                    )
                    nearer = turn_2 & (r2 < f[_CLOSEST, lane])
                    f[_X, lane] = x if turn_2 else f[_X, lane]
                    f[_Y, lane] = y if turn_2 else f[_Y, lane]
                    f[_VX, lane] = vx if turn_2 else f[_VX, lane]
                    f[_VY, lane] = vy if turn_2 else f[_VY, lane]
                    f[_TIME, lane] = to if turn_2 else time
                    f[_DT, lane] = following if turn_2 else dt
                    streams[_STREAM, lane] = stream if turn_2 else streams[_STREAM, lane]
                    f[_LAST, lane] = last if turn_2 else f[_LAST, lane]
                    f[_R2, lane] = r2 if turn_2 else f[_R2, lane]
                    f[_LARGEST, lane] = largest if turn_2 else f[_LARGEST, lane]
                    steps[_EXCEEDED_1, lane] = exceeded_1 if turn_2 else steps[_EXCEEDED_1, lane]
                    steps[_EXCEEDED_5, lane] = exceeded_5 if turn_2 else steps[_EXCEEDED_5, lane]
                    steps[_EJECTED, lane] = ejected if turn_2 else steps[_EJECTED, lane]
                    f[_CLOSEST, lane] = r2 if nearer else f[_CLOSEST, lane]
                    steps[_CLOSEST_STEP, lane] = step if nearer else steps[_CLOSEST_STEP, lane]
                    due |= (planet_time > f[_PLANET_NEXT, lane]) | (f[_TIME, lane] > f[_NEXT, lane])
                if due:
                    for lane in range(LANES):
                        run = base + lane
                        while instants[planet_at[lane]] < f[_PLANET_TIME, lane]:
                            put(codes, bounds, shifts, PLANET_XS + planet_at[lane], run, f[_PLANET_X, lane])
                            put(codes, bounds, shifts, PLANET_YS + planet_at[lane], run, PLANET_Y)
                            planet_at[lane] += 1
                        f[_PLANET_NEXT, lane] = instants[planet_at[lane]]
                        while instants[at[lane]] < f[_TIME, lane]:
                            put(codes, bounds, shifts, SATELLITE_XS + at[lane], run, f[_X, lane])
                            put(codes, bounds, shifts, SATELLITE_YS + at[lane], run, f[_Y, lane])
                            put(codes, bounds, shifts, DISTANCE + at[lane], run, sqrt(f[_R2, lane]))
                            at[lane] += 1
                        f[_NEXT, lane] = instants[at[lane]]
            for lane in range(LANES):
                put(codes, bounds, shifts, ENERGY + mark, base + lane, f[_LAST, lane])
        for lane in range(LANES):
            row = runs[base + lane]
            row.seed = np.uint64(first + base + lane)
            exceeded_1, exceeded_5 = steps[_EXCEEDED_1, lane], steps[_EXCEEDED_5, lane]
            row.trusted1 = step if exceeded_1 == NEVER else exceeded_1 - 1
            row.trusted5 = step if exceeded_5 == NEVER else exceeded_5 - 1
            row.ejected = steps[_EJECTED, lane]
            row.largest_error = f[_LARGEST, lane]
            row.closest = sqrt(f[_CLOSEST, lane])
            row.closest_step = steps[_CLOSEST_STEP, lane]
