"""A result: what is stored and served of a run besides its segments' chunks."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from porta import arrow, deflate, text, windows
from porta.checkpoint import Checkpoint
from porta.contract import ENGINE, SEGMENT_STEPS
from porta.manifest import AnyManifest, Damaged, M, Manifest, read_manifest
from porta.model import AGENTS, SATELLITE
from porta.overview import overview, overview_level
from porta.request import R
from porta.run import Run
from porta.segment import Chunk, Meta, SegmentMeta
from porta.verdict import Verdict

__all__ = [
    "Damaged",
    "Manifest",
    "Result",
    "estimate_bytes",
    "overview_level",
    "read_manifest",
    "reduce",
    "result_hash",
]

_STEP_BYTES: Final = 180
"""A step takes up to 162 in chunks, measured over seeds and lengths; Redis' allocator rounds up by some per cent."""

_FIXED_BYTES: Final = 65_536
"""Overview (64 KiB unpacked, a quarter less packed), summary, and the manifest's first few entries."""


@dataclass(frozen=True)
class Body:
    """A representation made of chunks: which they are, and what stands before and after them."""

    kind: str
    first: bytes
    last: Callable[[Sequence[int]], bytes]
    """Of the chunks' unpacked lengths."""

    @classmethod
    def of_text(cls, first: str, last: str) -> Body:
        """Frame chunks of text, whose end is the same whatever their lengths are."""
        return cls("records", first.encode(), lambda _: last.encode())

    @classmethod
    def of_arrow(cls, envelope: arrow.Envelope) -> Body:
        """Frame record batches."""
        return cls("arrow", envelope.first, envelope.last)


def bodies(run: Run) -> dict[str, Body]:
    """Name and frame every body."""
    initial = text.INITIAL_RECORD
    return {
        "data.json": Body.of_text(f'{{"seed":{run.seed},"steps":{run.steps},"records":[[null,{initial}', "]}\n"),
        "data.js": Body.of_text(f"data = [[-Infinity,{initial}", "];\n"),
        "data.arrow": Body.of_arrow(arrow.envelope(run.seed, run.steps)),
    }


@dataclass(frozen=True)
class Result:
    """What is written last: the fields `summary`, `overview`, `manifest`."""

    fields: dict[str, bytes]
    summary: dict[str, Any]


def result_hash(columns: Sequence[str]) -> str:
    """SHA-256 (hex) over the digests (hex) of the segments' columns."""
    return hashlib.sha256(b"".join(bytes.fromhex(digest) for digest in columns)).hexdigest()


def reduce(run: Run, final: Checkpoint, metas: Sequence[SegmentMeta], rows: bytes) -> Result:
    """Reduce a run's parts to its result.

    Parameters
    ----------
    final
        After the run's last step.
    metas
        Of all segments, in order.
    rows
        The segments' overview rows, one after the other.
    """
    if final.step != run.steps or final.seed != run.seed or len(metas) != -(-run.steps // SEGMENT_STEPS):
        raise ValueError(
            f"{len(metas)} segments and a checkpoint of seed {final.seed} at step {final.step} are not {run}"
        )
    level = overview_level(run.steps)
    digest = result_hash([meta.columns for meta in metas])
    about = {
        "records": final.records,
        "skipped": {agent: int(count) for agent, count in zip(AGENTS, final.state["skipped"][0], strict=True)},
        "time": float(final.state["time"][0, SATELLITE]),
        "hash": digest,
        "verdict": Verdict.of(final, [meta.kepler for meta in metas]).to_json(),
    }
    view = overview(run, level, windows.merge_rows(rows, level))
    return seal(Manifest, run, digest=digest, metas=metas, bodies=bodies(run), view=view, about=about)


def seal(
    kind: type[AnyManifest[R, M]],
    request: R,
    *,
    digest: str,
    metas: Sequence[M],
    bodies: Mapping[str, Body],
    view: bytes,
    about: Mapping[str, Any],
) -> Result:
    """Make what is written last of any result.

    Parameters
    ----------
    digest
        The result's hash.
    view
        The overview, not compressed.
    about
        What the summary says besides key, numbers, engine and sizes.
    """
    framed = {name: _framed(body, metas) for name, body in bodies.items()}
    packed_view = deflate.gzip(view)
    view_size = {"bytes": len(packed_view), "raw": len(view)}
    summary = {
        "key": request.key,
        **request.numbers(),
        "engine": ENGINE,
        **about,
        "sizes": {
            **{name: {size: body[size] for size in ("bytes", "raw")} for name, body in framed.items()},
            "overview": view_size,
        },
    }
    packed_summary = orjson.dumps(summary)
    manifest = kind(
        request=request,
        hash=digest,
        segments=tuple(metas),
        bodies=framed,
        summary={"bytes": len(packed_summary), "sha256": hashlib.sha256(packed_summary).hexdigest()},
        overview={**view_size, "sha256": hashlib.sha256(packed_view).hexdigest()},
    )
    return Result({"summary": packed_summary, "overview": packed_view, "manifest": manifest.to_bytes()}, summary)


def frame(body: Body, metas: Sequence[Meta]) -> tuple[bytes, bytes, int]:
    """Return the head and the tail that make one gzip member of the segments' chunks, and its unpacked size."""
    chunks: list[Chunk] = [getattr(meta, body.kind) for meta in metas]
    last = body.last([chunk.raw for chunk in chunks])
    return deflate.frame(body.first, [deflate.Size(chunk.crc32, chunk.raw) for chunk in chunks], last)


def _framed(body: Body, metas: Sequence[Meta]) -> dict[str, Any]:
    head, tail, raw = frame(body, metas)
    size = len(head) + sum(getattr(meta, body.kind).bytes for meta in metas) + len(tail)
    return {"head": b64encode(head).decode(), "tail": b64encode(tail).decode(), "bytes": size, "raw": raw}


def estimate_bytes(steps: int) -> int:
    """Memory a result takes in Redis, estimated before it is computed, rather too much than too little."""
    return _FIXED_BYTES + steps * _STEP_BYTES
