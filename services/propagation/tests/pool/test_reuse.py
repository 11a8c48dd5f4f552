"""A run takes from another run of its seed what they have in common."""

from __future__ import annotations

import pytest
from services import Pool, Valkey

from pool.results import computed, store, stored
from pool.test_damage import flip
from porta.checkpoint import Checkpoint
from porta.contract import SEGMENT_STEPS
from porta.run import Run

ENCODED, COPIED = (f'porta_segments_total{{how="{how}"}}' for how in ("encoded", "copied"))


class Counted:
    """How many segments a run encoded and copied."""

    def __init__(self, pool: Pool, run: Run) -> None:
        encoded, copied = pool.metric(ENCODED), pool.metric(COPIED)
        assert "ready" in pool.ask(f"/{run.key}").last()
        self.encoded, self.copied = pool.metric(ENCODED) - encoded, pool.metric(COPIED) - copied


def test_a_longer_run_computes_only_what_is_new(pool: Pool, valkey: Valkey) -> None:
    first = Counted(pool, Run(300_000, 4))
    assert (first.encoded, first.copied) == (19, 0)
    longer = Counted(pool, Run(301_000, 4))
    assert (longer.encoded, longer.copied) == (1, 18)
    assert stored(valkey, Run(301_000, 4)) == computed(Run(301_000, 4))


def test_a_shorter_run_computes_only_its_last_segment(pool: Pool, valkey: Valkey) -> None:
    Counted(pool, Run(200_000, 4))
    shorter = Counted(pool, Run(100_000, 4))
    assert (shorter.encoded, shorter.copied) == (1, 6)
    assert stored(valkey, Run(100_000, 4)) == computed(Run(100_000, 4))


def test_a_run_that_ends_at_a_checkpoint_computes_nothing(pool: Pool, valkey: Valkey) -> None:
    Counted(pool, Run(5 * SEGMENT_STEPS + 1, 6))
    ending = Counted(pool, Run(5 * SEGMENT_STEPS, 6))
    assert (ending.encoded, ending.copied) == (0, 5)
    assert stored(valkey, Run(5 * SEGMENT_STEPS, 6)) == computed(Run(5 * SEGMENT_STEPS, 6))


def test_another_seed_shares_nothing(pool: Pool) -> None:
    Counted(pool, Run(50_000, 8))
    assert Counted(pool, Run(60_000, 9)).copied == 0


def test_a_damaged_segment_of_the_source_is_computed_and_not_copied(pool: Pool, valkey: Valkey) -> None:
    source, longer = Run(100_000, 10), Run(120_000, 10)
    Counted(pool, source)
    store(valkey, source, {b"arrow/3": flip(stored(valkey, source)[b"arrow/3"])})
    after = Counted(pool, longer)
    assert (after.encoded, after.copied) == (3, 5)
    assert stored(valkey, longer) == computed(longer)


DAMAGED_CHECKPOINTS = ["flipped", "truncated", "of another step", "of another type", "gone"]


@pytest.mark.parametrize(("seed", "damage"), list(enumerate(DAMAGED_CHECKPOINTS, start=20)))
def test_a_checkpoint_that_does_not_hold_is_not_used(pool: Pool, valkey: Valkey, seed: int, damage: str) -> None:
    source, longer = Run(3 * SEGMENT_STEPS, seed), Run(4 * SEGMENT_STEPS, seed)
    Counted(pool, source)
    key, second = f"checkpoint/{seed}/3", valkey.client.hget(f"checkpoint/{seed}/2", "state")
    state = valkey.client.hget(key, "state")
    assert isinstance(state, bytes)
    assert isinstance(second, bytes)
    if damage in ("of another type", "gone"):
        valkey.client.delete(key)
        if damage == "of another type":
            valkey.client.set(key, "not a hash")
    else:
        changed = {"flipped": flip(state), "truncated": state[:-1], "of another step": second}[damage]
        valkey.client.hset(key, "state", changed)
    after = Counted(pool, longer)
    assert (after.encoded, after.copied) == (2, 2)
    assert stored(valkey, longer) == computed(longer)
    rewritten = valkey.client.hget(key, "state")
    assert isinstance(rewritten, bytes)
    assert Checkpoint.from_bytes(rewritten).step == 3 * SEGMENT_STEPS
