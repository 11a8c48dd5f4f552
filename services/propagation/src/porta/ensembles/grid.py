"""Where an ensemble is sampled: instants in time, marks in steps, and the cells that both make (docs/formats.md)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from porta.model import PLANET_VX, PLANET_Y

INSTANTS: Final = 256

_TIME_PER_STEP: Final = 0.043
"""A little less than what a run takes: 0.0435 on average, since a time step is 0.055 and one turn in five is a wait."""

_FIRST_ORBITS: Final = 16.0
"""Time to which half of the instants belong: an orbit takes 3.7, and later the runs have lost each other's phase."""

_EVERY_STEP: Final = 256
"""Steps up to which each is a mark, in runs that are no longer than that; in longer ones every fourth of them is."""
_LATER_MARKS: Final = 192

IN_TIME: Final = ("planet_x", "planet_y", "satellite_x", "satellite_y", "distance")
"""Quantities that are sampled at instants, in the order of their cells."""
IN_STEPS: Final = ("energy_error",)
"""Quantities that are sampled at step marks; their cells come after the others."""
QUANTITIES: Final = IN_TIME + IN_STEPS


@dataclass(frozen=True)
class Grid:
    """The cells of an ensemble of runs of `steps` steps: a cell is a quantity at an instant or at a step mark."""

    steps: int

    @cached_property
    def instants(self) -> NDArray[np.float64]:
        """Shape (256,), ascending from 0."""
        j = np.arange(INSTANTS)
        end = _TIME_PER_STEP * self.steps
        if end <= _FIRST_ORBITS:
            return j * end / 255
        return np.where(j <= 127, j * 16 / 127, 16 + (j - 127) * (end - 16) / 128)

    @cached_property
    def marks(self) -> NDArray[np.int64]:
        """Shape (256,) or less, ascending to `steps`."""
        if self.steps <= _EVERY_STEP:
            return np.arange(1, self.steps + 1)
        i = np.arange(1, _LATER_MARKS + 1)
        later = _EVERY_STEP - (-i * (self.steps - _EVERY_STEP) // _LATER_MARKS)
        return np.unique(np.concatenate([np.arange(4, _EVERY_STEP + 1, 4), later]))

    @cached_property
    def shifts(self) -> NDArray[np.float64]:
        """Shape (cells,): what is subtracted from a value before it is coded, so that its code is relative to this.

        The planet's true place for positions; nothing for the rest.
        """
        x = PLANET_VX * self.instants
        y = np.full(INSTANTS, PLANET_Y)
        return np.concatenate([x, y, x, y, np.zeros(INSTANTS), np.zeros(len(self.marks))])

    @property
    def cells(self) -> int:
        """How many there are."""
        return len(IN_TIME) * INSTANTS + len(IN_STEPS) * len(self.marks)

    def of(self, quantity: str) -> slice:
        """Return the cells of one quantity."""
        first = QUANTITIES.index(quantity) * INSTANTS
        return slice(first, first + (INSTANTS if quantity in IN_TIME else len(self.marks)))
