"""The exact orbit: what the satellite would do if time were continuous.

In the planet's frame it starts at (0, 0.9) with velocity (0.9, 0), at right angles and slower than on a circle: at the
apoapsis. With the eccentric anomaly E counted from there and mean motion n:

    E + e·sin E = n·t    x = b·sin E    y = a·(cos E + e)
"""

from math import cos, pi, sin, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from porta.columns import TO, Columns, X, Y
from porta.compiled import compiled
from porta.model import INITIAL_ENERGY, PLANET_VX, PLANET_Y, SATELLITE

SEMI_MAJOR: Final = -1 / (2 * INITIAL_ENERGY)
ECCENTRICITY: Final = 0.9 / SEMI_MAJOR - 1
SEMI_MINOR: Final = SEMI_MAJOR * sqrt(1 - ECCENTRICITY * ECCENTRICITY)
MEAN_MOTION: Final = SEMI_MAJOR**-1.5

_TURN = 2 * pi


@compiled
def orbit(t: float) -> tuple[float, float]:
    """Position (x, y) relative to the planet at time t, in the model's units."""
    mean = (MEAN_MOTION * t) % _TURN
    anomaly = mean - ECCENTRICITY * sin(mean)
    for _ in range(20):  # Newton; four do at this eccentricity
        change = (anomaly + ECCENTRICITY * sin(anomaly) - mean) / (1 + ECCENTRICITY * cos(anomaly))
        anomaly -= change
        if abs(change) < 1e-14:
            break
    return SEMI_MINOR * sin(anomaly), SEMI_MAJOR * (cos(anomaly) + ECCENTRICITY)


@compiled
def _distances(
    agent: NDArray[np.int8], to: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[float, float]:
    largest, last = -1.0, -1.0
    for row in range(len(agent)):
        if agent[row] == SATELLITE:
            orbit_x, orbit_y = orbit(to[row])
            ex = x[row] - PLANET_VX * to[row] - orbit_x
            ey = y[row] - PLANET_Y - orbit_y
            last = sqrt(ex * ex + ey * ey)
            largest = max(largest, last)
    return largest, last


def distances(columns: Columns) -> tuple[float, float] | None:
    """Greatest and last distance of the satellite's records from the exact orbit; None where it has no record."""
    first = columns.initial_rows
    to, x, y = (columns.values[c, first:] for c in (TO, X, Y))
    largest, last = _distances(columns.agent[first:], to, x, y)
    return None if last < 0 else (float(largest), float(last))
