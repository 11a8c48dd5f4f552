"""The manifest vouches for every byte of a result: whoever finds it whole can check all the rest."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Self, TypeVar

import orjson

from porta.contract import ENGINE, SEGMENT_STEPS
from porta.request import R
from porta.run import Run
from porta.segment import Meta, SegmentMeta

_SEAL: Final = b',"sha256":"%s"}'
_SEAL_BYTES: Final = len(_SEAL % (b"0" * 64))


class Damaged(ValueError):  # noqa: N818  (said of the bytes)
    """Bytes that are not the manifest asked for: damaged, of another run or of another engine."""


M = TypeVar("M", bound=Meta)


@dataclass(frozen=True)
class AnyManifest(Generic[R, M]):
    """What a result consists of, of whatever kind it is: a class for each kind says how its parts are read."""

    request: R
    hash: str
    """SHA-256 (hex) over what was computed, not over how it is written."""
    segments: tuple[M, ...]
    bodies: Mapping[str, Mapping[str, Any]]
    """By name: head, tail (base64), bytes, raw."""
    summary: Mapping[str, Any]
    """bytes, sha256."""
    overview: Mapping[str, Any]
    """bytes, raw, sha256."""

    @staticmethod
    def read_request(fields: Mapping[str, Any]) -> R:
        """Make the request of a manifest's fields. KeyError, TypeError or ValueError where they are not one's."""
        raise NotImplementedError

    @staticmethod
    def read_segments(request: R, entries: Sequence[Mapping[str, Any]]) -> tuple[M, ...]:
        """Make the descriptions of a manifest's segments. KeyError, TypeError or ValueError where they are not."""
        raise NotImplementedError

    def verify(self, summary: bytes, overview: bytes) -> bool:
        """Whether these are the result's own, to the byte."""
        return all(
            len(data) == known["bytes"] and hashlib.sha256(data).hexdigest() == known["sha256"]
            for data, known in ((summary, self.summary), (overview, self.overview))
        )

    def body(self, name: str, chunks: Sequence[bytes]) -> bytes:
        """Put a body together from all its chunks: one gzip member."""
        framed = self.bodies[name]
        return b"".join([b64decode(framed["head"]), *chunks, b64decode(framed["tail"])])

    def to_bytes(self) -> bytes:
        """Return the stored form, sealed."""
        content = orjson.dumps(
            {
                "key": self.request.key,
                "engine": ENGINE,
                **self.request.numbers(),
                "hash": self.hash,
                "segments": [segment.to_json() for segment in self.segments],
                "bodies": self.bodies,
                "summary": self.summary,
                "overview": self.overview,
            }
        ).removesuffix(b"}")
        return content + _seal(content)

    @classmethod
    def from_bytes(cls, data: bytes, key: str) -> Self:
        """Read a stored manifest, the seal before anything else.

        Raises
        ------
        Damaged
            If a byte is not as it was written, or the manifest is of another key or engine.
        """
        content = data[:-_SEAL_BYTES]
        if data[-_SEAL_BYTES:] != _seal(content):
            raise Damaged(f"the manifest of {key} does not match its SHA-256")
        try:
            fields = orjson.loads(content + b"}")
            if fields["engine"] != ENGINE:
                raise Damaged(f"the manifest of {key} is of engine {fields['engine']}, this is engine {ENGINE}")
            request = cls.read_request(fields)
            if request.key != key or fields["key"] != key:
                raise Damaged(f"the manifest is of {request.key}, not of {key}")
            return cls(
                request=request,
                hash=bytes.fromhex(fields["hash"]).hex(),
                segments=cls.read_segments(request, fields["segments"]),
                **{name: dict(fields[name]) for name in ("bodies", "summary", "overview")},
            )
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, Damaged):
                raise
            raise Damaged(f"the manifest of {key} has not the shape of one: {error!r}") from error


class Manifest(AnyManifest[Run, SegmentMeta]):
    """Of a propagation. Its hash is over the segments' `columns`."""

    @staticmethod
    def read_request(fields: Mapping[str, Any]) -> Run:  # noqa: D102
        return Run(fields["steps"], fields["seed"])

    @staticmethod
    def read_segments(request: Run, entries: Sequence[Mapping[str, Any]]) -> tuple[SegmentMeta, ...]:  # noqa: D102
        if len(entries) != -(-request.steps // SEGMENT_STEPS):
            raise Damaged(f"the manifest of {request.key} has {len(entries)} segments")
        return tuple(SegmentMeta.from_json(entry) for entry in entries)


def read_manifest(data: bytes, key: str) -> Manifest:
    """Read a propagation's; see `AnyManifest.from_bytes`."""
    return Manifest.from_bytes(data, key)


def _seal(content: bytes) -> bytes:
    return _SEAL % hashlib.sha256(content).hexdigest().encode()
