from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from porta.ensembles.grid import IN_STEPS, IN_TIME, QUANTITIES, Grid
from porta.ensembles.request import Chunk
from porta.ensembles.sampling import compute

STEPS = st.integers(1, 9_999_999)


@given(steps=STEPS)
@example(steps=1)
@example(steps=372)
@example(steps=373)
def test_instants_go_from_0_to_what_runs_take_and_half_of_them_to_16(steps: int) -> None:
    instants = Grid(steps).instants
    assert len(instants) == 256
    assert instants[0] == 0
    assert (np.diff(instants) > 0).all()
    assert instants[-1] == pytest.approx(0.043 * steps, rel=1e-12)
    if steps > 372:
        assert instants[127] == 16


@pytest.mark.parametrize(("steps", "share"), [(100, 0.5), (1000, 0.7), (10_000, 0.9)])
def test_most_runs_reach_the_last_instant(steps: int, share: float) -> None:
    reached = compute(Chunk(steps, 0, 200)).values[Grid(steps).of("satellite_x")][-1]
    assert share * 200 <= reached <= 200


def test_instants_are_those_of_the_contract() -> None:
    assert Grid(100).instants.tolist() == [j * (0.043 * 100) / 255 for j in range(256)]
    expected = [j * 16 / 127 if j <= 127 else 16 + (j - 127) * (0.043 * 10_000 - 16) / 128 for j in range(256)]
    assert Grid(10_000).instants.tolist() == expected


@given(steps=STEPS)
@example(steps=1)
@example(steps=256)
@example(steps=257)
@example(steps=448)
def test_marks_are_at_most_256_steps_each_once_and_the_last_one_is_the_end(steps: int) -> None:
    marks = Grid(steps).marks
    assert 1 <= len(marks) <= 256
    assert (np.diff(marks) > 0).all()
    assert marks[-1] == steps
    assert marks[0] == (1 if steps <= 256 else 4)


def test_marks_are_those_of_the_contract() -> None:
    assert Grid(256).marks.tolist() == list(range(1, 257))
    assert Grid(257).marks.tolist() == [*range(4, 257, 4), 257]
    later = [256 + -(-i * (10_000 - 256) // 192) for i in range(1, 193)]
    assert Grid(10_000).marks.tolist() == [*range(4, 257, 4), *later]


@given(steps=STEPS)
def test_quantities_share_the_cells_without_gap_or_overlap(steps: int) -> None:
    grid = Grid(steps)
    cells = [cell for quantity in QUANTITIES for cell in range(grid.cells)[grid.of(quantity)]]
    assert cells == list(range(grid.cells))
    assert len(grid.shifts) == grid.cells
    assert [len(range(grid.cells)[grid.of(name)]) for name in IN_TIME + IN_STEPS] == [256] * 5 + [len(grid.marks)]


def test_positions_are_coded_from_where_the_planet_truly_is_and_nothing_else_is_shifted() -> None:
    grid = Grid(5000)
    for quantity in QUANTITIES:
        expected = {"x": 0.1 * grid.instants, "y": 0.1}.get(quantity[-1], 0.0)
        assert (grid.shifts[grid.of(quantity)] == expected).all()
