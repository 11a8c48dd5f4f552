from __future__ import annotations

import pytest

from .console import Console, Porta


@pytest.fixture
def porta(capsysbinary: Console) -> Porta:
    return Porta(capsysbinary)
