from typing import Any

import pytest

from porta.checkpoint import start
from porta.kernel import propagate
from porta.model import AGENTS

from .runs import Row, reference, reference_rows, rows


def golden_rows(golden: dict[str, Any]) -> list[Row]:
    return [
        Row(AGENTS.index(agent), float("-inf") if begin is None else begin, to, *list(state.values())[1:])
        for begin, to, states in golden["records"]
        for agent, state in states.items()
    ]


def assert_close(found: list[Row], golden: dict[str, Any]) -> None:
    expected = golden_rows(golden)
    assert [row.agent for row in found] == [row.agent for row in expected]
    for row, golden_row in zip(found, expected, strict=True):
        assert row == pytest.approx(golden_row, rel=1e-8, abs=1e-10)


def test_the_reference_gives_the_golden_runs(golden: dict[str, Any]) -> None:
    assert_close(reference_rows(reference(golden["steps"], golden["seed"])), golden)


def test_the_kernel_gives_the_golden_runs(golden: dict[str, Any]) -> None:
    columns, _ = propagate(start(golden["seed"]), golden["steps"])
    assert_close(rows(columns), golden)
