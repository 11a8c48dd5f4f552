"""Whoever waits gets the result, whatever was damaged, lost or restarted meanwhile; and may stop waiting."""

from __future__ import annotations

import itertools
import os
import pty
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from services import Pool, Valkey, eventually

import porta
from porta.client import PlatformAway, Propagation, dispatch
from porta.contract import SEGMENT_STEPS
from porta.propagate import compute
from porta.run import Run

_seeds = itertools.count(1000)


@pytest.fixture
def run() -> Run:
    """Of two segments, and of this test alone: dispatch remembers for two seconds what has ended."""
    return Run(SEGMENT_STEPS + 100, next(_seeds))


def flipped(value: bytes) -> bytes:
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]


DAMAGE: dict[str, tuple[str, Callable[[bytes], bytes] | None]] = {
    "a flipped bit in the manifest": ("manifest", flipped),
    "a flipped bit in the summary": ("summary", flipped),
    "an overview that is cut off": ("overview", lambda value: value[:-1]),
    "no overview": ("overview", None),
    "a flipped bit in the records": ("arrow/0", flipped),
    "no records of the last segment": ("arrow/1", None),
}


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(("field", "damage"), DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_damaged_is_computed_again(
    valkey: Valkey, run: Run, field: str, damage: Callable[[bytes], bytes] | None
) -> None:
    sound = porta.propagation(run.steps, run.seed)
    records = sound.arrow
    if damage is None:
        valkey.client.hdel(run.key, field)
    else:
        stored = valkey.client.hget(run.key, field)
        assert isinstance(stored, bytes)
        valkey.client.hset(run.key, field, damage(stored))
    again = porta.propagation(run.steps, run.seed)
    expected, segments = compute(run)
    assert again.summary == sound.summary == expected.summary
    assert again.arrow.equals(records)
    assert again.arrow.num_rows == sum(segment.meta.rows for segment in segments)


@pytest.mark.usefixtures("platform")
def test_a_key_of_another_type_is_a_miss(valkey: Valkey, run: Run) -> None:
    valkey.client.set(run.key, "not a hash")
    assert porta.propagation(run.steps, run.seed).summary == compute(run)[0].summary


@pytest.mark.usefixtures("platform")
def test_records_that_are_evicted_before_they_are_looked_at_are_computed_again(valkey: Valkey, run: Run) -> None:
    result = porta.propagation(run.steps, run.seed)
    valkey.client.flushall()
    assert result.satellite.step[-1] == run.steps


@contextmanager
def waiting(pool: Pool, run: Run, timeout: float | None = None) -> Iterator[Future[Propagation]]:
    """Somebody waits, and the workers do nothing until it is over."""
    for worker in pool.workers:
        worker.freeze()
    try:
        with ThreadPoolExecutor(1) as thread:
            future = thread.submit(porta.propagation, run.steps, run.seed, timeout=timeout)
            eventually(lambda: pool.metric("porta_waiters") == 1, "it waits")
            try:
                yield future
            finally:
                for worker in pool.workers:
                    if worker.returncode is None:
                        worker.thaw()
    finally:
        eventually(lambda: pool.metric("porta_waiters") == 0, "nobody waits")


def test_a_scheduler_that_restarts_is_asked_again(platform: Pool, run: Run) -> None:
    with waiting(platform, run) as future:
        for process in (platform.scheduler, *platform.workers):
            process.kill()
        assert not future.done()
        platform.start(2)
        assert future.result(timeout=120).summary == compute(run)[0].summary


def test_a_cache_that_restarts_empty_is_filled_again(platform: Pool, valkey: Valkey, run: Run) -> None:
    from services.notebook import cache_env  # noqa: PLC0415

    with waiting(platform, run) as future:
        valkey.kill()
        for worker in platform.workers:
            worker.thaw()
        valkey.start()
        cache_env(valkey)  # its accounts went with it
        assert future.result(timeout=120).summary == compute(run)[0].summary


def test_a_limit_of_ones_own_ends_the_waiting(platform: Pool, run: Run) -> None:
    with waiting(platform, run, timeout=5) as future, pytest.raises(PlatformAway, match="longer than the timeout"):
        future.result(timeout=120)
    assert porta.propagation(run.steps, run.seed).steps == run.steps


def test_a_limit_of_ones_own_holds_where_dispatch_hangs(
    platform: Pool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SILENCE_S", 300)
    with waiting(platform, run, timeout=5) as future:
        platform.scheduler.freeze()
        try:
            with pytest.raises(PlatformAway):
                future.result(timeout=120)
        finally:
            platform.scheduler.thaw()


def test_ctrl_c_ends_the_waiting_and_not_the_computation(platform: Pool, valkey: Valkey, run: Run) -> None:
    for worker in platform.workers:
        worker.freeze()

    def interrupt() -> None:
        eventually(lambda: platform.metric("porta_waiters") == 1, "it waits")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            porta.propagation(run.steps, run.seed)
    finally:
        thread.join()
        for worker in platform.workers:
            worker.thaw()
    eventually(lambda: platform.metric("porta_waiters") == 0, "nobody waits")
    eventually(lambda: valkey.client.hexists(run.key, "manifest"), "it is computed all the same")


def test_on_a_terminal_a_bar_shows_how_far_it_is_and_goes_away(platform: Pool, run: Run) -> None:
    for worker in platform.workers:
        worker.freeze()
    script = f"import porta; print('verdict:', porta.propagation({run.steps}, {run.seed}).verdict)"
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {"COLUMNS": "120", "TERM": "xterm"}
        os.execv(sys.executable, [sys.executable, "-W", "error", "-c", script])
    said = bytearray()
    try:
        give_up = time.monotonic() + 120
        while f"0 of {run.steps:,} steps".encode() not in said and time.monotonic() < give_up:
            said += os.read(terminal, 4096)
        for worker in platform.workers:
            worker.thaw()
        while b"verdict:" not in said and time.monotonic() < give_up:
            said += os.read(terminal, 4096)
    finally:
        for worker in platform.workers:
            worker.thaw()
        os.close(terminal)
        os.waitpid(pid, 0)
    assert f"propagation/{run.steps}?seed={run.seed}".encode() in said
    erased, _, _ = said.rpartition(b"verdict:")
    assert erased.rstrip().endswith(b"\x1b[2K"), "the line of the bar is erased before anything else is said"
