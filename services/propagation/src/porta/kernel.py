"""The algorithm of `reference.py`, compiled: tens of nanoseconds a step, without the interpreter lock.

Equal to the reference to the bit, so: the same operations in the same order, no fastmath (which would reorder and fuse
them), and the store reduced to what a read can still reach.

An agent reads 0.001 before its own time, where it always finds its own newest record, since no step is below 0.01. So a
turn is skipped exactly if the other agent has no record there, and only the satellite needs the other's state. It finds
it in the planet's newest record or in the one before. The planet moved from its newest record's start because the
satellite's time was beyond that start − 0.001; so in the same step the satellite reads at most 0.002 before the start,
and the record before is at least 0.01 long. In a later step the satellite is beyond the start: it has moved by at least
0.01 since, or waited because it was ahead. So the record before matters within a step only, and no checkpoint holds it.
"""

from math import inf, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from porta.checkpoint import NEVER, Checkpoint
from porta.columns import FROM, TIME_STEP, TO, VX, VY, Columns, X, Y
from porta.compiled import compiled, subroutine
from porta.model import (
    GAMMA,
    INITIAL_ENERGY,
    LEAST_STEP,
    LOOK_BACK,
    PLANET,
    PLANET_VX,
    PLANET_Y,
    SATELLITE,
    STEP_SPAN,
    UNIT,
)

EJECTED_BEYOND: Final = 10.0
"""Ejected means unbound (E > 0) and farther than this from the planet."""

# uint64 with int64 is float64 in numba: every constant of the generator has its type.
GAMMA_64: Final = np.uint64(GAMMA)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3, _SHIFT_UNIT = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@subroutine
def _mix64(z: np.uint64) -> np.uint64:
    """Compile `model.mix64`."""
    z = (z ^ (z >> _SHIFT_1)) * _MIX_1
    z = (z ^ (z >> _SHIFT_2)) * _MIX_2
    return z ^ (z >> _SHIFT_3)


@subroutine
def first_stream(seed: np.uint64, agent: int) -> np.uint64:
    """Compile `model.stream`."""
    return _mix64(seed + np.uint64(agent + 1) * GAMMA_64)


@subroutine
def time_step(stream: np.uint64) -> float:
    """Time step drawn at the stream's (advanced) state."""
    return LEAST_STEP + (np.float64(_mix64(stream) >> _SHIFT_UNIT) * UNIT) * STEP_SPAN


@subroutine
def fall(  # noqa: PLR0917  (numbers in registers)
    planet_x: float, x: float, y: float, vx: float, vy: float, dt: float
) -> tuple[float, float, float, float]:
    """Move the satellite on by dt towards the planet as it was read: its x, y, vx, vy then."""
    dx = planet_x - x
    dy = PLANET_Y - y
    r2 = dx * dx + dy * dy
    r3 = r2 * sqrt(r2)
    vx = vx + (dx / r3) * dt
    vy = vy + (dy / r3) * dt
    return x + vx * dt, y + vy * dt, vx, vy


@subroutine
def energy_error(to: float, x: float, y: float, vx: float, vy: float) -> tuple[float, float]:
    """E/E0 − 1 and the squared distance, of a satellite's record, from the planet where it truly is at `to`."""
    ex = x - PLANET_VX * to
    ey = y - PLANET_Y
    wx = vx - PLANET_VX
    r2 = ex * ex + ey * ey
    return (0.5 * (wx * wx + vy * vy) - 1.0 / sqrt(r2)) / INITIAL_ENERGY - 1.0, r2


@subroutine
def judge(  # noqa: PLR0917  (numbers in registers)
    step: int, error: float, r2: float, largest: float, exceeded_1: int, exceeded_5: int, ejected: int
) -> tuple[float, int, int, int]:
    """Go on with the verdict's sums (as in STATE), by a satellite's record with this energy error and distance²."""
    size = abs(error)
    if size > abs(largest):
        largest = error
    if size > 0.01 and exceeded_1 == NEVER:
        exceeded_1 = step
    if size > 0.05 and exceeded_5 == NEVER:
        exceeded_5 = step
    # E0 is negative: E > 0 is E/E0 - 1 < -1.
    if error < -1.0 and r2 > EJECTED_BEYOND * EJECTED_BEYOND and ejected == NEVER:
        ejected = step
    return largest, exceeded_1, exceeded_5, ejected


@compiled
def advance(  # noqa: PLR0915  (one loop with its state in registers)
    state: NDArray[Any],
    steps: int,
    agent: NDArray[np.int8] | None,
    values: NDArray[np.float64] | None,
) -> int:
    """Advance `state` (dtype STATE, shape (1,)) in place; write records unless `agent` and `values` are None.

    Returns the number of rows written.
    """
    s = state[0]
    planet_stream, stream = s.stream[PLANET], s.stream[SATELLITE]
    planet_time, time = s.time[PLANET], s.time[SATELLITE]
    planet_dt, dt = s.time_step[PLANET], s.time_step[SATELLITE]
    planet_x, x, y, vx, vy = s.planet_x, s.x, s.y, s.vx, s.vy
    planet_from, planet_x_before = -inf, planet_x
    planet_skipped, skipped = s.skipped[PLANET], s.skipped[SATELLITE]
    exceeded_1, exceeded_5, ejected = s.exceeded[0], s.exceeded[1], s.ejected
    largest, last = s.largest_error, s.last_error
    row = 0

    if agent is not None and values is not None and s.step == 0 and steps > 0:
        for i in range(2):
            agent[row] = i
            values[FROM, row] = -inf
            values[TO, row] = 0.0
            values[TIME_STEP, row] = LEAST_STEP
            row += 1
        values[X, 0], values[Y, 0], values[VX, 0], values[VY, 0] = planet_x, PLANET_Y, PLANET_VX, 0.0
        values[X, 1], values[Y, 1], values[VX, 1], values[VY, 1] = x, y, vx, vy

    for step in range(s.step + 1, s.step + 1 + steps):
        if time > planet_time - LOOK_BACK:
            to = planet_time + planet_dt
            planet_from, planet_x_before = planet_time, planet_x
            planet_x = planet_x + PLANET_VX * planet_dt
            planet_stream = planet_stream + GAMMA_64
            planet_dt = time_step(planet_stream)
            if agent is not None and values is not None:
                agent[row] = PLANET
                values[FROM, row] = planet_time
                values[TO, row] = to
                values[TIME_STEP, row] = planet_dt
                values[X, row] = planet_x
                values[Y, row] = PLANET_Y  # + 0·dt
                values[VX, row] = PLANET_VX
                values[VY, row] = 0.0
                row += 1
            planet_time = to
        else:
            planet_skipped += 1

        read_at = time - LOOK_BACK
        if planet_time > read_at:
            x, y, vx, vy = fall(planet_x if read_at >= planet_from else planet_x_before, x, y, vx, vy, dt)
            to = time + dt
            stream = stream + GAMMA_64
            dt = time_step(stream)
            if agent is not None and values is not None:
                agent[row] = SATELLITE
                values[FROM, row] = time
                values[TO, row] = to
                values[TIME_STEP, row] = dt
                values[X, row] = x
                values[Y, row] = y
                values[VX, row] = vx
                values[VY, row] = vy
                row += 1
            time = to
            last, r2 = energy_error(to, x, y, vx, vy)
            largest, exceeded_1, exceeded_5, ejected = judge(step, last, r2, largest, exceeded_1, exceeded_5, ejected)
        else:
            skipped += 1

    s.step += steps
    s.stream[PLANET], s.stream[SATELLITE] = planet_stream, stream
    s.time[PLANET], s.time[SATELLITE] = planet_time, time
    s.time_step[PLANET], s.time_step[SATELLITE] = planet_dt, dt
    s.planet_x, s.x, s.y, s.vx, s.vy = planet_x, x, y, vx, vy
    s.skipped[PLANET], s.skipped[SATELLITE] = planet_skipped, skipped
    s.exceeded[0], s.exceeded[1], s.ejected = exceeded_1, exceeded_5, ejected
    s.largest_error, s.last_error = largest, last
    return row


def walk(checkpoint: Checkpoint, steps: int) -> Checkpoint:
    """Advance a run by `steps` without keeping records."""
    return _advance(checkpoint, steps, None)


def propagate(checkpoint: Checkpoint, steps: int, room: Columns | None = None) -> tuple[Columns, Checkpoint]:
    """Advance a run by `steps` and return its records, with the initial one before the first step.

    Parameters
    ----------
    room
        Columns of at least 2·steps + 2 rows to write into; the result then holds views of them.
    """
    columns = room or Columns.empty(2 * steps + 2)
    if columns.rows < 2 * steps + 2:
        raise ValueError(f"{steps} steps need room for {2 * steps + 2} rows, there is room for {columns.rows}")
    after = _advance(checkpoint, steps, columns)
    rows = after.records - checkpoint.records + (2 if checkpoint.step == 0 and steps > 0 else 0)
    return columns.first(rows), after


def _advance(checkpoint: Checkpoint, steps: int, columns: Columns | None) -> Checkpoint:
    if steps < 0:
        raise ValueError(f"{steps} steps: a run only goes forward")
    state = checkpoint.state.copy()
    agent, values = (None, None) if columns is None else (columns.agent, columns.values)
    advance(state, steps, agent, values)
    state.flags.writeable = False
    return Checkpoint(checkpoint.seed, state)


def warm_up() -> None:
    """Load, or where the disk cache lacks it compile, all that a first job needs, encoding and ensembles included."""
    from porta.ensembles import propagate as ensembles  # noqa: PLC0415  (which are built on this module)
    from porta.propagate import compute  # noqa: PLC0415
    from porta.run import Run  # noqa: PLC0415

    compute(Run(steps=1))
    ensembles.warm_up()
