"""Ensembles on the pool: computed once for everyone, in chunks that others find again, to the same bits always."""

from __future__ import annotations

import struct
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from distributed import Client
from services import Answer, Pool, Valkey, eventually

from pool.results import CHUNKS, Counted, ask_anew, computed, sketch, store, stored
from pool.test_damage import flip
from porta.contract import MAX_SEED
from porta.ensembles.request import CHUNK_STEPS, Chunk, Ensemble
from porta.ensembles.result import view
from porta.ensembles.sketch import merge
from porta.ensembles.tasks import Plan, look
from porta.job import Job

STEPS = 1000
"""Chunks of a thousand runs."""

LONG = Ensemble(10_000, 20_000)
"""Twenty chunks, seconds of work: the middle of it is not missed."""


def runs_in(progress: dict[str, Any]) -> int:
    """How many runs a picture shows."""
    runs: int = struct.unpack_from("<I", b64decode(progress["overview"]), 28)[0]
    return runs


def news(answer: Answer) -> dict[str, Any]:
    """The next line of progress."""
    progress: dict[str, Any] = answer.until(lambda line: "progress" in line)["progress"]
    return progress


def test_many_clients_at_once_cause_one_computation(pool: Pool) -> None:
    before, chunks = pool.metric("porta_graphs_started_total"), Counted(pool, CHUNKS)
    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: list(pool.ask(f"/ensemble/{STEPS}/3000").lines()), range(20)))
    assert pool.metric("porta_graphs_started_total") == before + 1
    assert sum(lines[0]["started"] for lines in answers) == 1
    assert len({lines[-1]["ready"]["hash"] for lines in answers}) == 1
    assert (chunks["computed"], chunks["found"]) == (3, 0)


@pytest.mark.parametrize(
    "ensemble",
    [
        *(Ensemble(1, 1), Ensemble(STEPS, 1000), Ensemble(STEPS, 2500, 300), Ensemble(20, 30_000, 5)),
        *(Ensemble(300_000, 60, 7), Ensemble(500, 700, MAX_SEED - 699)),
    ],
    ids=lambda ensemble: ensemble.key,
)
def test_the_pool_stores_the_bytes_that_one_process_computes(pool: Pool, valkey: Valkey, ensemble: Ensemble) -> None:
    ready = ask_anew(pool, ensemble).last()["ready"]
    fields = stored(valkey, ensemble)
    assert fields == computed(ensemble)
    assert ready["key"] == ensemble.key
    for chunk in ensemble.chunks():
        assert valkey.client.hget(chunk.key, "sketch") == sketch(chunk).to_bytes(chunk)


def test_the_bits_are_the_same_with_one_worker_and_with_two_and_in_whatever_order(pool: Pool, valkey: Valkey) -> None:
    ensemble = Ensemble(10_000, 12_000, 500)
    ask_anew(pool, ensemble).last()
    two = stored(valkey, ensemble)
    valkey.client.flushall()
    for index in (7, 4, 2):  # what is in the cache goes first
        chunk = ensemble.chunks()[index]
        valkey.client.hset(chunk.key, "sketch", sketch(chunk).to_bytes(chunk))
    ask_anew(pool, ensemble).last()
    shuffled = stored(valkey, ensemble)
    pool.kill_worker()
    pool.wait_for_workers(1)
    valkey.client.flushall()
    ask_anew(pool, ensemble).last()
    assert two == shuffled == stored(valkey, ensemble) == computed(ensemble)


def test_two_thousand_runs_after_one_thousand_cost_one_thousand(pool: Pool, valkey: Valkey) -> None:
    ask_anew(pool, Ensemble(STEPS, 1000)).last()
    chunks, more = Counted(pool, CHUNKS), Ensemble(STEPS, 2000)
    ask_anew(pool, more).last()
    assert (chunks["computed"], chunks["found"]) == (1, 1)
    assert stored(valkey, more) == computed(more)


def test_ensembles_whose_seeds_overlap_share_chunks(pool: Pool, valkey: Valkey) -> None:
    ask_anew(pool, Ensemble(STEPS, 3000)).last()
    chunks, other = Counted(pool, CHUNKS), Ensemble(STEPS, 3000, 500)
    ask_anew(pool, other).last()
    assert (chunks["computed"], chunks["found"]) == (2, 2), "500 … 999 and 3000 … 3499 are new"
    assert stored(valkey, other) == computed(other)


def test_a_second_request_finds_the_result_and_computes_nothing(pool: Pool) -> None:
    ensemble = Ensemble(STEPS, 1500)
    first = ask_anew(pool, ensemble).last()
    found, chunks = pool.metric("porta_graphs_found_total"), Counted(pool, CHUNKS)
    assert ask_anew(pool, ensemble).last() == first
    assert pool.metric("porta_graphs_found_total") == found + 1
    assert (chunks["computed"], chunks["found"]) == (0, 0)


DAMAGE = ["flipped", "truncated", "empty", "of another chunk", "of another type"]


@pytest.mark.parametrize(("seed", "damage"), list(enumerate(DAMAGE)))
def test_a_damaged_chunk_is_computed_again_never_served(pool: Pool, valkey: Valkey, seed: int, damage: str) -> None:
    ensemble = Ensemble(STEPS, 2000, seed * 10_000)
    one, other = ensemble.chunks()
    sound = {chunk: sketch(chunk).to_bytes(chunk) for chunk in (one, other)}
    valkey.client.hset(other.key, "sketch", sound[other])
    if damage == "of another type":
        valkey.client.set(one.key, "not a hash")
    else:
        data = {
            "flipped": flip(sound[one]),
            "truncated": sound[one][:-1],
            "empty": b"",
            "of another chunk": sound[other],
        }
        valkey.client.hset(one.key, "sketch", data[damage])
    chunks = Counted(pool, CHUNKS)
    assert "ready" in ask_anew(pool, ensemble).last()
    assert (chunks["computed"], chunks["found"]) == (1, 1)
    assert stored(valkey, ensemble) == computed(ensemble)
    assert valkey.client.hget(one.key, "sketch") == sound[one]


@pytest.mark.parametrize("field", ["manifest", "summary", "overview", "records/0", "arrow/0"])
def test_a_damaged_result_is_made_again_from_its_chunks(pool: Pool, valkey: Valkey, field: str) -> None:
    ensemble, name = Ensemble(STEPS, 1000, sum(field.encode()) * 1000), field.encode()
    ask_anew(pool, ensemble).last()
    sound = stored(valkey, ensemble)
    for damaged in (sound | {name: flip(sound[name])}, {key: sound[key] for key in sound if key != name}):
        valkey.client.delete(ensemble.key)
        store(valkey, ensemble, damaged)
        chunks = Counted(pool, CHUNKS)
        assert "ready" in ask_anew(pool, ensemble).last()
        assert (chunks["computed"], chunks["found"]) == (0, 1)
        assert stored(valkey, ensemble) == sound


def test_progress_counts_runs_and_its_pictures_show_ever_more_of_them(pool: Pool) -> None:
    lines = [line["progress"] for line in ask_anew(pool, LONG).lines() if "progress" in line]
    done = [line["done"] for line in lines]
    shown = [runs_in(line) for line in lines if line["overview"] is not None]
    assert all(line["total"] == LONG.runs for line in lines)
    assert done == sorted(done)
    assert shown == sorted(set(shown)), "a picture is sent where it has changed"
    assert shown
    assert all(0 < runs <= LONG.runs for runs in shown)


def test_a_picture_is_the_overview_of_the_runs_that_are_in(pool: Pool, valkey: Valkey) -> None:
    ensemble = Ensemble(10_000, 5_000, 40_000)
    *there, _ = ensemble.chunks()
    for chunk in there:
        valkey.client.hset(chunk.key, "sketch", sketch(chunk).to_bytes(chunk))
    # The last one does not come in, since it cannot be stored: it keeps one worker, and the other makes the picture.
    valkey.client.client_pause(60_000, all=False)
    answer = ask_anew(pool, ensemble)
    runs = sum(chunk.runs for chunk in there)  # a busy machine makes pictures of some of them before

    def of_all(line: dict[str, Any]) -> bool:
        return "progress" in line and line["progress"]["overview"] is not None and runs_in(line["progress"]) == runs

    picture = answer.until(of_all)["progress"]
    assert b64decode(picture["overview"]) == view(ensemble, merge([sketch(chunk) for chunk in there]))
    valkey.client.client_unpause()
    assert "ready" in answer.last()


def test_who_joins_gets_the_newest_picture_at_once(pool: Pool, valkey: Valkey) -> None:
    ensemble = Ensemble(10_000, 20_000, 60_000)
    first = ask_anew(pool, ensemble)
    first.until(lambda line: "progress" in line and line["progress"]["overview"] is not None)
    valkey.client.client_pause(60_000, all=False)  # the workers cannot store, so there is no further news
    joined = pool.ask(f"/{ensemble.key}")
    assert joined.until(lambda line: "started" in line) == {"started": False}
    assert news(joined)["overview"] is not None
    valkey.client.client_unpause()
    assert "ready" in joined.last()
    first.close()


def test_the_scheduler_computes_nothing_itself(pool: Pool) -> None:
    def heavy(dask_scheduler: Any) -> list[str]:  # noqa: ARG001
        import sys  # noqa: PLC0415

        return [name for name in ("numba", "pyarrow", "porta.ensembles.sketch") if name in sys.modules]

    assert "ready" in ask_anew(pool, Ensemble(STEPS, 5000, 3)).last()
    with Client(pool.address, set_as_default=False) as client:
        assert client.run_on_scheduler(heavy) == []


def test_chunks_lie_at_multiples_of_their_size_and_are_bounded_in_steps() -> None:
    assert Ensemble(10_000, 2_500, 300).chunks() == [
        *(Chunk(10_000, 300, 700), Chunk(10_000, 1000, 1000), Chunk(10_000, 2000, 800)),
    ]
    for steps in (1, 25_000, 25_001, 999_999, 9_999_999):
        ensemble = Ensemble(steps, 37, 990)
        chunks = ensemble.chunks()
        assert sum(chunk.runs for chunk in chunks) == 37
        assert all(chunk.runs * steps <= 25_000_000 for chunk in chunks)
        ends = [(chunk.first, chunk.first + chunk.runs) for chunk in chunks]
        assert [end for _, end in ends[:-1]] == [first for first, _ in ends[1:]]


def test_no_task_is_more_than_a_chunk_may_be_though_all_of_the_cache_were_damaged(pool: Pool, valkey: Valkey) -> None:
    ensemble = Ensemble(100_000, 3000)
    for chunk in ensemble.chunks():
        valkey.client.hset(chunk.key, "sketch", b"")
    with Client(pool.address, set_as_default=False) as client:
        plan = client.submit(look, Job(ensemble, "flight")).result()
    assert isinstance(plan, Plan)
    assert [chunk for batch in plan.batches for chunk in batch] == ensemble.chunks()
    assert max(sum(chunk.steps * chunk.runs for chunk in batch) for batch in plan.batches) <= CHUNK_STEPS


def test_an_ensemble_goes_on_when_its_chunks_cannot_be_stored(pool: Pool, valkey: Valkey) -> None:
    names = ("maxmemory", "maxmemory-policy")
    before: Any = valkey.client.config_get(*names)
    ensemble, chunks = Ensemble(10_000, 20_000, 80_000), Counted(pool, CHUNKS)
    try:
        valkey.client.config_set("maxmemory-policy", "noeviction")
        valkey.client.config_set("maxmemory", valkey.client.info("memory")["used_memory"] + 2**20)
        answer = ask_anew(pool, ensemble)
        eventually(lambda: chunks["computed"] >= 4, "more chunks are computed than there is room for")
    finally:
        for name, value in before.items():
            valkey.client.config_set(name, value)
    assert "ready" in answer.last()
    assert stored(valkey, ensemble) == computed(ensemble)
    assert valkey.client.dbsize() < len(ensemble.chunks())
