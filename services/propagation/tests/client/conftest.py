"""One Valkey with an account for notebooks, and one pool of two workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from services import Pool, Valkey
from services.notebook import cache_env, pool_env, set_env


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes are started and ended here, which takes a busy machine its time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="package")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    valkey = Valkey(tmp_path_factory.mktemp("valkey"), "--maxmemory", "1gb", "--maxmemory-policy", "allkeys-lru")
    yield valkey
    valkey.stop()


@pytest.fixture(scope="package")
def standing_pool(valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    pool = Pool(tmp_path_factory.mktemp("pool"), valkey.env).start()
    yield pool
    pool.stop()


@pytest.fixture
def pool(standing_pool: Pool, valkey: Valkey) -> Pool:
    """Two workers, and nothing in the cache."""
    standing_pool.workers = [worker for worker in standing_pool.workers if worker.returncode is None]
    while len(standing_pool.workers) < 2:
        standing_pool.start_worker()
    standing_pool.wait_for_workers(2)
    valkey.client.flushall()
    return standing_pool


@pytest.fixture
def env(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment, with the cache in it, and no pool."""
    set_env(monkeypatch, cache_env(valkey))
    return monkeypatch


@pytest.fixture
def platform(pool: Pool, env: pytest.MonkeyPatch) -> Pool:
    """The environment, with all of it."""
    for name, value in pool_env(pool).items():
        env.setenv(name, value)
    return pool
