from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pytest

from porta.checkpoint import start
from porta.contract import ENGINE
from porta.ensembles.request import Ensemble
from porta.export import ensemble, pieces
from porta.kernel import propagate
from porta.propagate import compute
from porta.readback import _from_batch
from porta.run import Run

from .runs import bits, joined

COLUMNS = ["agent", "from", "to", "time_step", "x", "y", "vx", "vy"]


def written(run: Run) -> bytes:
    return b"".join(pieces(run, "data.arrow", packed=False))


def batches(file: pa.RecordBatchFileReader) -> list[pa.RecordBatch]:
    return [file.get_batch(index) for index in range(file.num_record_batches)]


@pytest.mark.parametrize("asked", [Run(1), Run(500, 7), Run(40_000, 7), Ensemble(300, 20)], ids=str)
def test_every_byte_is_as_pyarrow_writes_a_file_of_these_batches(asked: Run | Ensemble) -> None:
    ours = written(asked) if isinstance(asked, Run) else ensemble(asked, "data.arrow", packed=False)
    file = pa.ipc.open_file(ours)
    theirs = pa.BufferOutputStream()
    with pa.ipc.new_file(theirs, file.schema) as writer:
        for batch in batches(file):
            writer.write_batch(batch)
    assert theirs.getvalue().to_pybytes() == ours


@pytest.mark.parametrize("run", [Run(1), Run(500, 7), Run(40_000, 7)], ids=str)
def test_arrow_reads_back_as_the_very_columns(run: Run) -> None:
    columns, _ = propagate(start(run.seed), run.steps)
    assert bits(joined([_from_batch(batch) for batch in batches(pa.ipc.open_file(written(run)))])) == bits(columns)


def test_the_schema_is_what_the_formats_say() -> None:
    schema = pa.ipc.open_file(written(Run(500, 7))).schema
    assert schema.names == COLUMNS
    assert schema.field("agent").type == pa.dictionary(pa.int8(), pa.utf8())
    assert {schema.field(name).type for name in COLUMNS[1:]} == {pa.float64()}
    assert not any(field.nullable for field in schema)
    assert schema.metadata == {b"seed": b"7", b"steps": b"500", b"engine": b"%d" % ENGINE}


def test_a_batch_is_a_segment() -> None:
    assert pa.ipc.open_file(written(Run(40_000))).num_record_batches == 3


def test_the_agents_are_named() -> None:
    assert pa.ipc.open_file(written(Run(1))).read_all().column("agent").to_pylist() == ["Planet", "Satellite"] * 2


def test_the_hash_follows_from_the_file_alone() -> None:
    result, _ = compute(Run(40_000, 7))
    whole = hashlib.sha256()
    for batch in batches(pa.ipc.open_file(written(Run(40_000, 7)))):
        segment = hashlib.sha256(batch.column("agent").indices.to_numpy().astype("i1"))
        for name in COLUMNS[1:]:
            segment.update(np.ascontiguousarray(batch.column(name).to_numpy(), "<f8").data)
        whole.update(segment.digest())
    assert whole.hexdigest() == result.summary["hash"]
