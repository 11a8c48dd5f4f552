"""What the tasks of a propagation make of a cache that fails them. Whole runs are the pool's tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from services import Valkey, free_ports

from porta.cache import open_cache
from porta.checkpoint import Checkpoint, start
from porta.config import RedisSettings
from porta.contract import SEGMENT_STEPS
from porta.failure import Disagreement
from porta.job import Job, Outcome
from porta.jobs import Part, Plan, encode, finish
from porta.kernel import walk
from porta.propagate import compute
from porta.run import Run


def test_a_segment_that_does_not_end_where_the_walk_came_to_is_not_stored(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, before = Run(2 * SEGMENT_STEPS, 6), start(6)
    cache = open_cache(RedisSettings(port=valkey.port))
    monkeypatch.setattr("porta.cache.from_env", lambda: cache)
    walked = walk(before, SEGMENT_STEPS)
    state = walked.state.copy()
    state["x"] = np.nextafter(state["x"], 2)  # as from a processor that rounds otherwise
    with pytest.raises(Disagreement, match=r"segment 0 of propagation/32768\?seed=6 end with another x;"):
        encode(Job(run, "flight"), 0, 0, [before.to_bytes(), Checkpoint(6, state).to_bytes()])
    assert not valkey.client.exists(run.key)


def test_a_run_whose_manifest_is_stored_is_finished_though_its_checkpoints_are_not(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(2 * SEGMENT_STEPS, 5)
    cache = open_cache(RedisSettings(port=valkey.port))
    (nobody,) = free_ports(1)
    away = open_cache(RedisSettings(port=nobody), patience=0)
    monkeypatch.setattr("porta.cache.from_env", lambda: replace(cache, checkpoints=away.checkpoints))
    result, segments = compute(run)
    for segment in segments:
        cache.results.write(run, segment.index, segment.chunks)
    copied = Plan(walk(start(run.seed), run.steps).to_bytes(), len(segments), 3 * SEGMENT_STEPS)
    outcome = finish(Job(run, "flight"), copied, [], [Part(s.index, s.meta, s.rows) for s in segments])
    assert outcome == Outcome(result.fields["summary"], found=False)
    assert cache.results.find(run) == outcome.summary
