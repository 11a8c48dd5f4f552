"""Chunks between a head and a tail are one gzip member, for every reader of one."""

import gzip
import os
import shutil
import subprocess
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta import deflate

PARTS = [b"first", os.urandom(100_000), b"abc" * 100_000, b"", b"last"]


def member(first: bytes, parts: list[bytes], last: bytes) -> bytes:
    head, tail, _ = deflate.frame(first, [deflate.Size(zlib.crc32(part), len(part)) for part in parts], last)
    return head + b"".join(map(deflate.chunk, parts)) + tail


@given(first=st.binary(), parts=st.lists(st.binary(), max_size=5), last=st.binary())
def test_head_chunks_and_tail_are_one_member(first: bytes, parts: list[bytes], last: bytes) -> None:
    one = zlib.decompressobj(wbits=31)  # stops at the end of the first member, unlike the gzip module
    assert one.decompress(member(first, parts, last)) == first + b"".join(parts) + last
    assert one.eof
    assert one.unused_data == b""


def test_python_s_gzip_reads_it_and_checks_its_crc() -> None:
    whole = member(b"<", PARTS, b">")
    assert gzip.decompress(whole) == b"<" + b"".join(PARTS) + b">"
    with pytest.raises(gzip.BadGzipFile, match="CRC"):
        gzip.decompress(whole[:-8] + b"1234" + whole[-4:])


@pytest.mark.parametrize(
    "command",
    [["gzip", "-dc"], ["node", "-e", "process.stdin.pipe(require('zlib').createGunzip()).pipe(process.stdout)"]],
)
def test_other_programs_read_it(command: list[str]) -> None:
    program = shutil.which(command[0])
    assert program, f"{command[0]} is needed for this test"
    found = subprocess.run([program, *command[1:]], input=member(b"<", PARTS, b">"), capture_output=True, check=True)
    assert found.stdout == b"<" + b"".join(PARTS) + b">"


def test_its_size_is_known_without_unpacking() -> None:
    _, _, raw = deflate.frame(b"ab", [deflate.Size(0, 5)], b"c")
    assert raw == 8


def test_equal_content_gives_equal_bytes() -> None:
    assert deflate.gzip(b"x" * 1000) == deflate.gzip(b"x" * 1000)
    for packed in (deflate.gzip(b""), deflate.head(b"")):
        assert packed[4:8] == b"\0\0\0\0"  # no time


@given(st.binary())
def test_what_is_packed_unpacks(data: bytes) -> None:
    assert deflate.gunzip(deflate.gzip(data)) == data
    assert deflate.inflate(deflate.chunk(data)) == data
