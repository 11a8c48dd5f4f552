"""The overview of an ensemble, whole or of the runs that are in so far: at most 52 KiB (docs/formats.md)."""

from __future__ import annotations

import struct
from typing import Final

import numpy as np

from porta.contract import ENGINE
from porta.ensembles.bands import LEVELS, Bands, ejected_by
from porta.ensembles.grid import IN_TIME
from porta.ensembles.request import Ensemble
from porta.ensembles.sketch import Sketch
from porta.model import PLANET_VX, PLANET_Y

_HEADER: Final = struct.Struct("<8s4H6I3d")
_MAGIC: Final = b"porta/en"
_VERSION: Final = 1

_LEVELS: Final = ("<f4", (len(LEVELS),))
_TIME_ROW: Final = np.dtype(
    [
        ("t", "<f8"),
        ("planet", "<u4"),
        ("satellite", "<u4"),
        *((quantity, *_LEVELS) for quantity in IN_TIME),
        ("nothing", "<u4"),  # every t lies at a multiple of eight bytes
    ]
)
_STEP_ROW: Final = np.dtype([("step", "<u4"), ("ejected", "<u4"), ("runs", "<u4"), ("energy_error", *_LEVELS)])


def overview(ensemble: Ensemble, sketch: Sketch, bands: Bands) -> bytes:
    """Put together header, time rows and step rows; not compressed."""
    grid = bands.grid
    times, steps = np.zeros(len(grid.instants), _TIME_ROW), np.zeros(len(grid.marks), _STEP_ROW)
    times["t"] = grid.instants
    times["planet"] = bands.runs[grid.of("planet_x")]
    times["satellite"] = bands.runs[grid.of("satellite_x")]
    for quantity in IN_TIME:
        times[quantity] = bands.relative[grid.of(quantity)]
    steps["step"] = grid.marks
    steps["ejected"] = ejected_by(sketch, grid.marks)
    steps["runs"] = bands.runs[grid.of("energy_error")]
    steps["energy_error"] = bands.relative[grid.of("energy_error")]
    header = _HEADER.pack(
        *(_MAGIC, _VERSION, _HEADER.size, _TIME_ROW.itemsize, _STEP_ROW.itemsize),
        *(ENGINE, ensemble.steps, ensemble.runs, sketch.runs, len(times), len(steps)),
        *(float(ensemble.seed), PLANET_VX, PLANET_Y),
    )
    return header + times.tobytes() + steps.tobytes()
