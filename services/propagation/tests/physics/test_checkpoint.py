import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta.checkpoint import Checkpoint, CheckpointError, start
from porta.contract import ENGINE
from porta.kernel import walk

BYTES = walk(start(7), 16384).to_bytes()


def test_a_checkpoint_reads_back_as_it_was() -> None:
    checkpoint = Checkpoint.from_bytes(BYTES)
    assert (checkpoint.seed, checkpoint.step) == (7, 16384)
    assert checkpoint.to_bytes() == BYTES


@given(at=st.integers(0, len(BYTES) - 1), flip=st.integers(1, 255))
def test_a_checkpoint_with_any_byte_changed_is_refused(at: int, flip: int) -> None:
    with pytest.raises(CheckpointError):
        Checkpoint.from_bytes(BYTES[:at] + bytes([BYTES[at] ^ flip]) + BYTES[at + 1 :])


@given(length=st.integers(0, len(BYTES) - 1))
def test_a_truncated_checkpoint_is_refused(length: int) -> None:
    with pytest.raises(CheckpointError, match=f"has {len(BYTES)} bytes, this has {length}"):
        Checkpoint.from_bytes(BYTES[:length])


@pytest.mark.parametrize(
    ("offset", "layout", "value", "says"),
    [
        (0, "8s", b"sortof", "not a checkpoint of version 1"),
        (8, "H", 2, "not a checkpoint of version 1"),
        (12, "I", ENGINE + 1, f"of engine {ENGINE + 1}, this is engine {ENGINE}"),
        (16, "Q", 2**53, "seed 9007199254740992"),
    ],
)
def test_a_whole_checkpoint_of_another_kind_is_refused_in_words(
    offset: int, layout: str, value: object, says: str
) -> None:
    other = bytearray(BYTES[:-4])
    struct.pack_into(f"<{layout}", other, offset, value)
    with pytest.raises(CheckpointError, match=says):
        Checkpoint.from_bytes(bytes(other) + struct.pack("<I", zlib.crc32(other)))
