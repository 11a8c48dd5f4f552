"""Compression, once: raw deflate chunks that become one gzip member when they are put one after the other.

A chunk ends with a full flush: it ends on a byte, and nothing after it refers back into it. So chunks compress in
parallel, and the member's CRC-32 follows from theirs. (Members must not be concatenated: Chromium stops after one.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from isal import isal_zlib

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LEVEL: Final = 1
"""Of ISA-L, 0 to 3."""

_RAW: Final = -15  # window bits, negative: no header
_GZIP: Final = 31
_HEADER: Final = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])  # no name, no time: equal bytes for equal content


class Size(NamedTuple):
    """Of something compressed."""

    crc32: int
    raw: int


def chunk(data: ReadableBuffer) -> bytes:
    """Deflate `data` to a chunk that can stand anywhere but at the end."""
    deflate = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, _RAW)
    return b"".join([deflate.compress(data), deflate.flush(isal_zlib.Z_FULL_FLUSH)])


def gzip(data: ReadableBuffer) -> bytes:
    """Compress `data` to a gzip member of its own."""
    deflate = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, _GZIP)
    return b"".join([deflate.compress(data), deflate.flush()])


def gunzip(data: bytes) -> bytes:
    """Unpack a gzip member."""
    return isal_zlib.decompress(data, wbits=_GZIP)


def inflate(data: bytes) -> bytes:
    """Unpack a chunk. ValueError if it is none."""
    try:
        return isal_zlib.decompressobj(wbits=_RAW).decompress(data)
    except isal_zlib.error as error:  # type: ignore[misc]  # its stubs take the class for an instance
        raise ValueError(f"it cannot be unpacked: {error}") from error


def head(first: bytes) -> bytes:
    """Begin a gzip member whose unpacked content begins with `first`; chunks come after it."""
    return _HEADER + chunk(first)


def frame(first: bytes, chunks: Iterable[Size], last: bytes) -> tuple[bytes, bytes, int]:
    """Make the head and the tail that turn chunks into one gzip member.

    Parameters
    ----------
    first, last
        What stands before and after the content of the chunks, unpacked.

    Returns
    -------
    head, tail, and the unpacked size of the whole in bytes.
    """
    crc, raw = isal_zlib.crc32(first), len(first)
    for size in (*chunks, Size(isal_zlib.crc32(last), len(last))):
        crc, raw = isal_zlib.crc32_combine(crc, size.crc32, size.raw), raw + size.raw
    deflate = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, _RAW)
    end = deflate.compress(last) + deflate.flush()
    return head(first), end + struct.pack("<II", crc, raw & 0xFFFFFFFF), raw
