from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from porta.ensembles.bands import LEVELS, PERCENTS, Bands, ejected_by, exact, ranks
from porta.ensembles.codes import ABSOLUTE_BOUND, RELATIVE_BOUND
from porta.ensembles.grid import QUANTITIES
from porta.ensembles.request import Chunk
from porta.ensembles.sampling import compute

from .oracle import sampled


@given(n=st.integers(1, 100_000))
@example(n=20)
@example(n=60)
@example(n=100)
def test_a_quantile_is_the_value_whose_rank_is_its_share_of_all_rounded_up(n: int) -> None:
    assert ranks(n).tolist() == [ceil(Fraction(percent, 100) * n) for percent in PERCENTS]


def quantiles(values: NDArray[np.float64]) -> list[float]:
    ordered = np.sort(values)
    at = [ceil(Fraction(percent, 100) * len(values)) - 1 for percent in PERCENTS]
    return [float(ordered[0]), *(float(ordered[i]) for i in at), float(ordered[-1])]


@given(values=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=200))
def test_levels_of_what_is_known_of_each_run_are_exact(values: list[float]) -> None:
    assert list(exact(np.array(values)).values()) == quantiles(np.array(values))
    assert tuple(exact(np.array(values))) == LEVELS == ("min", "p5", "p25", "p50", "p75", "p95", "max")


@pytest.mark.parametrize(
    ("steps", "first", "runs"), [(1, 0, 1), (2, 0, 5), (15, 3, 60), (257, 0, 41), (2000, 7, 20), (16_400, 0, 3)]
)
def test_quantiles_are_within_the_bound_of_the_exact_ones_and_extremes_are_exact(
    steps: int, first: int, runs: int
) -> None:
    values = np.stack([sampled(steps, seed) for seed in range(first, first + runs)])
    bands = Bands.of(compute(Chunk(steps, first, runs)))
    for cell, (column, shift) in enumerate(zip(values.T, bands.grid.shifts.tolist(), strict=True)):
        known = column[~np.isnan(column)]
        assert bands.runs[cell] == len(known)
        if len(known) == 0:
            assert np.isnan(bands.inertial[cell]).all()
            assert np.isnan(bands.relative[cell]).all()
            continue
        expected, found = np.array(quantiles(known)), bands.inertial[cell]
        assert (found[0], found[-1]) == (expected[0], expected[-1])
        allowed = np.maximum(RELATIVE_BOUND * np.abs(expected - shift), ABSOLUTE_BOUND)
        rounding = 4 * np.spacing(np.abs(expected) + abs(shift))
        assert (np.abs(found - expected) <= allowed + rounding).all(), QUANTITIES
        assert (np.abs(bands.relative[cell] - (expected - shift)) <= allowed + rounding).all()
        assert (np.diff(found) >= 0).all()
        assert (np.diff(bands.relative[cell]) >= 0).all()


def test_the_bound_is_met_at_every_quantile_of_hundreds_of_runs() -> None:
    """Late, where they have lost each other's phase and values are spread over many codes."""
    steps, runs = 800, 150
    values = np.stack([sampled(steps, seed) for seed in range(runs)])
    bands = Bands.of(compute(Chunk(steps, 0, runs)))
    for quantity in ("satellite_x", "satellite_y", "distance", "energy_error"):
        for cell in range(bands.grid.cells)[bands.grid.of(quantity)][::7]:
            relative = values[:, cell] - bands.grid.shifts[cell]
            expected = np.array(quantiles(relative[~np.isnan(relative)]))
            allowed = np.maximum(RELATIVE_BOUND * np.abs(expected), ABSOLUTE_BOUND)
            assert (np.abs(bands.relative[cell] - expected) <= allowed + 1e-14).all()


def test_the_ejection_curve_counts_the_runs_that_are_ejected_by_each_step() -> None:
    sketch = compute(Chunk(12_000, 200, 50))
    ejected = [int(step) for step in sketch.rows["ejected"] if step > 0]
    assert 6407 in ejected
    marks = np.array([1, 6406, 6407, 12_000])
    assert ejected_by(sketch, marks).tolist() == [sum(step <= mark for step in ejected) for mark in marks]
