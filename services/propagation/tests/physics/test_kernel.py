import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from porta.checkpoint import Checkpoint, start
from porta.columns import FROM, TO, Columns
from porta.contract import MAX_SEED
from porta.kernel import propagate, walk
from porta.model import PLANET, SATELLITE

from .runs import SEEDS, bits, joined, reference, reference_rows, rows


@given(seed=SEEDS, steps=st.integers(1, 600))
@example(seed=0, steps=3000)
@example(seed=MAX_SEED, steps=3000)
def test_the_kernel_equals_the_reference_to_the_bit(seed: int, steps: int) -> None:
    plain = reference(steps, seed)
    columns, after = propagate(start(seed), steps)
    assert rows(columns) == reference_rows(plain)
    assert after.records == len(plain.store)
    assert after.state["skipped"][0].tolist() == list(plain.skipped.values())


@given(seed=SEEDS, cuts=st.lists(st.integers(0, 3000), max_size=8))
def test_a_run_cut_anywhere_and_continued_from_stored_checkpoints_has_the_same_bits(seed: int, cuts: list[int]) -> None:
    whole, final = propagate(start(seed), 3000)
    checkpoint, parts = start(seed), []
    for cut in [*sorted(cuts), 3000]:
        part, checkpoint = propagate(Checkpoint.from_bytes(checkpoint.to_bytes()), cut - checkpoint.step)
        parts.append(part)
    assert bits(joined(parts)) == bits(whole)
    assert checkpoint.to_bytes() == final.to_bytes()


@given(seed=SEEDS, steps=st.integers(0, 5000))
def test_walking_leads_where_propagating_leads(seed: int, steps: int) -> None:
    _, after = propagate(start(seed), steps)
    assert walk(start(seed), steps).to_bytes() == after.to_bytes()


@given(seed=SEEDS, steps=st.integers(1, 2000), more=st.integers(0, 2000))
def test_the_records_of_a_run_are_the_first_records_of_any_longer_run(seed: int, steps: int, more: int) -> None:
    short, _ = propagate(start(seed), steps)
    longer, _ = propagate(start(seed), steps + more)
    assert bits(longer.first(short.rows)) == bits(short)


def test_no_steps_change_nothing() -> None:
    here = walk(start(5), 100)
    columns, after = propagate(here, 0)
    assert columns.rows == 0
    assert after.to_bytes() == here.to_bytes()


def test_a_checkpoint_is_not_changed_by_running_from_it() -> None:
    here = walk(start(5), 100)
    before = here.to_bytes()
    propagate(here, 100)
    assert here.to_bytes() == before


@given(seed=SEEDS)
def test_each_agent_s_ranges_tile_time(seed: int) -> None:
    columns, _ = propagate(start(seed), 2000)
    for agent in (PLANET, SATELLITE):
        mine = columns.values[:, columns.agent == agent]
        assert (mine[FROM, 1:] == mine[TO, :-1]).all()
        assert mine[FROM, 0] == -np.inf


@given(seed=SEEDS)
def test_no_step_is_without_a_record_and_agents_alone_tell_the_steps(seed: int) -> None:
    plain = reference(500, seed)
    assert sorted(set(plain.written_at)) == list(range(1, 501))
    agents = propagate(start(seed), 500)[0].agent[2:]
    starts = (agents == PLANET) | (np.concatenate([[SATELLITE], agents[:-1]]) == SATELLITE)
    assert np.cumsum(starts).tolist() == plain.written_at


@given(seed=SEEDS)
def test_the_satellite_reads_one_of_the_planet_s_two_newest_records(seed: int) -> None:
    columns, _ = propagate(start(seed), 4000)
    to, planet = columns.values[TO], columns.agent == PLANET
    back = 0
    for row in np.flatnonzero(~planet)[1:]:
        known = to[:row][planet[:row]]
        back = max(back, len(known) - int(np.searchsorted(known, columns.values[FROM, row] - 0.001, side="right")))
    assert back == 2


def test_room_that_is_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="10 steps need room for 22 rows, there is room for 21"):
        propagate(start(0), 10, Columns.empty(21))


def test_going_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 steps"):
        walk(start(0), -1)
