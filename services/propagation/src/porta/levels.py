"""Levels of the overview: how many steps a window covers. Dispatch needs this, and not what computes the windows."""

from __future__ import annotations

from typing import Final

MOST_ROWS: Final = 511
"""With a header of 80 bytes and 128 a row this stays below 64 KiB."""


def range_level(start: int, end: int) -> int:
    """Least level at which steps [start, end), widened to whole windows, make at most 511 rows."""
    level = 0
    while -(-end >> level) - (start >> level) > MOST_ROWS:
        level += 1
    return level


def overview_level(steps: int) -> int:
    """Level of the overview of a whole run."""
    return range_level(0, steps)
