"""Values as codes of 16 bits, in the order of the values: what a sketch counts (see docs/formats.md).

A code is `ZERO` ± k. k is 0 for what is smaller in magnitude than 2⁻²⁴; otherwise one more than the number of steps of
2⁻⁹ of a binary order of magnitude from 2⁻²⁴ on, which the bits of a float64 hold ready: exponent and nine bits of
mantissa side by side.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from porta.compiled import subroutine

CODES: Final = 1 << 16
NONE: Final = 0
"""The code that stands for no value. No value has it: the codes of values are symmetric about ZERO."""
ZERO: Final = 1 << 15

RELATIVE_BOUND: Final = 2.0**-10
"""Of the middle of a code's range, relative to any value in it."""
ABSOLUTE_BOUND: Final = 2.0**-24
"""Of the code of zero."""

_LARGEST_K: Final = ZERO - 1
_DROPPED: Final = 52 - 9
"""Bits of a float64's mantissa that no code has."""
_LEAST: Final = (1023 - 24) << 9
"""Of 2⁻²⁴: exponent and nine bits of mantissa."""

_MAGNITUDE = np.uint64(0x7FFF_FFFF_FFFF_FFFF)
_SHIFT = np.uint64(_DROPPED)


@subroutine
def code(value: float) -> np.int64:
    """Code of a number; those beyond the range have the last code of their sign."""
    k = np.int64((np.float64(value).view(np.uint64) & _MAGNITUDE) >> _SHIFT) - np.int64(_LEAST - 1)
    k = min(max(k, np.int64(0)), np.int64(_LARGEST_K))
    return np.int64(ZERO) + k if value >= 0.0 else np.int64(ZERO) - k


def middles() -> NDArray[np.float64]:
    """Middle of each code's range; shape (CODES,), NaN for NONE."""
    k = np.arange(1, ZERO, dtype=np.uint64)
    half = np.uint64(1 << (_DROPPED - 1))
    above = ((k + np.uint64(_LEAST - 1) << _SHIFT) | half).view(np.float64)
    return np.concatenate([[np.nan], -above[::-1], [0.0], above])
