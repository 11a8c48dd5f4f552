"""The levels of all quantities as one table, a row per quantity and place: as text, as Arrow, and for the hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from porta import arrow
from porta.ensembles.bands import LEVELS, Bands, ejected_by
from porta.ensembles.grid import IN_STEPS, IN_TIME, QUANTITIES, Grid
from porta.ensembles.request import Ensemble
from porta.ensembles.sketch import Sketch

_FIELDS: Final = [
    pa.field("quantity", pa.dictionary(pa.int8(), pa.utf8()), nullable=False),
    pa.field("time", pa.float64()),
    pa.field("step", pa.int32()),
    pa.field("runs", pa.int32(), nullable=False),
    *(pa.field(level, pa.float64()) for level in LEVELS),
    pa.field("ejected", pa.int32()),
]


@dataclass(frozen=True)
class Table:
    """What an ensemble is served as. Where a column has no value, it is NaN or, in columns of numbers that count, 0."""

    grid: Grid
    columns: dict[str, NDArray[Any]]
    """By name, in the order of the Arrow schema."""

    @classmethod
    def of(cls, bands: Bands, sketch: Sketch) -> Table:
        """Put the levels of a sketch, and the ejection curve, into a table."""
        grid = bands.grid
        codes = [np.full(len(bands.runs[grid.of(name)]), QUANTITIES.index(name), np.int8) for name in QUANTITIES]
        times, marks = len(IN_TIME) * len(grid.instants), len(IN_STEPS) * len(grid.marks)
        ejected = ejected_by(sketch, grid.marks)
        return cls(
            grid,
            {
                "quantity": np.concatenate(codes),
                "time": np.concatenate([np.tile(grid.instants, len(IN_TIME)), np.full(marks, np.nan)]),
                "step": np.concatenate([np.zeros(times, np.int32), grid.marks.astype(np.int32)]),
                "runs": bands.runs.astype(np.int32),
                **dict(zip(LEVELS, np.ascontiguousarray(bands.inertial.T), strict=True)),
                "ejected": np.concatenate([np.zeros(times, np.int32), ejected.astype(np.int32)]),
            },
        )

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.grid.cells

    def digest(self) -> str:
        """SHA-256 (hex) over the columns, each whole, little-endian."""
        sha = hashlib.sha256()
        for column in self.columns.values():
            sha.update(column.astype(column.dtype.newbyteorder("<"), copy=False).tobytes())
        return sha.hexdigest()

    def text(self) -> bytes:
        """Members of data.json after the request's numbers, without the braces around all of them."""
        bands = {quantity: self._levels(quantity, "runs") for quantity in IN_TIME}
        content = {
            "levels": LEVELS,
            "times": self.grid.instants,
            "bands": bands,
            "marks": self.grid.marks,
            **{quantity: self._levels(quantity) for quantity in IN_STEPS},
            "ejected": self.columns["ejected"][self.grid.of(IN_STEPS[0])],
        }
        return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]

    def _levels(self, quantity: str, *before: str) -> dict[str, NDArray[Any]]:
        cells = self.grid.of(quantity)
        return {name: np.ascontiguousarray(self.columns[name][cells]) for name in (*before, *LEVELS)}

    def batch(self) -> pa.Buffer:
        """Return the record batch message."""
        in_time = self.columns["quantity"] < len(IN_TIME)
        nowhere = self.columns["runs"] == 0
        masks = {"time": ~in_time, "step": in_time, "ejected": in_time, **dict.fromkeys(LEVELS, nowhere)}
        return _batch([arrow.array(column, masks.get(name)) for name, column in self.columns.items()]).serialize()


def envelope(ensemble: Ensemble) -> arrow.Envelope:
    """Return the bytes around the batch that make an Arrow IPC file of it."""
    types = (np.int8, *(field.type.to_pandas_dtype() for field in _FIELDS[1:]))
    row = [arrow.array(np.zeros(1, number)) for number in types]
    return arrow.Envelope.of(_batch(row), ensemble.numbers())


def _batch(arrays: list[pa.Array]) -> pa.RecordBatch:
    quantity = pa.DictionaryArray.from_arrays(arrays[0], arrow.texts(QUANTITIES))
    return pa.RecordBatch.from_arrays([quantity, *arrays[1:]], schema=pa.schema(_FIELDS))
