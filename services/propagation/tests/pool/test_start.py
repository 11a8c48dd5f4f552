"""Dispatch and workers start only where they can do their work, and say why where they cannot. They end in order."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client
from services import Pool, Valkey, eventually


@pytest.fixture
def started() -> Iterator[list[Pool]]:
    """Pools that a test has started, to be ended after it."""
    pools: list[Pool] = []
    yield pools
    for pool in pools:
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


def test_a_worker_with_other_versions_is_named(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "older.py").write_text(
        "import porta.worker\n"
        "async def dask_setup(worker):\n"
        "    await porta.worker.dask_setup(worker)\n"
        "    worker.metrics['porta'] = lambda _: {**porta.worker.versions(), 'numpy': '1.0'}\n"
    )
    worker = pool.start_worker(preload=str(tmp_path / "older.py"))
    try:
        eventually(lambda: not pool.health()["accepting"], "health turns")
        assert "has numpy 1.0, the scheduler" in pool.health()["reason"]
    finally:
        worker.stop()
    eventually(lambda: pool.health()["accepting"], "health turns back")


def test_a_worker_with_a_bad_cache_address_ends_and_says_so(pool: Pool) -> None:
    worker = pool.start_worker(env={"REDIS_ADDR": "http://example"})
    eventually(lambda: worker.returncode is not None, "the worker ends")
    assert "REDIS_ADDR='http://example' is not allowed" in worker.log.read_text()


def test_a_scheduler_that_is_told_to_end_ends_its_streams_and_goes(
    started: list[Pool], tmp_path: Path, valkey: Valkey
) -> None:
    pool = Pool(tmp_path, valkey.env)
    started.append(pool)
    pool.start(1)
    valkey.client.client_pause(20_000, all=False)
    answer = pool.ask("/propagation/52")
    answer.until(lambda line: "started" in line)
    asked = time.monotonic()
    pool.scheduler.terminate()
    assert all("progress" in line for line in answer.lines())
    assert pool.scheduler.ended() == 0
    assert time.monotonic() - asked < 10
    valkey.client.client_unpause()


def test_the_pool_works_over_tls_and_takes_nothing_else(started: list[Pool], tmp_path: Path, valkey: Valkey) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    new = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    subprocess.run([*new, "-subj", "/CN=pool", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ["--protocol", "tls", "--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key]
    pool = Pool(tmp_path, valkey.env, {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}, tls)
    started.append(pool)
    pool.start(1)
    assert "ready" in pool.ask("/propagation/20000?seed=53").last()
    with pytest.raises(OSError, match=r"Timed out|in <TLS|closed"):
        Client(pool.address.replace("tls", "tcp"), timeout=5, set_as_default=False)
