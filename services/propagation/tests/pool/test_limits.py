"""What cannot be computed or stored is said at once, with the way out, and not tried for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from distributed import Client
from services import Answer, Pool, Valkey, eventually

from pool.results import CHUNKS, Counted, computed, stored
from porta.dispatch.kinds.ensembles import AT_ONCE, IN_LINE
from porta.run import Run

MIB = 2**20


@pytest.fixture
def memory(valkey: Valkey) -> Iterator[Any]:
    """Sets Redis' memory and policy, and puts back what was."""
    names = ("maxmemory", "maxmemory-policy")
    before: Any = valkey.client.config_get(*names)

    def configure(maxmemory: int, policy: str = "allkeys-lru") -> None:
        valkey.client.config_set("maxmemory-policy", policy)
        valkey.client.config_set("maxmemory", maxmemory)

    yield configure
    for name, value in before.items():
        valkey.client.config_set(name, value)


def test_a_result_over_a_quarter_of_the_cache_is_refused_before_it_is_computed(pool: Pool, memory: Any) -> None:
    encoded = pool.metric('porta_segments_total{how="encoded"}')
    memory(40 * MIB)
    answer = pool.ask("/propagation/100000?seed=31")
    failed = answer.last()["failed"]
    assert (failed["retryable"], failed["status"]) == (False, 507)
    assert "40 MiB" in failed["reason"]
    assert "maxmemory" in failed["reason"]
    assert pool.metric('porta_segments_total{how="encoded"}') == encoded
    assert "ready" in pool.ask("/propagation/500?seed=31").last()


@pytest.mark.parametrize(("steps", "room"), [(15_000, 1), (50_000, 1), (50_000, 5)])
def test_a_full_cache_that_evicts_nothing_is_said_to_be_so_and_left_clean(
    pool: Pool, valkey: Valkey, memory: Any, steps: int, room: int
) -> None:
    def at_work(dask_worker: Any) -> int:
        return len(dask_worker.state.executing)

    run = Run(steps, room)
    for number in range(40):
        valkey.client.set(f"filling/{number}", b"x" * MIB)
    stats: Any = valkey.client.info("memory")
    memory(stats["used_memory"] + room * MIB, "noeviction")
    failed = pool.ask(f"/{run.key}").last()["failed"]
    assert (failed["retryable"], failed["status"]) == (False, 507)
    assert "evicts nothing" in failed["reason"]
    with Client(pool.address, set_as_default=False) as client:
        eventually(lambda: not any(client.run(at_work).values()), "no task is at work that could still store something")
    assert not valkey.client.exists(run.key)


def test_what_has_failed_for_good_is_not_tried_again_at_once(pool: Pool, memory: Any) -> None:
    memory(4 * MIB)
    first = pool.ask("/propagation/200000?seed=33").last()
    graphs = pool.metric("porta_graphs_started_total")
    again = list(pool.ask("/propagation/200000?seed=33").lines())
    assert again == [{"started": False}, first]
    assert pool.metric("porta_graphs_started_total") == graphs


def test_a_run_that_takes_three_workers_with_it_is_failed(pool: Pool, valkey: Valkey) -> None:
    pool.start_worker()
    pool.wait_for_workers(3)
    valkey.client.client_pause(120_000, all=False)  # every task now hangs at its first write
    answer = pool.ask("/propagation/34?seed=34")
    with Client(pool.address, set_as_default=False) as client:

        def busy() -> str | None:
            """The name of the worker that has the task."""
            addresses = [address for address, tasks in client.processing().items() if tasks]
            workers = client.scheduler_info(n_workers=-1)["workers"]
            return next((workers[address]["name"] for address in addresses if address in workers), None)

        for _ in range(3):
            name = eventually(busy, "a worker has the task")
            next(worker for worker in pool.workers if worker.name == name).kill()
            eventually(lambda name=name: busy() != name, "the scheduler notices")  # type: ignore[misc]
    failed = answer.last()["failed"]
    valkey.client.client_unpause()
    assert (failed["retryable"], failed["status"]) == (False, 503)
    assert "three workers" in failed["reason"]


@pytest.mark.parametrize("error", [ValueError, OSError])
def test_a_task_that_raises_the_unexpected_is_tried_three_times(pool: Pool, error: type[Exception]) -> None:
    def sabotage() -> None:
        import porta.cache  # noqa: PLC0415

        def broken() -> None:
            raise error("sabotage")

        vars(porta.cache).setdefault("sound", porta.cache.from_env)
        vars(porta.cache)["from_env"] = broken

    def repair() -> None:
        import porta.cache  # noqa: PLC0415

        vars(porta.cache)["from_env"] = vars(porta.cache).pop("sound")

    path, attempts = f"/propagation/36?seed={len(error.__name__)}", pool.metric("porta_graph_attempts_total")
    with Client(pool.address, set_as_default=False) as client:
        client.run(sabotage)
        failed = pool.ask(path).last()["failed"]
        client.run(repair)
    assert (failed["retryable"], failed["status"]) == (False, 503)
    assert error.__name__ in failed["reason"]
    assert pool.metric("porta_graph_attempts_total") == attempts + 3
    assert pool.ask(path).last()["failed"] == failed


def test_a_cache_that_stays_away_is_said_to_be_so(pool: Pool, valkey: Valkey) -> None:
    valkey.kill()
    try:
        failed = pool.ask("/propagation/35?seed=35").last()["failed"]
    finally:
        valkey.start()
    assert (failed["retryable"], failed["status"]) == (True, 503)
    assert f"127.0.0.1:{valkey.port} is not there: nothing listens" in failed["reason"]
    eventually(lambda: "ready" in pool.ask("/propagation/35?seed=35").last(), "it works when Redis is back")


@pytest.fixture(scope="module")
def small_pool(valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """Two workers; two flights, three waiters, few steps and runs at most; a silent worker is given up after 5 s."""
    env = {"PORTA_MAX_FLIGHTS": "2", "PORTA_MAX_WAITERS": "3", "MAX_STEPS": "300000"}
    env |= {"MAX_RUNS": "40", "MAX_ENSEMBLE_STEPS": "200000"}
    env["DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL"] = "5s"
    pool = Pool(tmp_path_factory.mktemp("small"), valkey.env, env).start(2)
    yield pool
    pool.stop()


def refused(answer: Answer) -> str:
    """The words with which a request was turned away."""
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    detail: str = answer.json()["detail"]
    return detail


def place(answer: Answer) -> int | None:
    """The place in line that the next line of progress tells."""
    told: int | None = answer.until(lambda line: "progress" in line)["progress"].get("place")
    return told


def test_more_propagations_than_are_computed_at_once_wait_in_line(small_pool: Pool, valkey: Valkey) -> None:
    valkey.client.client_pause(60_000, all=False)
    computed_now = [small_pool.ask(f"/propagation/{steps}?seed=41") for steps in (1, 2)]
    third = small_pool.ask("/propagation/3?seed=41")
    assert [place(answer) for answer in (*computed_now, third)] == [None, None, 1]
    valkey.client.client_unpause()
    with ThreadPoolExecutor() as threads:
        assert all("ready" in line for line in threads.map(Answer.last, [*computed_now, third]))


def test_more_waiters_than_allowed_are_turned_away(small_pool: Pool, valkey: Valkey) -> None:
    valkey.client.client_pause(10_000, all=False)
    waiting = [small_pool.ask("/propagation/4?seed=42") for _ in range(3)]
    assert "3 requests" in refused(small_pool.ask("/propagation/4?seed=42"))
    valkey.client.client_unpause()
    with ThreadPoolExecutor() as threads:
        assert all("ready" in line for line in threads.map(Answer.last, waiting))
    eventually(lambda: small_pool.metric("porta_waiters") == 0, "nobody waits")


def test_the_most_steps_are_what_the_environment_says(small_pool: Pool) -> None:
    assert small_pool.ask("/propagation/300001").dropped().status == 400
    assert small_pool.ask("/propagation/300000").dropped().status == 200


def test_the_most_runs_and_steps_of_an_ensemble_are_what_the_environment_says(small_pool: Pool) -> None:
    for path, allowed in (
        ("/ensemble/10/41", "1 to 40 for 10 steps"),
        ("/ensemble/10000/21", "1 to 20 for 10000 steps"),
        ("/ensemble/200001/1", "1 to 200000,"),
    ):
        answer = small_pool.ask(path)
        assert answer.status == 400
        assert allowed in answer.json()["allowed"]
    for path in ("/ensemble/10/40", "/ensemble/10000/20"):
        assert "ready" in small_pool.ask(path).last()
    health = small_pool.health()
    assert (health["maxRuns"], health["maxEnsembleSteps"]) == (40, 200_000)


def test_an_ensemble_over_a_quarter_of_the_cache_is_refused_before_it_is_computed(pool: Pool, memory: Any) -> None:
    chunks = Counted(pool, CHUNKS)
    memory(2**19)
    failed = pool.ask("/ensemble/1000/1000?seed=31").last()["failed"]
    assert (failed["retryable"], failed["status"]) == (False, 507)
    assert "maxmemory" in failed["reason"]
    assert (chunks["computed"], chunks["found"]) == (0, 0)


def test_a_fifth_ensemble_waits_in_line_and_a_propagation_does_not(pool: Pool, valkey: Valkey) -> None:
    valkey.client.client_pause(60_000, all=False)
    four = [pool.ask(f"/ensemble/1000/1000?seed={seed}") for seed in range(4)]
    fifth, joined = pool.ask("/ensemble/1000/1000?seed=4"), pool.ask("/ensemble/1000/1000?seed=4")
    assert fifth.until(lambda line: "started" in line) == {"started": True}
    assert joined.until(lambda line: "started" in line) == {"started": False}
    assert [place(answer) for answer in (*four, fifth, joined)] == [None, None, None, None, 1, 1]
    assert (pool.metric("porta_flights"), pool.metric("porta_flights_in_line")) == (4, 1)
    run = pool.ask("/propagation/300?seed=44")
    assert place(run) is None
    valkey.client.client_unpause()
    with ThreadPoolExecutor() as threads:
        assert all("ready" in line for line in threads.map(Answer.last, [*four, fifth, joined, run]))
    assert pool.metric("porta_flights_in_line") == 0


def test_an_ensemble_is_refused_where_the_line_is_full_and_gets_the_place_of_one_that_leaves(
    pool: Pool, valkey: Valkey
) -> None:
    def set_line_patience(seconds: float) -> float:
        from porta.dispatch import flights  # noqa: PLC0415

        before: float = flights.LINE_PATIENCE_S
        vars(flights)["LINE_PATIENCE_S"] = seconds
        return before

    path = "/ensemble/1001/1000?seed={}".format  # of which nothing is in the cache
    valkey.client.client_pause(120_000, all=False)
    with Client(pool.address, set_as_default=False) as client:
        before = client.run_on_scheduler(set_line_patience, seconds=0.2)
        waiting = [pool.ask(path(seed)) for seed in range(AT_ONCE + IN_LINE)]
        assert place(waiting[-1]) == IN_LINE
        assert f"{IN_LINE} wait in line" in refused(pool.ask(path(100)))
        waiting.pop(AT_ONCE).close()  # the first in line
        eventually(lambda: place(waiting[-1]) == IN_LINE - 1, "those behind it move up")
        late = pool.ask(path(100))
        assert place(late) == IN_LINE
        for answer in (*waiting[AT_ONCE:], late):
            answer.close()
        eventually(lambda: pool.metric("porta_flights_in_line") == 0, "nobody waits in line")
        valkey.client.client_unpause()
        with ThreadPoolExecutor() as threads:
            assert all("ready" in line for line in threads.map(Answer.last, waiting[:AT_ONCE]))
        client.run_on_scheduler(set_line_patience, seconds=before)


def test_a_worker_that_freezes_is_given_up_and_its_work_done_by_another(small_pool: Pool, valkey: Valkey) -> None:
    run = Run(300_000, 43)
    frozen = small_pool.workers[0]
    frozen.freeze()  # before the run, which a quick machine ends within a line of progress: so it holds tasks
    answer = small_pool.ask(f"/{run.key}")
    assert "ready" in answer.last()
    small_pool.wait_for_workers(1)  # the other may have done all of it before this one was missed
    frozen.thaw()
    eventually(lambda: frozen.returncode is not None, "it finds itself given up, and ends")
    assert stored(valkey, run) == computed(run)
