"""What may be asked for, and what not, is what the frontend says: both read the same table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from porta.ensembles.request import Ensemble
from porta.run import BadInput, Run

ROWS = json.loads((Path(__file__).parents[1] / "golden" / "requests.json").read_text())


def parse(kind: str, path: list[str], seed: str | None) -> Run | Ensemble:
    if kind == "propagation":
        (steps,) = path
        return Run.parse(steps, seed)
    steps, runs = path
    return Ensemble.parse(steps, runs, seed)


@pytest.mark.parametrize("row", ROWS, ids=json.dumps)
def test_what_may_be_asked_for_is_what_the_frontend_says(row: dict[str, Any]) -> None:
    if "key" in row:
        assert parse(row["kind"], row["path"], row["seed"]).key == row["key"]
        return
    with pytest.raises(BadInput) as refused:
        parse(row["kind"], row["path"], row["seed"])
    assert (refused.value.name, refused.value.allowed) == (row["bad"], row["allowed"])
