"""How what batches come to is added up on a pool of many threads. The parts are their chunks themselves."""

from __future__ import annotations

import threading
from typing import Final

import pytest

from porta.dispatch.graph import Graph
from porta.dispatch.kinds.ensembles import FAN_IN, EnsembleProgress, Reduction
from porta.dispatch.pool import Pool
from porta.ensembles import tasks
from porta.ensembles.request import Chunk, Ensemble
from porta.job import Job

ENSEMBLE: Final = Ensemble(100_000, 100_000)

ALL_AT_WORK: Final = threading.Barrier(64)

Parts = tuple[Chunk, ...]


def batch(_: Job[Ensemble], chunks: Parts) -> Parts:
    """As soon as every thread has one, so that many end at the same time."""
    ALL_AT_WORK.wait(60)
    return chunks


def merge(_: Job[Ensemble], parts: list[Parts]) -> Parts:
    assert len(parts) <= FAN_IN + 1, "at most eight and the sum so far"
    return tuple(chunk for part in parts for chunk in part)


def view(_: Job[Ensemble], part: Parts) -> bytes:
    return part[0].key.encode()


async def test_all_parts_are_added_up_once_and_few_at_a_time_however_many_come_at_once(
    near: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for task in (batch, merge, view):
        monkeypatch.setattr(tasks, task.__name__, task)
    chunks = ENSEMBLE.chunks()[: 5 * 64]
    with Graph(await near.client(), Job(ENSEMBLE, "flight"), near.threads) as graph:
        left = await Reduction(graph, [(chunk,) for chunk in chunks], EnsembleProgress(ENSEMBLE)).run()
        assert len(left) <= FAN_IN
        parts: Parts = await graph.result(graph.submit("merge", merge, left, priority=0))
    assert sorted(chunk.first for chunk in parts) == [chunk.first for chunk in chunks]
