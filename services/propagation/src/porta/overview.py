"""The overview of a run or of a range of its steps: a header and at most 511 rows, at most 64 KiB (docs/formats.md)."""

from __future__ import annotations

import struct
from typing import Final

from porta.contract import ENGINE
from porta.levels import overview_level, range_level
from porta.model import INITIAL, PLANET, PLANET_VX, PLANET_Y, SATELLITE
from porta.run import Run
from porta.windows import ROW_BYTES

__all__ = ["overview", "overview_level", "range_level"]

_HEADER: Final = struct.Struct("<8s4H2Id4I4d")
_MAGIC: Final = b"porta/ov"
_VERSION: Final = 1


def overview(run: Run, level: int, rows: bytes, start: int = 0, end: int | None = None) -> bytes:
    """Put the header before `rows`, which cover steps [start, end), multiples of 2^level or the run's end."""
    end = run.steps if end is None else end
    satellite, planet = INITIAL[SATELLITE], INITIAL[PLANET]
    header = _HEADER.pack(
        *(_MAGIC, _VERSION, _HEADER.size, ROW_BYTES, level, ENGINE, run.steps, float(run.seed)),
        *(start, end, len(rows) // ROW_BYTES, 0, PLANET_VX, PLANET_Y, satellite.x - planet.x, satellite.y - planet.y),
    )
    return header + rows
