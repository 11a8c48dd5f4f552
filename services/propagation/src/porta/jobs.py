"""The tasks of a propagation, which Dask runs on the workers, and what they hand each other.

A run of up to one segment is one task, `whole`. A longer one is a graph::

    look ─▶ walk ─▶ walk ─▶ …            the chain of the physics, 32 segments a stride
      │       ├▶ encode  ├▶ encode …     a task per segment, beside the next stride
      └▶ copy…                           segments that another result of the same seed holds already
                       └────┴──▶ finish

Tasks write Redis themselves; they hand each other checkpoints, digests and overview rows, never chunks. Each may run
twice, on a second worker after the first died: it writes the same bytes again. But `look` deletes what it finds of the
run, so dispatch takes its answer, and has it forgotten, before it starts the rest: a `look` run again in the middle
would delete what has been written.

This module stays light, since the scheduler imports it to name the tasks. What computes (numba, NumPy) is imported by
the tasks, on a worker.
"""

# ruff: noqa: PLC0415  (see above)

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from porta.contract import SEGMENT_STEPS
from porta.failure import Disagreement, Failure
from porta.job import Job, Outcome, cache_for, report, require_engine
from porta.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porta.cache import Cache
    from porta.checkpoint import Checkpoint
    from porta.result import Result
    from porta.segment import Segment, SegmentMeta

STRIDE: Final = 32
"""Segments walked by one task: some 25 ms, after which the first of them can be encoded."""

COPIES: Final = 8
"""Segments copied by one task: a single copy takes little longer than Dask's own work for a task."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to start: at ``checkpoint``, after ``copied`` segments, which the result of ``source`` steps holds."""

    checkpoint: bytes
    copied: int = 0
    source: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What the last task needs of a segment that is in the cache."""

    index: int
    meta: SegmentMeta
    rows: bytes


def whole(job: Job[Run]) -> Outcome:
    """Look for a run of at most one segment, else compute and store it."""
    from porta.checkpoint import start
    from porta.kernel import walk as advance
    from porta.result import estimate_bytes, overview_level, reduce
    from porta.segment import encode as encode_segment

    cache, run = cache_for(job), job.request
    summary = cache.results.find_or_require_room(run, estimate_bytes(run.steps))
    if summary is not None:
        return Outcome(summary, found=True)
    first = start(run.seed)
    segment = encode_segment(first, run.steps, overview_level(run.steps))
    final = advance(first, run.steps)
    _require_agreement(run, segment, final)
    result = reduce(run, final, [segment.meta], segment.rows)
    cache.results.write_whole(run, [segment.chunks], result.fields)
    _remember(cache, run, [final])
    return Outcome(result.fields["summary"], found=False)


def look(job: Job[Run]) -> Outcome | Plan:
    """Find a long run's result, or where to start: after the segments that a result of the same seed already holds."""
    from porta.checkpoint import start
    from porta.result import estimate_bytes

    cache, run = cache_for(job), job.request
    summary = cache.results.find_or_require_room(run, estimate_bytes(run.steps))
    if summary is not None:
        return Outcome(summary, found=True)
    cache.results.delete(run)  # what is left of it would be taken for ours
    sound: dict[int, bool] = {}
    for k, checkpoint, source in cache.checkpoints.latest(run.seed, run.steps // SEGMENT_STEPS):
        if source is None or source < k * SEGMENT_STEPS:
            continue
        if source not in sound:
            sound[source] = cache.results.manifest(Run(source, run.seed)) is not None
        if sound[source]:
            return Plan(checkpoint.to_bytes(), k, source)
    return Plan(start(run.seed).to_bytes())


def walk(job: Job[Run], before: bytes | list[bytes], segments: range) -> list[bytes]:
    """Advance the physics over some segments.

    Parameters
    ----------
    before : the checkpoint at which the first of them starts, or the last stride's answer
    segments : their indices

    Returns
    -------
    the checkpoints before each of the segments, and the one after the last
    """
    from porta.checkpoint import Checkpoint
    from porta.kernel import walk as advance

    require_engine(job)
    checkpoint = Checkpoint.from_bytes(before if isinstance(before, bytes) else before[-1])
    checkpoints = [checkpoint]
    for index in segments:
        checkpoint = advance(checkpoint, _steps(job.request, index))
        checkpoints.append(checkpoint)
    return [checkpoint.to_bytes() for checkpoint in checkpoints]


def encode(job: Job[Run], index: int, offset: int, stride: list[bytes]) -> Part:
    """Compute, encode and store segment ``index``, which starts at checkpoint ``offset`` of its stride.

    Raises
    ------
    Disagreement : the walk came from there to another checkpoint than this
    """
    from porta.checkpoint import Checkpoint

    before, after = (Checkpoint.from_bytes(data) for data in stride[offset : offset + 2])
    part = _encode(cache_for(job), job, index, before, after)
    _report(job, part, copied=False)
    return part


def copy(job: Job[Run], plan: Plan, indices: range) -> list[Part]:
    """Store segments that the source of the plan holds, each verified; compute what it no longer does."""
    from porta.checkpoint import start
    from porta.kernel import walk as advance
    from porta.result import overview_level
    from porta.segment import rows_at

    cache, run = cache_for(job), job.request
    source, level = Run(plan.source, run.seed), overview_level(run.steps)
    manifest = cache.results.manifest(source)
    parts = []
    for index in indices:
        meta = manifest.segments[index] if manifest is not None else None
        chunks = cache.results.chunks(source, index, meta) if meta is not None else None
        if meta is not None and chunks is not None:
            cache.results.write(run, index, chunks)
            part = Part(index, meta, rows_at(chunks["windows"], level, SEGMENT_STEPS))
        else:
            checkpoint = cache.checkpoints.at(run.seed, index) or advance(start(run.seed), index * SEGMENT_STEPS)
            part = _encode(cache, job, index, checkpoint)
        _report(job, part, copied=chunks is not None)
        parts.append(part)
    return parts


def finish(job: Job[Run], plan: Plan, strides: list[list[bytes]], parts: Sequence[Part | list[Part]]) -> Outcome:
    """Reduce the parts to a result, and store what makes it one."""
    from porta.checkpoint import Checkpoint
    from porta.result import reduce

    cache, run = cache_for(job), job.request
    flat = [part for some in parts for part in (some if isinstance(some, list) else [some])]
    flat.sort(key=lambda part: part.index)
    walked = [Checkpoint.from_bytes(data) for stride in strides for data in stride[1:]]
    final = walked[-1] if walked else Checkpoint.from_bytes(plan.checkpoint)
    result: Result = reduce(run, final, [part.meta for part in flat], b"".join(part.rows for part in flat))
    cache.results.finish(run, len(flat), result)
    _remember(cache, run, walked, plan.copied)
    return Outcome(result.fields["summary"], found=False)


def clear(job: Job[Run]) -> None:
    """Leave nothing of a run that cannot be stored. None of its other tasks may be at work any more."""
    cache_for(job).results.delete(job.request)


def _encode(cache: Cache, job: Job[Run], index: int, checkpoint: Checkpoint, after: Checkpoint | None = None) -> Part:
    from porta.result import overview_level
    from porta.segment import encode as encode_segment

    segment = encode_segment(checkpoint, _steps(job.request, index), overview_level(job.request.steps))
    if after is not None:
        _require_agreement(job.request, segment, after)
    cache.results.write(job.request, index, segment.chunks)
    return Part(index, segment.meta, segment.rows)


def _require_agreement(run: Run, segment: Segment, walked: Checkpoint) -> None:
    """Refuse to store a segment that ends in another state than the walk, which computes every step too.

    The two may have been computed on different machines. To compare them costs nothing, and is all there is to notice
    a difference by: a stored result is right by its own digests, whatever was computed.
    """
    if segment.after.to_bytes() == walked.to_bytes():
        return
    one, other = segment.after.state[0], walked.state[0]
    differing = [name for name in one.dtype.names if one[name].tobytes() != other[name].tobytes()]
    logger.error("segment %d of %s: %s beside %s", segment.index, run.key, one, other)
    raise Disagreement(
        f"two computations of segment {segment.index} of {run.key} end with another {', '.join(differing)}; "
        "the workers' log has both states"
    )


def _remember(cache: Cache, run: Run, walked: Sequence[Checkpoint], copied: int = 0) -> None:
    """Leave checkpoints for longer and shorter runs, also those of what was copied: this run is their source now.

    The result stands without them, so a failure is only noted.
    """
    try:
        past = [checkpoint for _, checkpoint, _ in cache.checkpoints.latest(run.seed, copied)]
        here = [checkpoint for checkpoint in walked if checkpoint.step % SEGMENT_STEPS == 0]
        cache.checkpoints.write(run.seed, past + here, run.steps)
    except Failure as failure:
        logger.warning("No checkpoints for %s: %s", run.key, failure.reason)


def _report(job: Job[Run], part: Part, *, copied: bool) -> None:
    report(job, "segments", "copied" if copied else "encoded", 1, (part.index, part.rows))


def _steps(run: Run, index: int) -> int:
    return min(SEGMENT_STEPS, run.steps - index * SEGMENT_STEPS)
