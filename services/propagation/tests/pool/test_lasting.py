"""An ensemble that lasts: others need not wait for it, it holds little at one time, and ends when nobody wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from distributed import Client
from services import Answer, Pool, Valkey, eventually

from pool.results import CHUNKS, Counted, ask_anew, computed, stored
from porta.dispatch.kinds.ensembles import FAN_IN
from porta.ensembles.request import Ensemble
from porta.run import Run

ENDLESS = Ensemble(100_000, 100_000)
"""The largest there is: minutes of any pool of tests."""

Patience = Callable[[float | None], None]


def idle(client: Client) -> bool:
    """Whether the workers run nothing, not even what the scheduler does not want any more."""

    def running(dask_worker: Any) -> int:
        return len(dask_worker.state.executing)

    return not any(client.run(running).values())


@pytest.fixture
def patience(pool: Pool) -> Iterator[Patience]:
    """Sets how long dispatch goes on with an ensemble that nobody waits for, and puts back what was."""

    def set_patience(dask_scheduler: Any, seconds: float | None) -> None:  # noqa: ARG001
        from porta.dispatch.kinds import KINDS  # noqa: PLC0415

        for kind in KINDS:
            if kind.route.startswith("/ensemble"):
                vars(kind).pop("patience", None)
                if seconds is not None:
                    kind.patience = seconds

    with Client(pool.address, set_as_default=False) as client:
        yield lambda seconds: client.run_on_scheduler(set_patience, seconds=seconds)
        eventually(lambda: pool.metric("porta_flights") == 0, "all are given up or ready")
        eventually(lambda: idle(client), "the workers end what they had begun")
        client.run_on_scheduler(set_patience, seconds=None)


@pytest.fixture
def endless(pool: Pool, patience: Patience) -> Iterator[Answer]:
    """The endless ensemble, underway. Whoever leaves it ends it."""
    patience(0.2)
    answer = ask_anew(pool, ENDLESS)
    answer.until(lambda line: "progress" in line and line["progress"]["done"] > 0)
    yield answer
    answer.close()


def test_a_propagation_does_not_wait_for_an_ensemble(pool: Pool, valkey: Valkey, endless: Answer) -> None:
    for run in (Run(500, 71), Run(200_000, 71)):
        assert "ready" in pool.ask(f"/{run.key}").last()
        assert stored(valkey, run) == computed(run)
    line = endless.until(lambda line: "progress" in line)["progress"]
    assert line["done"] < line["total"]


def test_what_nobody_waits_for_is_given_up_and_its_chunks_stay(pool: Pool, valkey: Valkey, endless: Answer) -> None:
    deserted, failed = pool.metric("porta_graphs_deserted_total"), pool.metric("porta_graphs_failed_total")
    eventually(lambda: valkey.client.dbsize() > 0, "chunks are stored")
    endless.close()
    eventually(lambda: pool.metric("porta_graphs_deserted_total") == deserted + 1, "it is given up")
    assert pool.metric("porta_flights") == 0
    assert pool.metric("porta_graphs_failed_total") == failed
    with Client(pool.address, set_as_default=False) as client:
        eventually(lambda: idle(client), "the workers end what they had begun")
    left, chunks = valkey.client.dbsize(), Counted(pool, CHUNKS)
    again = pool.ask(f"/{ENDLESS.key}")
    assert again.until(lambda line: "started" in line) == {"started": True}, "nothing of the old flight is remembered"
    eventually(lambda: chunks["found"] == left, "all of its chunks are found")
    again.close()


def test_an_ensemble_that_somebody_waits_for_is_not_given_up(pool: Pool, valkey: Valkey, patience: Patience) -> None:
    patience(0.2)
    deserted = pool.metric("porta_graphs_deserted_total")
    valkey.client.client_pause(60_000, all=False)
    answer = ask_anew(pool, Ensemble(1000, 1000, 72))
    for _ in range(4):  # more than a second
        answer.until(lambda line: "progress" in line)
    joined = pool.ask(f"/{Ensemble(1000, 1000, 72).key}")
    assert joined.until(lambda line: "started" in line) == {"started": False}
    answer.close()  # one is left
    for _ in range(4):
        joined.until(lambda line: "progress" in line)
    valkey.client.client_unpause()
    assert "ready" in joined.last()
    assert pool.metric("porta_graphs_deserted_total") == deserted


def test_what_waits_to_be_merged_stays_little_however_long_the_ensemble(pool: Pool, patience: Patience) -> None:
    def held(dask_scheduler: Any) -> tuple[int, int]:
        states = [task.state for task in dask_scheduler.tasks.values()]
        return states.count("memory"), len(states) - states.count("released")

    patience(0.2)
    ensemble, most, chunks = Ensemble(10_000, 100_000, 500_000), 0, Counted(pool, CHUNKS)
    answer = ask_anew(pool, ensemble)
    with Client(pool.address, set_as_default=False) as client:

        def thirty() -> bool:
            nonlocal most
            in_memory, wanted = client.run_on_scheduler(held)
            most = max(most, in_memory, wanted)
            return chunks["computed"] >= 30

        eventually(thirty, "a good part is done")
    answer.close()
    # What is merged and what is next to be, the total, and what two workers have ahead of them.
    assert 0 < most <= 2 * FAN_IN + 8
