"""The manifest vouches for every byte of a result: whoever finds it whole can check all the rest."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from porta.contract import ENGINE, SEGMENT_STEPS
from porta.run import Run
from porta.segment import SegmentMeta

_SEAL: Final = b',"sha256":"%s"}'
_SEAL_BYTES: Final = len(_SEAL % (b"0" * 64))


class Damaged(ValueError):  # noqa: N818  (said of the bytes)
    """Bytes that are not the manifest asked for: damaged, of another run or of another engine."""


@dataclass(frozen=True)
class Manifest:
    """What a result consists of."""

    run: Run
    hash: str
    """SHA-256 (hex) over the segments' `columns`."""
    segments: tuple[SegmentMeta, ...]
    bodies: Mapping[str, Mapping[str, Any]]
    """By name: head, tail (base64), bytes, raw."""
    summary: Mapping[str, Any]
    """bytes, sha256."""
    overview: Mapping[str, Any]
    """bytes, raw, sha256."""

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
                "key": self.run.key,
                "engine": ENGINE,
                "seed": self.run.seed,
                "steps": self.run.steps,
                "hash": self.hash,
                "segments": [segment.to_json() for segment in self.segments],
                "bodies": self.bodies,
                "summary": self.summary,
                "overview": self.overview,
            }
        ).removesuffix(b"}")
        return content + _seal(content)


def read_manifest(data: bytes, key: str) -> Manifest:
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
        manifest = Manifest(
            run=Run(fields["steps"], fields["seed"]),
            hash=bytes.fromhex(fields["hash"]).hex(),
            segments=tuple(SegmentMeta.from_json(segment) for segment in fields["segments"]),
            **{name: dict(fields[name]) for name in ("bodies", "summary", "overview")},
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, Damaged):
            raise
        raise Damaged(f"the manifest of {key} has not the shape of one: {error!r}") from error
    if manifest.run.key != key or fields["key"] != key:
        raise Damaged(f"the manifest is of {manifest.run.key}, not of {key}")
    if len(manifest.segments) != -(-manifest.run.steps // SEGMENT_STEPS):
        raise Damaged(f"the manifest of {key} has {len(manifest.segments)} segments")
    return manifest


def _seal(content: bytes) -> bytes:
    return _SEAL % hashlib.sha256(content).hexdigest().encode()
