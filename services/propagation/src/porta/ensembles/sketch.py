"""What some runs of an ensemble come to: counts of codes, bounds, and a row a run. Sketches add up, in any order.

A cell's values are counted under their codes (see `codes.py`). That is a histogram whose bins are the same for every
run, so that sketches of different runs add up to the same bits in whatever order and grouping. Only bins that count
something are kept.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from porta import deflate
from porta.contract import ENGINE
from porta.ensembles.counting import add, count_all
from porta.ensembles.grid import Grid
from porta.ensembles.packing import LONGEST, pack, unpack
from porta.ensembles.request import Chunk
from porta.manifest import Damaged

RUN: Final = np.dtype(
    [
        ("seed", "<u8"),
        ("trusted1", "<i4"),
        ("trusted5", "<i4"),
        ("ejected", "<i4"),  # step, or NEVER
        ("closest_step", "<i4"),
        ("closest", "<f8"),  # least distance of the satellite from the planet
        ("largest_error", "<f8"),  # E/E0 - 1 of greatest magnitude, signed
    ]
)
"""What is known of each run exactly."""

_HEADER: Final = struct.Struct("<8sIIIQI")  # magic, version, engine, steps, first seed, runs
_MAGIC: Final = b"porta/sk"
_VERSION: Final = 1
_DIGEST: Final = 32


@dataclass(frozen=True, eq=False)
class Sketch:
    """What some runs of an ensemble come to. Its cells are those of `grid.Grid(steps)`; its arrays are read-only."""

    steps: int
    rows: NDArray[Any]
    """Shape (runs,), dtype RUN, by seed."""
    bounds: NDArray[np.float64]
    """Shape (2, cells): least and greatest value; where there is none, ∞ and −∞."""
    ends: NDArray[np.int64]
    """Shape (cells,): where each cell's codes end in `codes`."""
    codes: NDArray[np.uint16]
    """Of each cell, ascending."""
    counts: NDArray[np.uint32]
    """How many values have each of the codes."""

    def __post_init__(self) -> None:
        """Make the arrays read-only and aligned, which those from another process need not be.

        Code is compiled anew for arrays that may be written to and for those that may not: this way once. And it takes
        for granted that they are aligned.
        """
        for name, array in self._arrays().items():
            fixed = np.require(array, requirements="A").view()
            fixed.flags.writeable = False
            object.__setattr__(self, name, fixed)

    def __reduce__(self) -> tuple[type[Sketch], tuple[Any, ...]]:
        """Pickle by the constructor's arguments, so that a copy is read-only too."""
        return type(self), (self.steps, *self._arrays().values())

    def __sizeof__(self) -> int:
        """Bytes in memory, those of its arrays included."""
        return object.__sizeof__(self) + sum(array.nbytes for array in self._arrays().values())

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {name: getattr(self, name) for name in ("rows", "bounds", "ends", "codes", "counts")}

    @property
    def runs(self) -> int:
        """How many runs are in it."""
        return len(self.rows)

    def require(self, steps: int, first: int, runs: int) -> None:
        """Raise ValueError unless it is of so many runs of so many steps, the seeds from `first` on without a gap."""
        seeds = self.rows["seed"]
        begin, end = int(seeds[0]), int(seeds[-1])
        if (self.steps, self.runs, begin, end) != (steps, runs, first, first + runs - 1):
            raise ValueError(
                f"{self.runs} runs of {self.steps} steps with seeds from {begin} to {end} are not "
                f"{runs} runs of {steps} steps from seed {first} on"
            )

    @cached_property
    def values(self) -> NDArray[np.int64]:
        """Shape (cells,): how many runs have a value there."""
        total = np.concatenate([[0], np.cumsum(self.counts, dtype=np.int64)])
        return np.diff(total[self.ends], prepend=0)

    def to_bytes(self, chunk: Chunk) -> bytes:
        """Return the stored form of a chunk's sketch; equal bytes for equal sketches.

        A header, all the arrays as one deflate stream, and a SHA-256 over all that is before it.
        """
        self.require(chunk.steps, chunk.first, chunk.runs)
        values = self.values
        packed = np.empty(int(values.sum()) * LONGEST, np.uint8)
        packed = packed[: pack(self.ends, self.codes, self.counts, packed)]
        raw = b"".join(part.tobytes() for part in (self.rows, self.bounds, values.astype("<u4"), packed))
        content = _header(chunk) + deflate.chunk(raw)
        return content + hashlib.sha256(content).digest()

    @classmethod
    def from_bytes(cls, data: bytes, chunk: Chunk) -> Self:
        """Read what `to_bytes` wrote.

        Raises
        ------
        Damaged
            If a byte is not as it was written, or it is of another chunk, version or engine.
        """
        content = data[:-_DIGEST]
        if len(data) < _HEADER.size + _DIGEST or hashlib.sha256(content).digest() != data[-_DIGEST:]:
            raise Damaged(f"the sketch of {chunk.key} does not match its SHA-256")
        if content[: _HEADER.size] != _header(chunk):
            raise Damaged(f"these bytes are not the sketch of {chunk.key} of engine {ENGINE} in version {_VERSION}")
        try:
            return cls._of(deflate.inflate(content[_HEADER.size :]), chunk)
        except ValueError as error:
            raise Damaged(f"the sketch of {chunk.key} has not the shape of one: {error}") from error

    @classmethod
    def _of(cls, raw: bytes, chunk: Chunk) -> Self:
        cells = Grid(chunk.steps).cells
        sizes = (chunk.runs * RUN.itemsize, 2 * cells * 8, cells * 4)
        rows, bounds, values, packed = np.split(np.frombuffer(raw, np.uint8), np.cumsum(sizes))
        known = values.view(np.uint32)
        if (known > chunk.runs).any():
            raise ValueError("it counts more values than there are runs")
        number = int(known.sum())
        ends, codes, counts = np.empty(cells, np.int64), np.empty(number, np.uint16), np.empty(number, np.uint32)
        if not unpack(packed, known, ends, codes, counts):
            raise ValueError("it does not hold the values that it counts")
        end, shaped = int(ends[-1]), bounds.view(np.float64).reshape(2, cells)
        return cls(chunk.steps, rows.view(RUN), shaped, ends, codes[:end].copy(), counts[:end].copy())


def _header(chunk: Chunk) -> bytes:
    return _HEADER.pack(_MAGIC, _VERSION, ENGINE, chunk.steps, chunk.first, chunk.runs)


def count(steps: int, matrix: NDArray[np.uint16], bounds: NDArray[np.float64], rows: NDArray[Any]) -> Sketch:
    """Make a sketch of a matrix of codes, shape (cells, runs)."""
    ends = np.empty(len(matrix), np.int64)
    codes, counts = np.empty(matrix.size, np.uint16), np.empty(matrix.size, np.uint32)
    count_all(matrix, ends, codes, counts)
    return Sketch(steps, rows, bounds, ends, codes[: ends[-1]].copy(), counts[: ends[-1]].copy())


def merge(sketches: Sequence[Sketch]) -> Sketch:
    """Add up sketches of different runs of the same number of steps; the same bits in any order and any grouping.

    Raises
    ------
    ValueError
        If there are none, a run is in two of them, or they differ in steps.
    """
    if len({sketch.steps for sketch in sketches}) != 1:
        raise ValueError(f"sketches of {sorted({sketch.steps for sketch in sketches})} steps do not add up")
    rows = np.concatenate([sketch.rows for sketch in sketches])
    rows = rows[np.argsort(rows["seed"])]
    twice = rows["seed"][1:][rows["seed"][1:] == rows["seed"][:-1]]
    if len(twice):
        raise ValueError(f"the run of seed {twice[0]} is in two of the sketches that are to be added")
    bounds = np.stack([sketch.bounds for sketch in sketches])
    bounds = np.stack([bounds[:, 0].min(axis=0), bounds[:, 1].max(axis=0)])
    codes = np.concatenate([sketch.codes for sketch in sketches])
    counts = np.concatenate([sketch.counts for sketch in sketches])
    starts = np.cumsum([0] + [len(sketch.codes) for sketch in sketches[:-1]])
    their_ends = np.stack([sketch.ends for sketch in sketches]) + starts[:, None]
    ends, merged, added = np.empty_like(sketches[0].ends), np.empty_like(codes), np.empty_like(counts)
    add(their_ends, codes, counts, ends, merged, added)
    return Sketch(sketches[0].steps, rows, bounds, ends, merged[: ends[-1]].copy(), added[: ends[-1]].copy())
