"""Where the platform cannot be reached, or is another one, a person reads why and what to do."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from services import Pool, Valkey, eventually, free_ports

import porta
from porta.client import NotComputed, PlatformAway, PlatformError, Refused, VersionMismatch, dispatch, waiting
from porta.client.errors import Starting
from porta.contract import ENGINE
from porta.versions import versions

Env = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here comes back, so there is no point in waiting for it as long as a person would."""
    monkeypatch.setattr(waiting, "FIRST_S", 0.3)


def test_without_redis_it_names_the_address_and_the_variable(env: Env) -> None:
    (port,) = free_ports(1)
    env.setenv("REDIS_ADDR", f"127.0.0.1:{port}")
    with pytest.raises(PlatformAway, match=rf"127.0.0.1:{port} is not there.*REDIS_ADDR.*npm start"):
        porta.propagation(500)


def test_without_a_pool_it_names_what_it_tried_and_the_variables(env: Env) -> None:
    dispatch, scheduler = free_ports(2)
    env.setenv("DISPATCH_URL", f"http://127.0.0.1:{dispatch}")
    env.setenv("DASK_SCHEDULER", f"127.0.0.1:{scheduler}")
    with pytest.raises(PlatformAway) as away:
        porta.propagation(500)
    for part in (f"http://127.0.0.1:{dispatch}", f"tcp://127.0.0.1:{scheduler}", "DASK_SCHEDULER has", "DISPATCH_URL"):
        assert part in str(away.value)


def test_a_scheduler_without_dispatch_is_recognised(platform: Pool, env: Env) -> None:
    (port,) = free_ports(1)
    env.setenv("DASK_SCHEDULER_ADDRESS", platform.address)
    env.setenv("DISPATCH_URL", f"http://127.0.0.1:{port}")
    env.setattr(dispatch, "STARTING_S", 1.0)
    env.setattr(waiting, "FIRST_S", 3.0)
    with pytest.raises(Starting, match=r"The Dask scheduler at .* is starting: nothing listens at .* yet"):
        porta.connect().health()
    with pytest.raises(PlatformAway, match=r"A Dask scheduler answers .*--preload porta\.dispatch"):
        porta.propagation(500)


def test_a_limit_of_ones_own_holds_where_dispatch_takes_connections_and_says_nothing(env: Env) -> None:
    env.setattr(dispatch, "SILENCE_S", 300)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        env.setenv("DISPATCH_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(PlatformAway, match="Dispatch does not answer"):
            porta.propagation(500, timeout=0.5)
    assert time.monotonic() - began < 200


@pytest.mark.parametrize("port", ["dashboard", "port"])
def test_what_is_no_dispatch_is_recognised(pool: Pool, env: Env, port: str) -> None:
    """Dask's own HTTP port answers with other things, and its scheduler's with no HTTP at all."""
    env.setenv("DISPATCH_URL", f"http://127.0.0.1:{getattr(pool, port)}")
    with pytest.raises(PlatformError, match="DISPATCH_URL has to name"):
        porta.propagation(500)


def test_a_wrong_password_is_named_at_once(env: Env) -> None:
    env.setenv("REDIS_PASSWORD", "wrong")
    with pytest.raises(Refused, match=r"refuses this user or password.*REDIS_PASSWORD.*the user notebook"):
        porta.propagation(500)


def test_an_account_without_the_right_to_read_is_named(env: Env, valkey: Valkey) -> None:
    admin: Any = valkey.client
    admin.execute_command("ACL", "SETUSER", "stranger", "reset", "on", ">secret", "+hello", "+auth", "+client")
    env.setenv("REDIS_USERNAME", "stranger")
    env.setenv("REDIS_PASSWORD", "secret")
    with pytest.raises(Refused, match="lets the user stranger in, but not read propagation/500"):
        porta.propagation(500)


def test_the_open_account_of_npm_start_may_read(pool: Pool, env: Env, valkey: Valkey) -> None:
    rules = "reset on nopass ~propagation/* resetchannels -@all +hello +ping +quit +select +hget +hmget"
    admin: Any = valkey.client
    admin.execute_command("ACL", "SETUSER", "guest", *rules.split())
    env.setenv("DISPATCH_URL", f"http://127.0.0.1:{pool.dispatch}")
    for name, value in (("REDIS_USERNAME", "guest"), ("REDIS_PASSWORD", "any")):
        env.setenv(name, value)
    assert porta.propagation(77).steps == 77


@pytest.mark.usefixtures("platform")
def test_a_pool_of_another_engine_is_refused_in_words(env: Env) -> None:
    env.setattr("porta.client.dispatch.ENGINE", ENGINE + 1)
    words = rf"This notebook has engine {ENGINE + 1} .*, the pool has engine {ENGINE} .*restart the kernel"
    with pytest.raises(VersionMismatch, match=words):
        porta.propagation(501)


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(
    ("package", "version"),
    [("numpy", "1.26.0"), ("python", "3.9.1"), ("distributed", "2024.1.0"), ("build", "0123456789abcdef")],
)
def test_tasks_are_not_sent_to_a_pool_that_could_not_read_them(env: Env, package: str, version: str) -> None:
    env.setattr("porta.client.workers.versions", lambda: versions() | {package: version})
    with pytest.raises(VersionMismatch, match=rf"This notebook has {package} {version}; the pool has {package} "):
        porta.pool()
    assert porta.propagation(502).steps == 502, "a result needs only the engine"


@pytest.mark.usefixtures("platform")
def test_another_patch_of_python_is_the_same_python(env: Env) -> None:
    ours = versions()["python"]
    env.setattr("porta.client.workers.versions", lambda: versions() | {"python": f"{ours.rpartition('.')[0]}.99"})
    with porta.pool(set_as_default=False) as client:
        assert client.submit(sum, (1, 2)).result(timeout=60) == 3


def test_the_pool_is_found_by_the_short_variable_too(pool: Pool, env: Env) -> None:
    """Dask itself takes DASK_SCHEDULER for the name of a kind of scheduler: with it no dask.compute would work."""
    import dask  # noqa: PLC0415

    env.setenv("DASK_SCHEDULER", pool.address.removeprefix("tcp://"))
    env.setenv("DISPATCH_URL", f"http://127.0.0.1:{pool.dispatch}")
    dask.config.refresh()
    try:
        with porta.pool():
            assert dask.compute(dask.delayed(sum)((1, 2))) == (3,)
    finally:
        env.delenv("DASK_SCHEDULER")
        dask.config.refresh()


def test_dispatch_without_its_scheduler_is_said(platform: Pool, env: Env) -> None:
    (port,) = free_ports(1)
    env.setenv("DASK_SCHEDULER_ADDRESS", f"tcp://127.0.0.1:{port}")
    env.setattr("porta.client.workers.CONNECT_S", 1)
    with pytest.raises(
        PlatformAway, match=f"No Dask scheduler answers at tcp://127.0.0.1:{port} .*DASK_SCHEDULER_ADDRESS"
    ):
        porta.pool()
    assert platform.answers()


@pytest.mark.usefixtures("platform")
def test_a_cache_that_the_workers_do_not_write_to_is_named(env: Env, tmp_path: Any) -> None:
    other = Valkey(tmp_path)
    for name in ("REDIS_USERNAME", "REDIS_PASSWORD"):
        env.delenv(name)
    env.setenv("REDIS_ADDR", other.env["REDIS_ADDR"])
    env.setattr(waiting, "MOST_MISSES", 2)
    try:
        with pytest.raises(NotComputed, match=r"propagation/503 is ready, but .*REDIS_ADDR"):
            porta.propagation(503)
    finally:
        other.stop()


@pytest.fixture
def unwritable(valkey: Valkey) -> Iterator[Callable[[], None]]:
    """A cache that the workers may only read, and what gives them back the right to write."""
    admin: Any = valkey.client

    def cure() -> None:
        admin.execute_command("ACL", "SETUSER", "default", "+@all")

    admin.execute_command("ACL", "SETUSER", "default", "-hset")
    yield cure
    cure()


@pytest.mark.usefixtures("platform", "unwritable")
def test_a_pool_that_fails_again_and_again_is_not_asked_for_ever(env: Env) -> None:
    env.setattr(waiting, "LOST_S", 5)
    began = time.monotonic()
    with pytest.raises(
        NotComputed, match=r"propagation/505 could not be computed now: The cache at .* does not allow it"
    ):
        porta.propagation(505, timeout=300)
    assert time.monotonic() - began < 200, "it ends by itself"


def test_a_pool_that_fails_for_now_is_asked_again(platform: Pool, unwritable: Callable[[], None]) -> None:
    failures = 'porta_graphs_failed_total{reason="CacheAway"}'
    before = platform.metric(failures)
    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(porta.propagation, 506)
        try:
            eventually(lambda: platform.metric(failures) >= before + 2, "it fails twice")
        finally:
            unwritable()
        assert future.result(timeout=120).steps == 506


@pytest.mark.usefixtures("platform")
def test_a_missing_package_is_named_with_the_way_to_it(env: Env) -> None:
    result = porta.propagation(504)
    env.setattr("porta.client.extra.find_spec", lambda _: None)
    with pytest.raises(ImportError, match="pip install pandas"):
        _ = result.pandas
    with pytest.raises(ImportError, match="pip install matplotlib"):
        result.plot()
