"""Records as an Arrow IPC stream: schema and dictionary, a record batch a segment, end of stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from porta.columns import NAMES, Columns
from porta.contract import ENGINE
from porta.model import AGENTS

END_OF_STREAM: Final = b"\xff\xff\xff\xff\x00\x00\x00\x00"

_DICTIONARY: Final = pa.array(AGENTS, pa.utf8())
_FIELDS: Final = [
    pa.field("agent", pa.dictionary(pa.int8(), pa.utf8()), nullable=False),
    *(pa.field(name, pa.float64(), nullable=False) for name in NAMES),
]


def batch(columns: Columns) -> pa.Buffer:
    """Return the record batch message."""
    return _batch(columns, pa.schema(_FIELDS)).serialize()


def head(seed: int, steps: int) -> bytes:
    """Return the stream's bytes before the first batch; the schema's metadata says which run it is."""
    return head_of(_batch(Columns.empty(0), pa.schema(_FIELDS)), {"seed": seed, "steps": steps})


def head_of(nothing: pa.RecordBatch, numbers: Mapping[str, int]) -> bytes:
    """Return the bytes before the first batch of a stream of such batches as an empty one.

    Parameters
    ----------
    numbers
        Of what is in it: the schema's metadata, to which the engine is added.
    """
    metadata = {name: str(value) for name, value in {**numbers, "engine": ENGINE}.items()}
    nothing = nothing.replace_schema_metadata(metadata)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, nothing.schema) as stream:
        stream.write_batch(nothing)
    written: bytes = sink.getvalue().to_pybytes()
    return written.removesuffix(END_OF_STREAM).removesuffix(nothing.serialize().to_pybytes())


def _batch(columns: Columns, schema: pa.Schema) -> pa.RecordBatch:
    agent = pa.DictionaryArray.from_arrays(pa.array(columns.agent), _DICTIONARY)
    return pa.RecordBatch.from_arrays([agent, *(pa.array(values) for values in columns.values)], schema=schema)
