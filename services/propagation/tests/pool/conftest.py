"""One Valkey and one pool of two workers for all tests that leave them as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from services.fixtures import pool, standing_pool, valkey

__all__ = ["pool", "standing_pool", "valkey"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes are started and ended here, which takes a busy machine its time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(600))
