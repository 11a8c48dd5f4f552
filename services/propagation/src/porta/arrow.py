"""Records as an Arrow IPC file: a record batch for each segment, and the bytes before and after the batches.

Feather readers, pandas, polars and the like open a `.arrow` only in the file format, not as a stream.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from porta.columns import NAMES, Columns
from porta.contract import ENGINE
from porta.model import AGENTS


def array(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return a column of numbers as Arrow's, without a copy.

    `pa.array` would do the same, but imports pandas, where it is installed, to see whether the values are its own: a
    second of CPU in every worker that starts.

    Parameters
    ----------
    missing
        Where the column has no value.
    """
    values = np.ascontiguousarray(values)
    valid = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [valid, pa.py_buffer(values)])


def texts(words: Sequence[str]) -> pa.Array:
    """Return words as a column; see `array`."""
    encoded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pa.Array.from_buffers(pa.utf8(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])


_DICTIONARY: Final = texts(AGENTS)
_FIELDS: Final = [
    pa.field("agent", pa.dictionary(pa.int8(), pa.utf8()), nullable=False),
    *(pa.field(name, pa.float64(), nullable=False) for name in NAMES),
]

_END_OF_BATCHES: Final = b"\xff\xff\xff\xff\x00\x00\x00\x00"

_BLOCK: Final = struct.Struct("<qi4xq")
"""An entry of the footer: where a batch begins, the length of its metadata, the length of its data."""


def batch(columns: Columns) -> pa.Buffer:
    """Return the record batch message."""
    return _batch(columns, pa.schema(_FIELDS)).serialize()


def envelope(seed: int, steps: int) -> Envelope:
    """Return the envelope of a run's batches; the schema's metadata says which run it is."""
    row = Columns(np.zeros(1, np.int8), np.zeros((len(NAMES), 1)))
    return Envelope.of(_batch(row, pa.schema(_FIELDS)), {"seed": seed, "steps": steps})


@dataclass(frozen=True)
class Envelope:
    """The bytes that turn record batch messages into an Arrow IPC file."""

    first: bytes
    """Before the batches: magic, schema, dictionary."""
    _sample: pa.RecordBatch

    @classmethod
    def of(cls, sample: pa.RecordBatch, numbers: Mapping[str, int]) -> Envelope:
        """Make the envelope of batches of one schema.

        Parameters
        ----------
        sample
            A batch of that schema with one row. The metadata of its message is as long as that of any longer batch.
        numbers
            The request's, for the schema's metadata, to which the engine is added.
        """
        metadata = {name: str(value) for name, value in {**numbers, "engine": ENGINE}.items()}
        sample = sample.replace_schema_metadata(metadata)
        first, found, _ = _file(sample, 1).partition(sample.serialize().to_pybytes())
        if not found:
            raise ValueError("pyarrow writes a batch into a file otherwise than it serializes it")
        return cls(first, sample)

    def last(self, lengths: Sequence[int]) -> bytes:
        """Return the bytes after the batches: their end, and the footer that says where each of them is.

        Only pyarrow writes the footer, which repeats the schema: for as many samples. Then their places are replaced.

        Parameters
        ----------
        lengths
            Bytes of each message.
        """
        message = self._sample.serialize().to_pybytes()
        metadata = len(_END_OF_BATCHES) + int.from_bytes(message[4:8], "little")
        tail = _file(self._sample, len(lengths))[len(self.first) + len(message) * len(lengths) :]
        before, found, after = tail.partition(self._blocks(metadata, [len(message)] * len(lengths)))
        if not found or not tail.startswith(_END_OF_BATCHES):
            raise ValueError("the footer that pyarrow writes does not have the batches one after the other")
        return before + self._blocks(metadata, lengths) + after

    def _blocks(self, metadata: int, lengths: Sequence[int]) -> bytes:
        places = accumulate(lengths, initial=len(self.first))
        entries = zip(places, lengths, strict=False)  # the last place is where the batches end
        return b"".join(_BLOCK.pack(place, metadata, length - metadata) for place, length in entries)


def _file(sample: pa.RecordBatch, times: int) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, sample.schema) as file:
        for _ in range(times):
            file.write_batch(sample)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _batch(columns: Columns, schema: pa.Schema) -> pa.RecordBatch:
    agent = pa.DictionaryArray.from_arrays(array(columns.agent), _DICTIONARY)
    return pa.RecordBatch.from_arrays([agent, *map(array, columns.values)], schema=schema)
