"""Overview rows: windows of 2^k steps, each with what a picture of them needs (see docs/formats.md).

Computed in float64 from the records and rounded to float32 once, so that a row does not depend on how it came about: a
window of 64 steps is the same from the records as from two windows of 32.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from porta.columns import TO, VX, VY, Columns, X, Y
from porta.compiled import compiled, subroutine
from porta.contract import SEGMENT_STEPS
from porta.kernel import energy_error
from porta.model import PLANET, PLANET_VX, PLANET_Y

_Floats = NDArray[np.float64]

ROW_BYTES: Final = 128

STORED_LEVELS: Final = range(5, SEGMENT_STEPS.bit_length())
"""Levels that a segment stores, from windows of 32 steps to one of all of it."""

# A window being made, in float64 and in the inertial frame: t, least and greatest energy error, the planet's first and
# last (to, x), then the satellite's points (to, x, y). NaN where there is none.
_T, _ERROR, _PLANET_FIRST, _PLANET_LAST, _FIRST, _LAST, _POINTS = 0, 1, 3, 5, 7, 10, 13
_FIELDS = 31


@subroutine
def _place(window: _Floats, at: int, to: float, x: float, y: float) -> None:
    window[at] = to
    window[at + 1] = x
    window[at + 2] = y


@subroutine
def _measure(k: int, to: float, x: float, y: float) -> float:
    """By what the k-th pair of points is least and greatest: inertial x, y, x in the planet's frame."""
    return x if k == 0 else y if k == 1 else x - PLANET_VX * to


@subroutine
def _widen(window: _Floats, to: float, x: float, y: float) -> None:
    """Let a point of the satellite be an extreme of the window, where it is beyond what was there."""
    for k in range(3):
        low, high = _POINTS + 6 * k, _POINTS + 6 * k + 3
        value = _measure(k, to, x, y)
        # Not `<` alone: against NaN, of a window without a point, that is false.
        if not (value >= _measure(k, window[low], window[low + 1], window[low + 2])):
            _place(window, low, to, x, y)
        if not (value <= _measure(k, window[high], window[high + 1], window[high + 2])):
            _place(window, high, to, x, y)


@subroutine
def _start(window: _Floats, t: float) -> None:
    if not (window[_T] <= t):
        window[_T] = t


@subroutine
def _err(window: _Floats, least: float, greatest: float) -> None:
    if not (window[_ERROR] <= least):
        window[_ERROR] = least
    if not (window[_ERROR + 1] >= greatest):
        window[_ERROR + 1] = greatest


@subroutine
def _pass_planet(window: _Floats, first: float, first_x: float, last: float, last_x: float) -> None:
    if np.isnan(window[_PLANET_FIRST]):
        window[_PLANET_FIRST] = first
        window[_PLANET_FIRST + 1] = first_x
    window[_PLANET_LAST] = last
    window[_PLANET_LAST + 1] = last_x


@compiled
def _windows(
    agent: NDArray[np.int8],
    columns: tuple[_Floats, _Floats, _Floats, _Floats, _Floats],
    first: int,
    level: int,
    out: _Floats,
) -> None:
    """Fill `out`, shape (windows, _FIELDS), from the rows from `first` on."""
    to, x, y, vx, vy = columns
    out.fill(np.nan)
    step = -1
    for row in range(first, len(agent)):
        if agent[row] == PLANET or row == first or agent[row - 1] != PLANET:
            step += 1
        window = out[step >> level]
        _start(window, to[row])
        if agent[row] == PLANET:
            _pass_planet(window, to[row], x[row], to[row], x[row])
        else:
            error, _ = energy_error(to[row], x[row], y[row], vx[row], vy[row])
            _err(window, error, error)
            if np.isnan(window[_FIRST]):
                _place(window, _FIRST, to[row], x[row], y[row])
            _place(window, _LAST, to[row], x[row], y[row])
            _widen(window, to[row], x[row], y[row])


@compiled
def _merge(windows: _Floats, out: _Floats) -> None:
    """Fill `out` with windows of twice the steps."""
    out.fill(np.nan)
    for i in range(len(windows)):
        window, part = out[i // 2], windows[i]
        _start(window, part[_T])
        if not np.isnan(part[_PLANET_FIRST]):
            first, last = _PLANET_FIRST, _PLANET_LAST
            _pass_planet(window, part[first], part[first + 1], part[last], part[last + 1])
        if not np.isnan(part[_FIRST]):
            _err(window, part[_ERROR], part[_ERROR + 1])
            if np.isnan(window[_FIRST]):
                _place(window, _FIRST, part[_FIRST], part[_FIRST + 1], part[_FIRST + 2])
            _place(window, _LAST, part[_LAST], part[_LAST + 1], part[_LAST + 2])
            for k in range(6):
                at = _POINTS + 3 * k
                _widen(window, part[at], part[at + 1], part[at + 2])


@compiled
def _emit(windows: _Floats, t: _Floats, rows: NDArray[np.float32]) -> None:
    """Write windows as rows: `t`, shape (windows, 16), and `rows`, shape (windows, 32), are the same memory."""
    for i in range(len(windows)):
        window = windows[i]
        t[i, 0] = window[_T]
        rows[i, 2] = window[_ERROR]
        rows[i, 3] = window[_ERROR + 1]
        for k in range(2):
            to, x = window[_PLANET_FIRST + 2 * k], window[_PLANET_FIRST + 2 * k + 1]
            rows[i, 4 + 2 * k] = to - window[_T]
            rows[i, 5 + 2 * k] = x - PLANET_VX * to
        for k in range(8):
            at = _FIRST + 3 * k
            to, x, y = window[at], window[at + 1], window[at + 2]
            rows[i, 8 + 3 * k] = to - window[_T]
            rows[i, 9 + 3 * k] = x - PLANET_VX * to
            rows[i, 10 + 3 * k] = y - PLANET_Y


def _rows(windows: _Floats) -> bytes:
    data = np.empty((len(windows), ROW_BYTES), np.uint8)
    _emit(windows, data.view(np.float64), data.view(np.float32))
    return data.tobytes()


def _count(steps: int, level: int) -> int:
    return -(-steps >> level)


def _from_records(columns: Columns, steps: int, level: int) -> _Floats:
    windows = np.empty((_count(steps, level), _FIELDS))
    # One by one: each column is contiguous, whatever the room that it lies in.
    used = tuple(columns.values[column] for column in (TO, X, Y, VX, VY))
    _windows(columns.agent, used, columns.initial_rows, level, windows)
    return windows


def rows(columns: Columns, steps: int, level: int) -> bytes:
    """Rows of a segment of `steps` steps at one level, from its records."""
    return _rows(_from_records(columns, steps, level))


def stored_rows(columns: Columns, steps: int) -> bytes:
    """Rows of a segment at all stored levels, one level after the other."""
    windows = _from_records(columns, steps, STORED_LEVELS[0])
    parts = [_rows(windows)]
    for level in STORED_LEVELS[1:]:
        merged = np.empty((_count(steps, level), _FIELDS))
        _merge(windows, merged)
        windows = merged
        parts.append(_rows(windows))
    return b"".join(parts)


def at_level(stored: bytes, level: int, steps: int) -> bytes:
    """Rows at one level out of a segment's `stored_rows`.

    Raises
    ------
    ValueError
        If the level is not stored, or `stored` has another size than a segment of `steps` steps.
    """
    if level not in STORED_LEVELS:
        raise ValueError(f"level {level} is not stored: {STORED_LEVELS[0]} to {STORED_LEVELS[-1]} are")
    sizes = [_count(steps, k) * ROW_BYTES for k in STORED_LEVELS]
    if len(stored) != sum(sizes):
        raise ValueError(f"windows of {steps} steps have {sum(sizes)} bytes, these have {len(stored)}")
    start = sum(sizes[: level - STORED_LEVELS[0]])
    return stored[start : start + sizes[level - STORED_LEVELS[0]]]


def merge_rows(data: bytes, level: int) -> bytes:
    """Merge rows of the highest stored level up to `level`: only runs of more than eight million steps need it.

    The one case where rows are made from rows, so their rounding adds up: to about 1e-7 of a window.
    """
    for _ in range(level - STORED_LEVELS[-1]):
        windows = _parse(data)
        merged = np.empty((_count(len(windows), 1), _FIELDS))
        _merge(windows, merged)
        data = _rows(merged)
    return data


def _parse(data: bytes) -> _Floats:
    rows = np.frombuffer(data, "<f4").reshape(-1, ROW_BYTES // 4).astype(np.float64)
    windows = np.empty((len(rows), _FIELDS))
    t = windows[:, _T] = np.frombuffer(data, "<f8").reshape(-1, ROW_BYTES // 8)[:, 0]
    windows[:, _ERROR : _ERROR + 2] = rows[:, 2:4]
    for k in range(2):
        to = windows[:, _PLANET_FIRST + 2 * k] = t + rows[:, 4 + 2 * k]
        windows[:, _PLANET_FIRST + 2 * k + 1] = rows[:, 5 + 2 * k] + PLANET_VX * to
    for k in range(8):
        at = _FIRST + 3 * k
        to = windows[:, at] = t + rows[:, 8 + 3 * k]
        windows[:, at + 1] = rows[:, 9 + 3 * k] + PLANET_VX * to
        windows[:, at + 2] = rows[:, 10 + 3 * k] + PLANET_Y
    return windows
