"""One Valkey with the platform's accounts, one pool of two workers, and an environment as a notebook has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from services import Pool, Valkey
from services.process import OURS

PASSWORD = "notebook-secret"


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
    standing_pool.wait_for_workers(2)
    valkey.client.flushall()
    return standing_pool


@pytest.fixture
def notebook(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with the cache alone: as `notebook`, who may read results and nothing else."""
    import os  # noqa: PLC0415

    for name in [name for name in os.environ if name.startswith((*OURS, "DISPATCH_URL"))]:
        monkeypatch.delenv(name)
    rules: dict[str, str] = json.loads(files("porta").joinpath("acl.json").read_text())
    admin: Any = valkey.client
    admin.execute_command("ACL", "SETUSER", "notebook", "reset", "on", f">{PASSWORD}", *rules["notebook"].split())
    for name, value in {**valkey.env, "REDIS_USERNAME": "notebook", "REDIS_PASSWORD": PASSWORD}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
def platform(pool: Pool, notebook: pytest.MonkeyPatch) -> Pool:
    """All of it in the environment."""
    notebook.setenv("DASK_SCHEDULER_ADDRESS", pool.address)
    notebook.setenv("DISPATCH_URL", f"http://127.0.0.1:{pool.dispatch}")
    return pool
