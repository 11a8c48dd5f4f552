from __future__ import annotations

import hashlib
import pickle
import struct
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta import deflate
from porta.contract import ENGINE, MAX_SEED
from porta.ensembles.request import Chunk
from porta.ensembles.sampling import compute
from porta.ensembles.sketch import Sketch, merge
from porta.manifest import Damaged

from .oracle import bits

WHOLE = Chunk(600, 1000, 60)
HEADER_BYTES = 32


@pytest.fixture(scope="module")
def whole() -> Sketch:
    return compute(WHOLE)


@pytest.fixture(scope="module")
def stored(whole: Sketch) -> bytes:
    return whole.to_bytes(WHOLE)


def grouped(parts: list[Sketch], data: st.DataObject) -> Sketch:
    """Merge in some order and some grouping."""
    parts = data.draw(st.permutations(parts))
    while len(parts) > 1:
        count = data.draw(st.integers(2, len(parts)))
        parts = [*parts[count:], merge(parts[:count])]
    return parts[0]


@given(cuts=st.sets(st.integers(1, WHOLE.runs - 1), max_size=6), data=st.data())
def test_chunks_cut_anywhere_and_added_in_any_order_and_grouping_have_the_same_bits(
    whole: Sketch, stored: bytes, cuts: set[int], data: st.DataObject
) -> None:
    edges = pairwise([0, *sorted(cuts), WHOLE.runs])
    parts = [compute(Chunk(WHOLE.steps, WHOLE.first + begin, end - begin)) for begin, end in edges]
    merged = grouped(parts, data)
    assert bits(merged) == bits(whole)
    assert merged.to_bytes(WHOLE) == stored


@pytest.mark.parametrize("steps", [1, 2, 15, 256, 257, 16_384, 20_000])
def test_two_halves_are_the_whole_at_any_length(steps: int) -> None:
    first, runs = MAX_SEED - 6, 7
    parts = [compute(Chunk(steps, first, 3)), compute(Chunk(steps, first + 3, 4))]
    assert bits(merge(parts)) == bits(merge(parts[::-1])) == bits(compute(Chunk(steps, first, runs)))


def test_a_single_sketch_is_its_own_sum(whole: Sketch) -> None:
    assert bits(merge([whole])) == bits(whole)


def test_what_does_not_add_up_is_refused_in_words(whole: Sketch) -> None:
    with pytest.raises(ValueError, match="the run of seed 1000 is in two of the sketches"):
        merge([compute(Chunk(600, 990, 11)), whole])
    with pytest.raises(ValueError, match=r"sketches of \[10, 600\] steps do not add up"):
        merge([whole, compute(Chunk(10, 0, 1))])
    with pytest.raises(ValueError, match=r"sketches of \[\] steps"):
        merge([])


def test_a_sketch_is_read_back_as_it_was_stored(whole: Sketch, stored: bytes) -> None:
    assert bits(Sketch.from_bytes(stored, WHOLE)) == bits(whole)


@pytest.mark.parametrize("chunk", [Chunk(1, 0, 1), Chunk(20_000, 5, 3), Chunk(100, MAX_SEED - 499, 500)])
def test_a_sketch_of_any_size_is_read_back_as_it_was_stored(chunk: Chunk) -> None:
    sketch = compute(chunk)
    assert bits(Sketch.from_bytes(sketch.to_bytes(chunk), chunk)) == bits(sketch)


def test_the_same_runs_are_stored_as_the_same_bytes(stored: bytes) -> None:
    assert compute(WHOLE).to_bytes(WHOLE) == stored
    assert Sketch.from_bytes(stored, WHOLE).to_bytes(WHOLE) == stored


def test_a_sketch_is_not_stored_as_another_chunk(whole: Sketch) -> None:
    for other in (Chunk(601, 1000, 60), Chunk(600, 1001, 60), Chunk(600, 1000, 61)):
        with pytest.raises(ValueError, match="60 runs of 600 steps with seeds from 1000 to 1059 are not"):
            whole.to_bytes(other)
    gap = merge([compute(Chunk(600, 0, 1)), compute(Chunk(600, 2, 1))])
    with pytest.raises(ValueError, match="2 runs of 600 steps with seeds from 0 to 2 are not 2 runs"):
        gap.to_bytes(Chunk(600, 0, 2))


@given(data=st.data())
def test_a_sketch_with_any_byte_changed_is_damaged(stored: bytes, data: st.DataObject) -> None:
    regions = [(0, HEADER_BYTES), (HEADER_BYTES, len(stored) - 32), (len(stored) - 32, len(stored))]
    for begin, end in regions:
        at, flip = data.draw(st.integers(begin, end - 1)), data.draw(st.integers(1, 255))
        with pytest.raises(Damaged, match="chunk/600/1000/60"):
            Sketch.from_bytes(stored[:at] + bytes([stored[at] ^ flip]) + stored[at + 1 :], WHOLE)


@given(data=st.data())
def test_a_sketch_that_is_cut_short_or_goes_on_is_damaged(stored: bytes, data: st.DataObject) -> None:
    with pytest.raises(Damaged):
        Sketch.from_bytes(stored[: data.draw(st.integers(0, len(stored) - 1))], WHOLE)
    with pytest.raises(Damaged):
        Sketch.from_bytes(stored + data.draw(st.binary(min_size=1, max_size=64)), WHOLE)


@pytest.mark.parametrize("other", [Chunk(601, 1000, 60), Chunk(600, 1001, 60), Chunk(600, 1000, 61)])
def test_a_sketch_of_another_chunk_is_damaged(stored: bytes, other: Chunk) -> None:
    with pytest.raises(Damaged, match=f"not the sketch of {other.key}"):
        Sketch.from_bytes(stored, other)


def sealed(content: bytes) -> bytes:
    return content + hashlib.sha256(content).digest()


def test_a_sketch_of_another_engine_or_version_is_damaged(stored: bytes) -> None:
    content = stored[:-32]
    for at, number in ((8, 2), (12, ENGINE + 1)):
        other = content[:at] + struct.pack("<I", number) + content[at + 4 :]
        with pytest.raises(Damaged, match=f"of engine {ENGINE} in version 1"):
            Sketch.from_bytes(sealed(other), WHOLE)


def test_a_sealed_sketch_that_holds_something_else_is_damaged(whole: Sketch, stored: bytes) -> None:
    head, raw = stored[:HEADER_BYTES], deflate.inflate(stored[HEADER_BYTES:-32])
    begin = whole.rows.nbytes + whole.bounds.nbytes  # of the counts of values
    assert bits(Sketch.from_bytes(sealed(head + deflate.chunk(raw)), WHOLE)) == bits(whole)
    others = {
        "not packed": raw,
        "nothing": deflate.chunk(b""),
        "short": deflate.chunk(raw[:-1]),
        "long": deflate.chunk(raw + b"\0"),
        "no values": deflate.chunk(raw[:begin]),
        "more values than runs": deflate.chunk(raw[:begin] + struct.pack("<I", 61) + raw[begin + 4 :]),
        "fewer values than packed": deflate.chunk(raw[:begin] + struct.pack("<I", 59) + raw[begin + 4 :]),
        "codes beyond the last": deflate.chunk(raw[:-3] + b"\xff\xff\x7f"),
        "an endless number": deflate.chunk(raw[:-3] + b"\xff\xff\xff"),
    }
    for name, body in others.items():
        with pytest.raises(Damaged, match="has not the shape of one") as refused:
            pytest.fail(f"{name} is taken for {Sketch.from_bytes(sealed(head + body), WHOLE)}")
        # Before room is made for them: a count may be of billions.
        assert (name == "more values than runs") == ("more values than there are runs" in str(refused.value))


def test_a_sketch_travels_between_processes_unchanged_and_tells_its_size(whole: Sketch) -> None:
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(whole, protocol=5, buffer_callback=buffers.append)
    assert len(data) < 2000
    odd = [memoryview(b"." + buffer.raw())[1:] for buffer in buffers]  # as they may lie in what a socket has received
    copy: Sketch = pickle.loads(data, buffers=odd)
    assert bits(copy) == bits(whole)
    assert all(array.flags.aligned for array in (copy.rows, copy.bounds, copy.ends, copy.codes, copy.counts))
    assert sys.getsizeof(copy) > sum(len(buffer.raw()) for buffer in buffers)


def test_nobody_changes_a_sketch(whole: Sketch, stored: bytes) -> None:
    for sketch in (whole, Sketch.from_bytes(stored, WHOLE), merge([whole])):
        for array in (sketch.rows, sketch.bounds, sketch.ends, sketch.codes, sketch.counts):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = np.zeros_like(array[0])


@pytest.mark.parametrize("steps", [500, 10_000])
def test_a_chunk_of_a_thousand_runs_is_stored_in_less_than_a_mebibyte(steps: int) -> None:
    chunk = Chunk(steps, 0, 1000)
    assert len(compute(chunk).to_bytes(chunk)) < 2**20
