"""A segment of a run, in every representation: what a pool encodes in parallel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from isal import isal_zlib

from porta import arrow, deflate, kepler, kernel, text, windows
from porta.checkpoint import Checkpoint
from porta.contract import SEGMENT_STEPS

Bytes = bytes  # where a field is called bytes, as in the manifest


@dataclass(frozen=True)
class Chunk:
    """What is known of a chunk."""

    bytes: int
    """As stored."""
    raw: int
    """Bytes when unpacked."""
    crc32: int
    """Of the unpacked."""
    sha256: str
    """Of the stored, in hex."""

    @classmethod
    def of(cls, stored: Bytes, raw: Any) -> Chunk:  # noqa: ANN401  (any buffer)
        """Describe `stored`, which `raw` was packed to."""
        return cls(len(stored), len(raw), isal_zlib.crc32(raw), hashlib.sha256(stored).hexdigest())

    def verify(self, stored: Bytes) -> bool:
        """Whether these are the very bytes."""
        return len(stored) == self.bytes and hashlib.sha256(stored).hexdigest() == self.sha256


@dataclass(frozen=True)
class Meta:
    """What the manifest says of a segment of any result."""

    kinds: ClassVar[tuple[str, ...]] = ("records", "arrow")
    """Its chunks: the fields' names, here and, with its index, in Redis."""

    rows: int
    """Rows of its columns."""
    records: Chunk
    arrow: Chunk

    def verify(self, chunks: Mapping[str, Bytes]) -> bool:
        """Whether these are the segment's chunks, all of them, to the byte."""
        return all(kind in chunks and getattr(self, kind).verify(chunks[kind]) for kind in self.kinds)

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a manifest's entry.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is not one.
        """
        return cls(**{**data, **{kind: Chunk(**data[kind]) for kind in cls.kinds}})


@dataclass(frozen=True)
class SegmentMeta(Meta):
    """What the manifest says of a run's segment. Its rows count those of the initial record."""

    kinds: ClassVar[tuple[str, ...]] = ("records", "arrow", "windows")

    skipped: tuple[int, int]
    """Turns, by agent."""
    columns: str
    """SHA-256 (hex) of its columns."""
    kepler: tuple[float, float] | None
    """Greatest and last distance from the exact orbit; None where the satellite has no record."""
    windows: Chunk

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a manifest's entry, in which pairs are lists; see `Meta.from_json`."""
        kepler = data["kepler"]
        planet, satellite = data["skipped"]
        pairs = {"skipped": (planet, satellite), "kepler": None if kepler is None else (kepler[0], kepler[1])}
        return super().from_json({**data, **pairs})


@dataclass(frozen=True)
class Segment:
    """A segment, encoded."""

    index: int
    meta: SegmentMeta
    chunks: dict[str, bytes]
    """By kind: records, arrow, windows."""
    rows: bytes
    """Its rows of the run's overview, 128 bytes each."""
    after: Checkpoint
    """After its last step, as it was computed for these chunks."""


def encode(checkpoint: Checkpoint, steps: int, level: int) -> Segment:
    """Run a segment again from its checkpoint and encode it.

    Parameters
    ----------
    checkpoint
        At the segment's start: a multiple of SEGMENT_STEPS.
    steps
        Of this segment, at most SEGMENT_STEPS.
    level
        Of the overview of the whole run. Above the highest stored level, `rows` are of the highest stored one.
    """
    if checkpoint.step % SEGMENT_STEPS or not 0 < steps <= SEGMENT_STEPS:
        raise ValueError(
            f"a segment starts at a multiple of {SEGMENT_STEPS} steps and has 1 to {SEGMENT_STEPS} of them, "
            f"not {steps} from step {checkpoint.step}"
        )
    columns, after = kernel.propagate(checkpoint, steps)
    stored = windows.stored_rows(columns, steps)
    level = min(level, windows.STORED_LEVELS[-1])
    in_overview = (
        windows.at_level(stored, level, steps)
        if level in windows.STORED_LEVELS
        else windows.rows(columns, steps, level)
    )
    chunks, described = {}, {}
    for kind, make, pack in (
        ("windows", lambda: stored, deflate.gzip),
        ("arrow", lambda: arrow.batch(columns), deflate.chunk),
        ("records", lambda: text.records_text(columns), deflate.chunk),
    ):
        raw = make()
        chunks[kind] = pack(raw)
        described[kind] = Chunk.of(chunks[kind], raw)
        del raw  # one of them in memory at a time
    skipped = after.state["skipped"][0] - checkpoint.state["skipped"][0]
    meta = SegmentMeta(
        rows=columns.rows,
        skipped=(int(skipped[0]), int(skipped[1])),
        columns=columns.digest().hex(),
        kepler=kepler.distances(columns),
        **described,
    )
    return Segment(checkpoint.step // SEGMENT_STEPS, meta, chunks, in_overview, after)


def rows_at(windows_chunk: bytes, level: int, steps_in_segment: int) -> bytes:
    """Overview rows of a segment out of its stored windows; above the highest stored level, of the highest stored one.

    Raises
    ------
    ValueError
        If the level is below the stored ones or the windows are not of so many steps.
    """
    return windows.at_level(deflate.gunzip(windows_chunk), min(level, windows.STORED_LEVELS[-1]), steps_in_segment)
