"""The overview of a run: windows of its steps, as the page draws them (docs/formats.md, "Overview")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_HEADER_BYTES: Final = 80
_LEVEL_AT: Final = 14
_RANGE_AT: Final = 32

_POINT: Final = [("dt", "<f4"), ("x", "<f4"), ("y", "<f4")]

ROW: Final = np.dtype(
    [
        ("t", "<f8"),
        ("energy_error", [("least", "<f4"), ("greatest", "<f4")]),
        ("planet", [(name, [("dt", "<f4"), ("x", "<f4")]) for name in ("first", "last")]),
        *((name, _POINT) for name in ("first", "last", "least_inertial_x", "greatest_inertial_x")),
        *((name, _POINT) for name in ("least_y", "greatest_y", "least_x", "greatest_x")),
    ]
)
"""A window, 128 bytes. Points are the satellite's, in the planet's frame, at time t + dt."""


@dataclass(frozen=True, eq=False)
class Overview:
    """At most 511 windows of 2^``level`` steps each, whatever the length of the run."""

    level: int
    start: int
    """The first window begins after so many steps."""
    end: int
    rows: NDArray[Any]
    """Shape (windows,), dtype `ROW`."""

    @classmethod
    def read(cls, data: bytes) -> Overview:
        """Read what `porta.overview.overview` made."""
        start, end, count = np.frombuffer(data, "<u4", 3, _RANGE_AT)
        rows = np.frombuffer(data, ROW, int(count), _HEADER_BYTES)
        return cls(int(np.frombuffer(data, "<u2", 1, _LEVEL_AT)[0]), int(start), int(end), rows)

    @property
    def last_step(self) -> NDArray[np.int64]:
        """The last step of each window."""
        last: NDArray[np.int64] = np.minimum(self.start + (np.arange(1, len(self.rows) + 1) << self.level), self.end)
        return last

    def __len__(self) -> int:
        """Count the windows."""
        return len(self.rows)

    def __repr__(self) -> str:  # noqa: D105
        return f"Overview({len(self)} windows of {2**self.level:,} steps, {self.start:,} to {self.end:,})"
