"""Records as columns: what the kernel writes and every representation is made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FROM, TO, TIME_STEP, X, Y, VX, VY = range(7)
NAMES: Final = ("from", "to", "time_step", "x", "y", "vx", "vy")
"""Rows of `Columns.values`, in this order also in Arrow and in the hash."""


@dataclass(frozen=True)
class Columns:
    """Records in the order in which they were written, one row each.

    A row of the planet starts a step; so does a row of the satellite unless a row of the planet is right before it.
    (Two such rows are never of different steps: where the satellite skips a turn, the planet takes its next one.)
    The initial record makes two rows more, one an agent, before the first step.
    """

    agent: NDArray[np.int8]
    """Shape (rows,), code of the agent."""
    values: NDArray[np.float64]
    """Shape (7, rows), see NAMES. `to` is the state's `time`. Each row is contiguous."""

    @classmethod
    def empty(cls, rows: int) -> Columns:
        """Room for `rows` records."""
        return cls(np.empty(rows, np.int8), np.empty((len(NAMES), rows)))

    @property
    def rows(self) -> int:
        """Number of records."""
        return len(self.agent)

    @property
    def initial_rows(self) -> int:
        """How many of the rows are the initial record's: two where the run's first step is among these, else none."""
        return 2 if self.rows and self.values[FROM, 0] == -np.inf else 0

    def first(self, rows: int) -> Columns:
        """Return views of the first `rows` records."""
        return Columns(self.agent[:rows], self.values[:, :rows])

    def arrays(self) -> list[NDArray[Any]]:
        """All columns, agent first."""
        return [self.agent, *self.values]

    def digest(self) -> bytes:
        """SHA-256 over the columns, each whole, little-endian."""
        sha = hashlib.sha256()
        for array in self.arrays():
            sha.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
        return sha.digest()
