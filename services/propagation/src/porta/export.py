"""One representation of a run or an ensemble as bytes, in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from porta import deflate
from porta.contract import SEGMENT_STEPS
from porta.ensembles import propagate as ensembles
from porta.ensembles.request import Ensemble
from porta.ensembles.result import bodies as ensemble_bodies
from porta.propagate import compute, segments
from porta.result import bodies, frame
from porta.run import Run


def pieces(run: Run, name: str, *, packed: bool, progress: Callable[[int], object] = int) -> Iterator[bytes]:
    """Compute a run and yield the bytes of one representation.

    Parameters
    ----------
    name
        As in its address: data.json, data.js, data.arrow, overview or summary.
    packed
        Whether gzipped.
    progress
        Called with the number of steps done so far.
    """
    body = bodies(run).get(name)
    if body is None:
        result, _ = compute(run, progress)
        field = result.fields[name]
        if name == "summary":
            yield deflate.gzip(field) if packed else field
        else:
            yield field if packed else deflate.gunzip(field)
        return
    yield deflate.head(body.first) if packed else body.first
    metas = []
    for segment in segments(run):
        metas.append(segment.meta)
        chunk = segment.chunks[body.kind]
        yield chunk if packed else deflate.inflate(chunk)
        progress(min(len(metas) * SEGMENT_STEPS, run.steps))
    yield frame(body, metas)[1] if packed else body.last([getattr(meta, body.kind).raw for meta in metas])


def ensemble(asked: Ensemble, name: str | None, *, packed: bool, progress: Callable[[int], object] = int) -> bytes:
    """Compute an ensemble and return the bytes of one representation.

    Parameters
    ----------
    name
        As in its address: data.json, data.arrow, overview or summary; None for what the summary says in words.
    packed
        Whether gzipped.
    progress
        Called with the number of runs done so far.
    """
    result = ensembles.compute(asked, progress)
    body = ensemble_bodies(asked).get(name or "")
    if name is None:
        raw = f"{result.summary['words']}\n".encode()
    elif name == "summary":
        raw = result.fields[name]
    elif body is None:
        return result.fields[name] if packed else deflate.gunzip(result.fields[name])
    else:
        chunk = deflate.inflate(result.chunks[body.kind])
        raw = body.first + chunk + body.last([len(chunk)])
    return deflate.gzip(raw) if packed else raw
