"""A Valkey of our own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from services import Valkey


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    yield server
    server.stop()


@pytest.fixture
def valkey(server: Valkey) -> Valkey:
    """Running and empty."""
    if not server.answers():
        server.start()
    server.client.flushall()
    return server
