"""One Valkey with an account for notebooks, and one pool of two workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from services import Pool, Valkey
from services.fixtures import pool, standing_pool, valkey
from services.notebook import cache_env, pool_env, set_env

__all__ = ["env", "platform", "pool", "standing_pool", "valkey"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes are started and ended here, which takes a busy machine its time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(600))


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
