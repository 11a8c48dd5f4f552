"""What a notebook gets of a run is the run, whoever computed it."""

from __future__ import annotations

import pytest
from services import Pool

import porta
from porta.propagate import compute
from porta.reference import run as reference
from porta.run import Run


@pytest.mark.usefixtures("platform")
def test_it_is_the_reference_to_the_bit() -> None:
    result, expected = porta.propagation(500, seed=7), reference(500, 7)
    rows = [
        (name, record.start, record.end, state.time_step, state.x, state.y, state.vx, state.vy)
        for record in expected.records()
        for name, state in record.values.items()
    ]
    assert [tuple(row.values()) for row in result.arrow.to_pylist()] == rows
    assert result.numpy()["step"].tolist() == [0, 0, *expected.written_at]
    assert result.satellite.step.tolist() == [
        0,
        *(
            step
            for step, record in zip(expected.written_at, expected.records()[1:], strict=True)
            if "Satellite" in record.values
        ),
    ]


def test_a_hit_asks_nobody(platform: Pool) -> None:
    porta.propagation(501)
    started = platform.metric("porta_graphs_started_total")
    result = porta.propagation(501)
    assert platform.metric("porta_graphs_started_total") == started
    assert result.summary == compute(Run(501))[0].summary
