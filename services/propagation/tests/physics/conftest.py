import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from porta.kernel import warm_up

from .console import Console, Porta

GOLDEN = Path(__file__).parents[1] / "golden"

# No deadline: the machine may be busy. Fixed examples: a failure is the same everywhere.
settings.register_profile("porta", deadline=None, derandomize=True, max_examples=30)
settings.load_profile("porta")


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    warm_up()


@pytest.fixture(params=sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A golden run: seed, steps, records."""
    run: dict[str, Any] = json.loads(request.param.read_bytes())
    return run


@pytest.fixture
def porta(capsysbinary: Console) -> Porta:
    return Porta(capsysbinary)
