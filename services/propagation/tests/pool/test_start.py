"""Dispatch and workers start only where they can do their work, and say why where they cannot. They end in order."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client
from services import Certificate, Pool, Valkey, eventually


@pytest.fixture(scope="module")
def tls_pool(valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """A scheduler and a worker that speak TLS and nothing else to each other."""
    directory = tmp_path_factory.mktemp("tls")
    own = Certificate.new(directory)
    tls = ["--protocol", "tls", "--tls-ca-file", own.authority, "--tls-cert", own.certificate, "--tls-key", own.key]
    pool = Pool(directory, valkey.env, {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}, tls)
    try:
        yield pool.start(1)
    finally:
        pool.stop()


def ending(directory: Path, env: dict[str, str]) -> tuple[int | None, str]:
    """How a scheduler ends that cannot have dispatch, and what it says."""
    pool = Pool(directory, {}, env)
    pool.start_scheduler()
    try:
        eventually(lambda: pool.scheduler.returncode is not None, "the scheduler ends")
        return pool.scheduler.returncode, pool.scheduler.log.read_text()
    finally:
        pool.stop()


def test_a_taken_port_ends_the_scheduler_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = ending(tmp_path, {"PORTA_DISPATCH_PORT": str(port)})
    assert code == 1
    assert f"porta.dispatch cannot listen on 127.0.0.1:{port}" in said
    assert "PORTA_DISPATCH_PORT" in said


def test_a_bad_setting_ends_the_scheduler_with_name_value_and_what_is_allowed(tmp_path: Path) -> None:
    code, said = ending(tmp_path, {"MAX_STEPS": "many"})
    assert code == 1
    assert "MAX_STEPS='many' is not allowed: a whole number from 1 to 9999999" in said


def test_the_preload_alone_brings_the_settings(pool: Pool) -> None:
    def settings(dask_scheduler: Any) -> tuple[Any, ...]:
        return dask_scheduler.allowed_failures, dask_scheduler.worker_ttl, dask_scheduler.no_workers_timeout

    with Client(pool.address, set_as_default=False) as client:
        assert client.run_on_scheduler(settings) == (2, 20, None)
    for path, status in (("/health", 200), ("/proxy/8787/127.0.0.1/status", 404)):
        connection = http.client.HTTPConnection("127.0.0.1", pool.dashboard, timeout=60)
        connection.request("GET", path)
        assert connection.getresponse().status == status
        connection.close()


def test_a_pool_with_a_foreign_worker_does_not_compute_and_says_why(pool: Pool) -> None:
    worker = pool.start_worker(preload="")
    try:
        eventually(lambda: not pool.health()["accepting"], "health turns")
        health = pool.get("/health")
        assert health.status == 503
        assert "--preload porta.worker" in health.json()["reason"]
        assert pool.ask("/propagation/51").dropped().status == 503
    finally:
        worker.stop()
    eventually(lambda: pool.health()["accepting"], "health turns back")


@pytest.mark.parametrize(("name", "theirs"), [("numpy", "1.0"), ("build", "0123456789abcdef")])
def test_a_worker_with_other_versions_is_named_in_the_log_too(
    pool: Pool, tmp_path: Path, name: str, theirs: str
) -> None:
    (tmp_path / "older.py").write_text(
        "import porta.worker\n"
        "async def dask_setup(worker):\n"
        "    await porta.worker.dask_setup(worker)\n"
        f"    worker.metrics['porta'] = lambda _: {{**porta.worker.versions(), '{name}': '{theirs}'}}\n"
    )
    worker = pool.start_worker(preload=str(tmp_path / "older.py"))
    try:
        eventually(lambda: not pool.health()["accepting"], "health turns")
        reason = pool.health()["reason"]
        assert f"has {name} {theirs}, the scheduler" in reason
        said = f"takes no new work: {reason}\n"
        eventually(lambda: pool.scheduler.log.read_text().count(said) == 1, "the log says it once")
    finally:
        worker.stop()
    eventually(lambda: pool.health()["accepting"], "health turns back")
    eventually(lambda: "takes work\n" in pool.scheduler.log.read_text().split(said)[1], "the log says that too")


def test_a_worker_with_a_bad_cache_address_ends_and_says_so(pool: Pool) -> None:
    worker = pool.start_worker(env={"REDIS_ADDR": "http://example"})
    eventually(lambda: worker.returncode is not None, "the worker ends")
    assert "REDIS_ADDR='http://example' is not allowed" in worker.log.read_text()


def test_a_worker_that_cannot_warm_up_ends_and_says_so(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "unfit.py").write_text(
        "import porta.kernel, porta.worker\n"
        "from porta.worker import dask_setup\n"
        "def warm_up():\n"
        "    raise OSError(28, 'No space left on device')\n"
        "porta.kernel.warm_up = warm_up\n"
    )
    worker = pool.start_worker(preload=str(tmp_path / "unfit.py"))
    try:
        eventually(lambda: worker.returncode is not None, "the worker ends")
    finally:
        worker.stop()
    assert worker.returncode == 1
    assert "porta.worker cannot warm up: OSError(28, 'No space left on device')" in worker.log.read_text()


def test_the_pool_works_over_tls_and_takes_nothing_else(tls_pool: Pool) -> None:
    assert "ready" in tls_pool.ask("/propagation/20000?seed=53").last()
    with pytest.raises(OSError, match=r"Timed out|in <TLS|closed"):
        Client(tls_pool.address.replace("tls", "tcp"), timeout=5, set_as_default=False)


def test_a_scheduler_that_is_told_to_end_ends_its_streams_and_goes(tls_pool: Pool, valkey: Valkey) -> None:
    valkey.client.client_pause(20_000, all=False)
    answer = tls_pool.ask("/propagation/52")
    answer.until(lambda line: "started" in line)
    asked = time.monotonic()
    tls_pool.scheduler.terminate()
    assert all("progress" in line for line in answer.lines())
    assert tls_pool.scheduler.ended() == 0
    assert time.monotonic() - asked < 10
    valkey.client.client_unpause()


def test_a_worker_that_is_told_to_end_while_its_scheduler_does_ends_too(valkey: Valkey, tmp_path: Path) -> None:
    def executing(dask_worker: Any) -> int:
        return len(dask_worker.state.executing)

    pool = Pool(tmp_path, valkey.env).start(1)
    (worker,) = pool.workers
    try:
        valkey.client.client_pause(30_000, all=False)
        answer = pool.ask("/propagation/54")
        answer.until(lambda line: "started" in line)
        with Client(pool.address, set_as_default=False) as client:
            eventually(lambda: [*client.run(executing).values()] == [1], "the worker has begun its task")
        pool.scheduler.terminate()
        eventually(lambda: "Stopping worker" in worker.log.read_text(), "the worker closes, and waits for its task")
        answer.close()
        worker.terminate()
        worker.ended()
    finally:
        valkey.client.client_unpause()
        worker.kill()
        pool.stop()
