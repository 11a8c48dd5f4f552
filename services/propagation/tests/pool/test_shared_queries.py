"""Dispatch takes no name but its own: its clients are ours, and a foreign name in their query is a defect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from porta.config import DispatchSettings
from porta.dispatch.kinds.propagations import Propagations
from porta.dispatch.request import Asked
from porta.run import BadInput

ROWS = json.loads((Path(__file__).parents[1] / "golden" / "queries.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["query"])
def test_dispatch_reads_a_query_as_the_table_says(row: dict[str, str]) -> None:
    try:
        read = str(Asked.parse(Propagations(), "/propagation/500", row["query"], DispatchSettings()).request.seed)
    except BadInput:
        read = "bad"
    assert read == row["dispatch"]
