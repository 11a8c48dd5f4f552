"""What the tasks of a propagation make of a cache that fails them. Whole runs are the pool's tests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from services import Valkey, free_ports

from porta.cache import open_cache
from porta.checkpoint import start
from porta.config import RedisSettings
from porta.contract import SEGMENT_STEPS
from porta.job import Job, Outcome
from porta.jobs import Part, Plan, finish
from porta.kernel import walk
from porta.propagate import compute
from porta.run import Run


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
