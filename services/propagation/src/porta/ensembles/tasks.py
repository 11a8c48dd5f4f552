"""The tasks of an ensemble, which Dask runs on the workers; `dispatch.kinds.ensembles` says how they hang together.

What they hand each other are sketches, a megabyte or two each; what many chunks come to is little more than one.
A sketch is in the cache before its task counts as done, so a worker that dies costs what it was computing, and
what it held is read again. Any task may run twice.

This module stays light, since the scheduler imports it to name the tasks.
"""

# ruff: noqa: PLC0415  (what computes is imported on a worker)

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from porta.ensembles.request import CHUNK_STEPS, Chunk, Ensemble
from porta.failure import CannotBeStored
from porta.job import Job, Outcome, cache_for, report, require_engine

if TYPE_CHECKING:
    from porta.cache import Cache
    from porta.ensembles.sketch import Sketch

TASK_STEPS: Final = 5_000_000
"""A tenth of a second: a task that is shorter costs Dask as much as a worker. Chunks below go together."""

CHUNK_OVERHEAD_STEPS: Final = 500_000
"""What it takes to pack a chunk and store it, or to fetch it and unpack it, as steps: some ten milliseconds."""

logger = logging.getLogger(__name__)

Batch = tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The batches that the chunks of an ensemble go in: first those that are in the cache, it seems."""

    batches: list[Batch]


@dataclass(frozen=True, slots=True)
class Part:
    """The sketch of some runs, on its way.

    Dask's client imports the type of each result, and dispatch's is in the scheduler: what a `Sketch` brings with it,
    compiled code above all, takes seconds to import and belongs on the workers.
    """

    sketch: Sketch

    def __sizeof__(self) -> int:
        """Tell Dask, which has a merge done where most of its bytes are."""
        return self.sketch.__sizeof__()


def look(job: Job[Ensemble]) -> Outcome | Plan:
    """Find an ensemble's result, or what it takes to compute it."""
    from porta.ensembles.result import estimate_bytes, read_manifest

    cache, ensemble = cache_for(job), job.request
    summary = cache.results.find_or_require_room(ensemble, estimate_bytes(ensemble), read_manifest)
    if summary is not None:
        return Outcome(summary, found=True)
    chunks = ensemble.chunks()
    present = cache.chunks.present(chunks)
    there = [chunk for chunk, is_there in zip(chunks, present, strict=True) if is_there]
    missing = [chunk for chunk, is_there in zip(chunks, present, strict=True) if not is_there]
    return Plan(batches(there) + batches(missing))


def batches(chunks: Sequence[Chunk]) -> list[Batch]:
    """Put neighbours together until computing them is worth a task, but no more than a chunk may be.

    Also those that seem to be in the cache: they may be damaged, of another engine, or gone when their turn comes.
    """
    made, batch, total = list[Batch](), list[Chunk](), 0
    for chunk in chunks:
        if batch and (total >= TASK_STEPS or total + _steps(chunk) > CHUNK_STEPS):
            made.append(tuple(batch))
            batch, total = [], 0
        batch.append(chunk)
        total += _steps(chunk)
    return [*made, tuple(batch)] if batch else made


def batch(job: Job[Ensemble], chunks: Batch) -> Part:
    """Find or compute chunks, leave them in the cache, and return what they come to together."""
    cache = cache_for(job)
    return _sum([Part(_find(cache, job, chunk) or _compute(cache, job, chunk)) for chunk in chunks])


def merge(job: Job[Ensemble], parts: list[Part]) -> Part:
    """Add up what different runs come to."""
    require_engine(job)
    return _sum(parts)


def view(job: Job[Ensemble], part: Part) -> bytes:
    """Return the overview of the runs that are in so far."""
    from porta.ensembles.result import view as draw

    require_engine(job)
    return draw(job.request, part.sketch)


def finish(job: Job[Ensemble], parts: list[Part]) -> Outcome:
    """Reduce what all runs come to to the result, and store it."""
    from porta.ensembles.result import reduce

    cache, ensemble = cache_for(job), job.request
    result = reduce(ensemble, _sum(parts).sketch)
    cache.results.write_whole(ensemble, [result.chunks], result.fields)
    return Outcome(result.fields["summary"], found=False)


def _sum(parts: list[Part]) -> Part:
    from porta.ensembles.sketch import merge as add

    return parts[0] if len(parts) == 1 else Part(add([part.sketch for part in parts]))


def _find(cache: Cache, job: Job[Ensemble], chunk: Chunk) -> Sketch | None:
    sketch = cache.chunks.find(chunk)
    if sketch is not None:
        report(job, "chunks", "found", 1, (chunk.first, chunk.runs))
    return sketch


def _compute(cache: Cache, job: Job[Ensemble], chunk: Chunk) -> Sketch:
    from porta.ensembles.sampling import compute

    done = 0

    def progress(runs: int) -> None:
        nonlocal done
        done += runs
        report(job, "chunks", "computed", 0, (chunk.first, done))

    sketch = compute(chunk, progress)
    try:
        cache.chunks.write(chunk, sketch)
    except CannotBeStored as failure:
        # The ensemble goes on without: its result is small, and may still find room.
        logger.warning("%s is not kept: %s", chunk.key, failure.reason)
    report(job, "chunks", "computed", 1, (chunk.first, chunk.runs))
    return sketch


def _steps(chunk: Chunk) -> int:
    return chunk.steps * chunk.runs + CHUNK_OVERHEAD_STEPS
