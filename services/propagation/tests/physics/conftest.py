import json
from pathlib import Path
from typing import Any

import pytest
from computing import compiled

__all__ = ["compiled"]

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(params=sorted(GOLDEN.glob("seed*.json")), ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A golden run: seed, steps, records."""
    run: dict[str, Any] = json.loads(request.param.read_bytes())
    return run
