"""The result of an ensemble: one table of levels, as JSON and as Arrow, with summary, overview and manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from porta import deflate
from porta.ensembles.bands import Bands
from porta.ensembles.grid import Grid
from porta.ensembles.overview import overview
from porta.ensembles.request import Ensemble
from porta.ensembles.sketch import Sketch
from porta.ensembles.summary import summarise
from porta.ensembles.table import Table, envelope
from porta.manifest import AnyManifest, Damaged
from porta.result import Body, Result, seal
from porta.segment import Chunk, Meta

_FIXED_BYTES: Final = 16_384
"""Summary, manifest, and what Redis needs for a hash of seven fields."""

_CELL_BYTES: Final = 160
"""A cell takes up to 110 in data.json, data.arrow and overview together, compressed, measured over sizes and seeds."""


@dataclass(frozen=True)
class EnsembleResult(Result):
    """A result with its only segment's chunks, by kind: records, arrow."""

    chunks: dict[str, bytes]


class EnsembleManifest(AnyManifest[Ensemble, Meta]):
    """Of an ensemble. Its hash is over the table's columns; its only segment is the table."""

    @staticmethod
    def read_request(fields: Mapping[str, Any]) -> Ensemble:  # noqa: D102
        return Ensemble(fields["steps"], fields["runs"], fields["seed"])

    @staticmethod
    def read_segments(request: Ensemble, entries: Sequence[Mapping[str, Any]]) -> tuple[Meta, ...]:  # noqa: D102
        if len(entries) != 1:
            raise Damaged(f"the manifest of {request.key} has {len(entries)} segments")
        return tuple(Meta.from_json(entry) for entry in entries)


def read_manifest(data: bytes, key: str) -> EnsembleManifest:
    """Read an ensemble's; see `AnyManifest.from_bytes`."""
    return EnsembleManifest.from_bytes(data, key)


def bodies(ensemble: Ensemble) -> dict[str, Body]:
    """Name and frame every body."""
    numbers = ",".join(f'"{name}":{value}' for name, value in ensemble.numbers().items())
    return {
        "data.json": Body.of_text(f"{{{numbers},", "}\n"),
        "data.arrow": Body.of_arrow(envelope(ensemble)),
    }


def view(ensemble: Ensemble, sketch: Sketch) -> bytes:
    """Return the overview of the runs that are in so far; not compressed."""
    return overview(ensemble, sketch, Bands.of(sketch))


def reduce(ensemble: Ensemble, sketch: Sketch) -> EnsembleResult:
    """Reduce the sketch of all runs of an ensemble to its result.

    Raises
    ------
    ValueError
        If it is not the sketch of all of them, and of no others.
    """
    sketch.require(ensemble.steps, ensemble.seed, ensemble.runs)
    bands = Bands.of(sketch)
    table = Table.of(bands, sketch)
    chunks, described = {}, {}
    for kind, raw in (("records", table.text()), ("arrow", table.batch())):
        chunks[kind] = deflate.chunk(raw)
        described[kind] = Chunk.of(chunks[kind], raw)
    digest = table.digest()
    about = {"hash": digest, **summarise(ensemble, sketch)}
    meta = Meta(rows=table.rows, **described)
    sealed = seal(
        EnsembleManifest,
        ensemble,
        digest=digest,
        metas=[meta],
        bodies=bodies(ensemble),
        view=overview(ensemble, sketch, bands),
        about=about,
    )
    return EnsembleResult(sealed.fields, sealed.summary, chunks)


def estimate_bytes(ensemble: Ensemble) -> int:
    """Memory a result takes in Redis, without the chunks of runs, rather too much than too little."""
    return _FIXED_BYTES + Grid(ensemble.steps).cells * _CELL_BYTES
