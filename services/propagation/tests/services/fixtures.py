"""One Valkey and one pool of two workers, for all tests of a package: a conftest that imports these has them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.pool import Pool
from services.valkey import Valkey


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
    if standing_pool.scheduler.returncode is not None:
        standing_pool.start(0)
    standing_pool.workers = [worker for worker in standing_pool.workers if worker.returncode is None]
    while len(standing_pool.workers) > 2:
        standing_pool.kill_worker()
    while len(standing_pool.workers) < 2:
        standing_pool.start_worker()
    standing_pool.wait_for_workers(2)
    valkey.client.client_unpause()
    valkey.client.flushall()
    return standing_pool
