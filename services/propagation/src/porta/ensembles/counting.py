"""Counts of codes, cell by cell: made of a matrix of codes, added up, and asked for the codes at some ranks.

A cell is counted in an array with a place for every code, and a bit for every place that is not zero: to find them
again in ascending order, a thousand words are looked at, and not as many places as there are codes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from porta.compiled import compiled, subroutine
from porta.ensembles.codes import CODES, NONE


@subroutine
def _drain(
    dense: NDArray[np.uint32], seen: NDArray[np.uint64], codes: NDArray[np.uint16], counts: NDArray[np.uint32], at: int
) -> int:
    """Move what `dense` counts to `codes` and `counts` from `at` on, and leave it zero; return where that ends."""
    for word in range(len(seen)):
        bits = seen[word]
        if bits == 0:
            continue
        seen[word] = 0
        for bit in range(64):
            if (bits >> np.uint64(bit)) & np.uint64(1):
                code = word * 64 + bit
                codes[at] = code
                counts[at] = dense[code]
                dense[code] = 0
                at += 1
    return at


@subroutine
def _see(dense: NDArray[np.uint32], seen: NDArray[np.uint64], code: np.int64, count: np.uint32) -> None:
    dense[code] += count
    seen[code >> 6] |= np.uint64(1) << np.uint64(code & 63)


@compiled
def count_all(
    matrix: NDArray[np.uint16], ends: NDArray[np.int64], codes: NDArray[np.uint16], counts: NDArray[np.uint32]
) -> None:
    """Count a matrix of codes, shape (cells, runs); `codes` and `counts` have room for as many."""
    dense, seen = np.zeros(CODES, np.uint32), np.zeros(CODES // 64, np.uint64)
    at = 0
    for cell in range(len(matrix)):
        for run in range(matrix.shape[1]):
            if matrix[cell, run] != NONE:
                _see(dense, seen, np.int64(matrix[cell, run]), np.uint32(1))
        at = _drain(dense, seen, codes, counts, at)
        ends[cell] = at


@compiled
def add(  # noqa: PLR0917  (arrays)
    their_ends: NDArray[np.int64],
    their_codes: NDArray[np.uint16],
    their_counts: NDArray[np.uint32],
    ends: NDArray[np.int64],
    codes: NDArray[np.uint16],
    counts: NDArray[np.uint32],
) -> None:
    """Add the counts of several sketches; `their_ends` has shape (sketches, cells), and counts through all of them."""
    dense, seen = np.zeros(CODES, np.uint32), np.zeros(CODES // 64, np.uint64)
    begins = np.zeros(len(their_ends), np.int64)
    for sketch in range(1, len(begins)):
        begins[sketch] = their_ends[sketch - 1, -1]
    at = 0
    for cell in range(len(ends)):
        for sketch in range(len(begins)):
            for i in range(begins[sketch], their_ends[sketch, cell]):
                _see(dense, seen, np.int64(their_codes[i]), their_counts[i])
            begins[sketch] = their_ends[sketch, cell]
        at = _drain(dense, seen, codes, counts, at)
        ends[cell] = at


@compiled
def codes_at(
    ends: NDArray[np.int64],
    codes: NDArray[np.uint16],
    counts: NDArray[np.uint32],
    ranks: NDArray[np.int64],
    out: NDArray[np.uint16],
) -> None:
    """Find the codes of the values at some ascending ranks, of each cell that has values; shape (cells, ranks)."""
    i = 0
    for cell in range(len(ends)):
        passed, rank = 0, 0
        while i < ends[cell]:
            passed += counts[i]
            while rank < ranks.shape[1] and ranks[cell, rank] <= passed:
                out[cell, rank] = codes[i]
                rank += 1
            i += 1
