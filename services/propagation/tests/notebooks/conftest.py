"""One Valkey with an account for notebooks, one pool of two workers, and the environment that names both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from services import Pool, Valkey
from services.notebook import cache_env, pool_env, set_env


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A kernel loads a good deal before its first cell, and then computes: a busy machine takes its time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    directory = tmp_path_factory.mktemp("platform")
    valkey = Valkey(directory, "--maxmemory", "1gb", "--maxmemory-policy", "allkeys-lru")
    pool = Pool(directory, valkey.env).start()
    with pytest.MonkeyPatch.context() as patch:
        set_env(patch, cache_env(valkey), pool_env(pool))
        yield pool
    pool.stop()
    valkey.stop()
