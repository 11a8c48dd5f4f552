"""Counts of codes as bytes: of each value, in ascending order, how far its code is beyond the one before.

Seven bits a byte, least first, the eighth set where another follows. Most are one byte, and deflate makes half a byte
of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from porta.compiled import compiled
from porta.ensembles.codes import CODES, NONE

LONGEST: Final = 3
"""Bytes of a code."""


@compiled
def pack(ends: NDArray[np.int64], codes: NDArray[np.uint16], counts: NDArray[np.uint32], out: NDArray[np.uint8]) -> int:
    """Write the values of all cells to `out`, which has room for LONGEST bytes each, and return the bytes' number."""
    at, i = 0, 0
    for cell in range(len(ends)):
        before = np.int64(0)
        while i < ends[cell]:
            code = np.int64(codes[i])
            rest = code - before
            while rest >= 128:
                out[at] = rest & 127 | 128
                rest >>= 7
                at += 1
            out[at] = rest
            at += 1
            for _ in range(np.int64(counts[i]) - 1):
                out[at] = 0
                at += 1
            before = code
            i += 1
    return at


@compiled
def unpack(
    data: NDArray[np.uint8],
    values: NDArray[np.uint32],
    ends: NDArray[np.int64],
    codes: NDArray[np.uint16],
    counts: NDArray[np.uint32],
) -> bool:
    """Read what `pack` wrote of as many `values` a cell; `codes` and `counts` have room for all of them.

    Returns whether that was all of the data, and nothing but codes.
    """
    at, i = 0, 0
    for cell in range(len(ends)):
        code, begin = np.int64(NONE), i
        for _ in range(values[cell]):
            delta, shift, more = np.int64(0), 0, True
            while more:
                if at == len(data) or shift == 7 * LONGEST:
                    return False
                byte = np.int64(data[at])
                delta |= (byte & 127) << shift
                more = bool(byte >= 128)
                shift += 7
                at += 1
            code += delta
            if code == NONE or code >= CODES:
                return False
            if delta == 0 and i > begin:
                counts[i - 1] += np.uint32(1)
            else:
                codes[i] = code
                counts[i] = 1
                i += 1
        ends[cell] = i
    return at == len(data)
