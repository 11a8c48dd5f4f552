"""A result that is in the cache: what all kinds of them have in common."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, cast

from porta import deflate
from porta.manifest import AnyManifest, Damaged
from porta.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    import pyarrow as pa

    from porta.arrow import Envelope
    from porta.client.platform import Platform
    from porta.client.reading import Reader

CHUNKS_AT_ONCE: Final = 8
"""Segments read with one command: a megabyte or so each."""

R = TypeVar("R", bound=Request)


class CachedResult(ABC, Generic[R]):
    """What was asked for and its summary, at once; the data when it is looked at.

    Attributes
    ----------
    request : what was asked for
    summary : as the service answers it, see docs/formats.md
    """

    kind: ClassVar[type[AnyManifest[Any, Any]]]
    unit: ClassVar[str]
    """Of its progress, in the plural."""

    def __init__(
        self, platform: Platform, request: R, manifest: AnyManifest[Any, Any], summary: bytes, overview: bytes
    ) -> None:
        """Take what was read and verified."""
        self._platform, self._manifest, self._packed_overview = platform, manifest, overview
        self.request = request
        self.summary: Mapping[str, Any] = json.loads(summary)

    @classmethod
    def find(cls, platform: Platform, request: R) -> Self | None:
        """Return the result where the cache has it, sound as far as this reads. See `Reader` for what it raises."""
        manifest, summary, overview = platform.reader.fields(request.key, ["manifest", "summary", "overview"])
        if manifest is None or summary is None or overview is None:
            return None
        try:
            read = cls.kind.from_bytes(manifest, request.key)
        except Damaged:
            return None
        return cls(platform, request, read, summary, overview) if read.verify(summary, overview) else None

    @cached_property
    def arrow(self) -> pa.Table:
        """All of data.arrow: a chunk a segment, all in one piece of memory.

        Read from the cache at first use and verified; what is not there any more, or damaged, is computed again.
        """
        return self._platform.obtain(self.request.key, self._table, self.unit)

    def _table(self) -> pa.Table | None:
        return _read_table(self._platform.reader, self.request.key, self._manifest, self._envelope())

    @abstractmethod
    def _envelope(self) -> Envelope:
        """Return the bytes around the batches that make an Arrow IPC file of them."""


def _read_table(reader: Reader, key: str, manifest: AnyManifest[Any, Any], envelope: Envelope) -> pa.Table | None:
    """Read all batches into one buffer; None where one is not what it was."""
    import pyarrow as pa  # noqa: PLC0415

    chunks = [segment.arrow for segment in manifest.segments]
    first, last = envelope.first, envelope.last([chunk.raw for chunk in chunks])
    buffer = bytearray(len(first) + sum(chunk.raw for chunk in chunks) + len(last))
    buffer[: len(first)], at = first, len(first)
    for begin in range(0, len(chunks), CHUNKS_AT_ONCE):
        some = chunks[begin : begin + CHUNKS_AT_ONCE]
        stored = reader.fields(key, [f"arrow/{begin + index}" for index in range(len(some))])
        for chunk, data in zip(some, stored, strict=True):
            if data is None or not chunk.verify(data):
                return None
            buffer[at : at + chunk.raw] = deflate.inflate(data)
            at += chunk.raw
    buffer[at:] = last
    with pa.ipc.open_file(pa.py_buffer(buffer)) as file:
        return cast("pa.Table", file.read_all())
