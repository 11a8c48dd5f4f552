from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from porta.checkpoint import start
from porta.columns import TO, X, Y
from porta.contract import MAX_SEED
from porta.ensembles.request import Chunk
from porta.ensembles.sampling import compute
from porta.kernel import propagate, walk
from porta.model import SATELLITE
from porta.verdict import Verdict

from .oracle import bits, bounds, counted, counts_of, sampled

SEEDS = st.integers(0, MAX_SEED)


def assert_is_what_reads_give(steps: int, seeds: range) -> None:
    expected = np.stack([sampled(steps, seed) for seed in seeds])
    sketch = compute(Chunk(steps, seeds.start, len(seeds)))
    assert sketch.bounds.tobytes() == bounds(expected).tobytes()
    assert [list(cell.items()) for cell in counts_of(sketch)] == [
        list(cell.items()) for cell in counted(expected, steps)
    ]
    assert sketch.values.tolist() == np.count_nonzero(~np.isnan(expected), axis=0).tolist()


@given(seed=SEEDS, steps=st.integers(1, 700))
@example(seed=0, steps=1)
@example(seed=0, steps=2)
@example(seed=7, steps=15)
@example(seed=1, steps=256)
@example(seed=1, steps=257)
@example(seed=MAX_SEED, steps=500)
def test_a_run_is_sampled_as_reads_of_its_store_give_it_to_the_bit(seed: int, steps: int) -> None:
    assert_is_what_reads_give(steps, range(seed, seed + 1))


@pytest.mark.parametrize(("steps", "seeds"), [(16_384, range(5, 7)), (20_001, range(MAX_SEED, MAX_SEED + 1))])
def test_a_long_run_is_sampled_as_reads_of_its_store_give_it_to_the_bit(steps: int, seeds: range) -> None:
    assert_is_what_reads_give(steps, seeds)


@pytest.mark.parametrize(("steps", "first", "runs"), [(1, 0, 3), (10, 0, 40), (300, MAX_SEED - 24, 25)])
def test_many_runs_are_counted_as_each_of_them_would_be(steps: int, first: int, runs: int) -> None:
    assert_is_what_reads_give(steps, range(first, first + runs))


def assert_rows_are_verdicts(steps: int, first: int, runs: int) -> None:
    rows = compute(Chunk(steps, first, runs)).rows
    assert rows["seed"].tolist() == list(range(first, first + runs))
    for row in rows:
        seed = int(row["seed"])
        verdict = Verdict.of(walk(start(seed), steps), [(0.0, 0.0)])
        assert (row["trusted1"], row["trusted5"]) == (verdict.trusted1, verdict.trusted5)
        assert (None if row["ejected"] == -1 else row["ejected"]) == verdict.ejected
        assert row["largest_error"] == verdict.largest_error
        columns, _ = propagate(start(seed), steps)
        first_row = columns.initial_rows
        agent, values = columns.agent[first_row:], columns.values[:, first_row:]
        mine = agent == SATELLITE
        step = np.cumsum((agent != SATELLITE) | (np.concatenate([[SATELLITE], agent[:-1]]) == SATELLITE))
        ex, ey = values[X] - 0.1 * values[TO], values[Y] - 0.1
        distances = np.where(mine, np.sqrt(ex * ex + ey * ey), np.inf)
        assert row["closest"] == distances.min()
        assert row["closest_step"] == step[np.argmin(distances)]


@given(seed=st.integers(0, MAX_SEED - 3), steps=st.integers(1, 3000))
@example(seed=0, steps=1)
@example(seed=0, steps=500)
@example(seed=MAX_SEED - 2, steps=2000)
def test_the_numbers_of_a_run_are_those_of_its_own_verdict_to_the_bit(seed: int, steps: int) -> None:
    assert_rows_are_verdicts(steps, seed, 3)


def test_the_numbers_of_a_run_that_is_ejected_are_those_of_its_own_verdict() -> None:
    assert_rows_are_verdicts(12_000, 234, 3)
    assert compute(Chunk(12_000, 235, 1)).rows["ejected"].tolist() == [6407]
    assert compute(Chunk(6406, 235, 1)).rows["ejected"].tolist() == [-1]


@pytest.mark.parametrize(("steps", "runs"), [(1, 1), (500, 37), (100_000, 120)])
def test_progress_adds_up_to_the_runs_of_the_chunk(steps: int, runs: int) -> None:
    further: list[int] = []
    with_progress = compute(Chunk(steps, 3, runs), further.append)
    assert sum(further) == runs
    assert all(count > 0 for count in further)
    assert len(further) == -(-runs // max(1, 5_000_000 // steps))
    assert bits(with_progress) == bits(compute(Chunk(steps, 3, runs)))
