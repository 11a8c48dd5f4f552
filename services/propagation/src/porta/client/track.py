"""One agent's records, as NumPy arrays, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from porta.kepler import orbit
from porta.model import INITIAL_ENERGY, PLANET, PLANET_VX, PLANET_Y

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Track:
    """Where an agent was: one row a record, in the order of time, the initial record first.

    Lengths and times are in the model's units, positions in the inertial frame. All arrays have the same length.
    """

    step: NDArray[np.int64]
    """In which step each record was written; 0 for the initial one."""
    start: Floats
    """From when on the record holds; −∞ for the initial one."""
    time: Floats
    """Until when it holds: the time of its state."""
    time_step: Floats
    """How long the next record will hold."""
    x: Floats
    y: Floats
    vx: Floats
    vy: Floats

    def __len__(self) -> int:
        """Count the records."""
        return len(self.step)

    def __repr__(self) -> str:  # noqa: D105
        return (
            f"Track({len(self):,} records, steps {self.step[0]:,} to {self.step[-1]:,}, until time {self.time[-1]:.6g})"
        )

    def until(self, step: int) -> Track:
        """Return views of what was written in steps up to ``step``."""
        rows = int(np.searchsorted(self.step, step, "right"))
        return Track(*(getattr(self, name)[:rows] for name in self.__dataclass_fields__))

    @cached_property
    def in_planets_frame(self) -> tuple[Floats, Floats]:
        """Position (x, y) relative to where the planet truly is at that time."""
        return self.x - PLANET_VX * self.time, self.y - PLANET_Y

    @cached_property
    def distance(self) -> Floats:
        """From the planet, where it truly is at that time."""
        x, y = self.in_planets_frame
        return np.sqrt(x * x + y * y)

    @cached_property
    def energy_error(self) -> Floats:
        """E/E0 − 1, E being the satellite's energy in the planet's frame: exact physics would keep it 0."""
        wx = self.vx - PLANET_VX
        with np.errstate(divide="ignore"):  # the planet is at distance 0 of itself
            energy: Floats = (0.5 * (wx * wx + self.vy * self.vy) - 1.0 / self.distance) / INITIAL_ENERGY - 1.0
        return energy

    @cached_property
    def exact(self) -> tuple[Floats, Floats]:
        """Where the exact Kepler orbit is at the same times: (x, y) in the planet's frame."""
        return exact_orbit(self.time)

    @cached_property
    def off_orbit(self) -> Floats:
        """Distance from where the exact orbit is at that time."""
        (x, y), (exact_x, exact_y) = self.in_planets_frame, self.exact
        return np.sqrt((x - exact_x) ** 2 + (y - exact_y) ** 2)


def exact_orbit(times: Floats) -> tuple[Floats, Floats]:
    """Return the satellite's exact Kepler orbit: (x, y) in the planet's frame at ``times``. See `porta.kepler`."""
    points = np.array([orbit(time) for time in times]).reshape(-1, 2)
    return points[:, 0], points[:, 1]


def steps_of(agents: Sequence[NDArray[np.int8]], initial_rows: int) -> NDArray[np.int64]:
    """In which step each row was written, by the rule of docs/formats.md.

    Parameters
    ----------
    agents
        Codes of the agents, an array a segment.
    initial_rows
        How many rows of the first segment are the initial record's: they have step 0.
    """
    begins = []
    for agent in agents:
        begin: NDArray[Any] = agent == PLANET
        begin[1:] |= agent[:-1] != PLANET
        begin[:1] = True
        begins.append(begin)
    begins[0][:initial_rows] = False
    begins[0][initial_rows : initial_rows + 1] = True
    return np.cumsum(np.concatenate(begins))
