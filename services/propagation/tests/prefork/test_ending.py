"""A parent ends when it is told to, when its workers are no longer wanted, and when its children cannot run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from services import PreforkPool, Process, Valkey, eventually
from services.prefork import children


@pytest.fixture
def own(valkey: Valkey, tmp_path: Path) -> PreforkPool:
    """A pool of this test alone."""
    pool = PreforkPool(tmp_path, valkey.env)
    pool.start_scheduler()
    eventually(pool.answers, "dispatch answers")
    return pool


def test_all_ends_in_order_when_it_is_told_to(own: PreforkPool) -> None:
    workers = own.start_workers(2)
    own.wait_for_workers(2)
    forked = [psutil.Process(pid) for parent in (own.scheduler, workers) for pid in children(parent)]
    for parent in (workers, own.scheduler):
        parent.terminate()
        assert parent.ended() == 0
    assert not any(child.is_running() for child in forked)
    said = own.scheduler.log.read_text()
    assert said.count("Remove worker") == 2, "the workers have said good-bye"


def test_a_parent_that_is_told_to_end_while_it_loads_ends(own: PreforkPool) -> None:
    workers = own.start_workers(1)
    workers.terminate()
    assert workers.ended() in {0, -15}  # as it ends before and after it can handle the signal
    own.stop()


def test_a_drained_worker_is_not_replaced(own: PreforkPool) -> None:
    workers = own.start_workers(1, "--name", "leaving")
    own.wait_for_workers(1)
    env = {**os.environ, "DASK_SCHEDULER_ADDRESS": own.address, "POD_NAME": "leaving"}
    done = subprocess.run([sys.executable, "-m", "porta.drain"], env=env, check=True, capture_output=True, text=True)
    assert "leaving is drained" in done.stdout
    assert workers.ended() == 0
    assert "its place is filled again" not in workers.log.read_text()
    own.stop()


def test_a_scheduler_whose_port_is_taken_ends_its_parent_with_the_reason(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        pool = PreforkPool(tmp_path, {}, {"PORTA_DISPATCH_PORT": str(port)})
        pool.start_scheduler()
        assert pool.scheduler.ended() == 1
    said = pool.scheduler.log.read_text()
    assert f"porta.dispatch cannot listen on 127.0.0.1:{port}" in said
    assert "giving up" in said


@pytest.mark.parametrize(
    ("arguments", "env", "code", "words"),
    [
        ([], {}, 2, "scheduler or worker, and Dask's options"),
        (["nanny"], {}, 2, "'nanny' is not allowed: scheduler or worker"),
        (["scheduler", "--no-such-option"], {}, 2, "No such option"),
        (
            ["worker", "tcp://127.0.0.1:9", "--nworkers", "0"],
            {},
            1,
            "--nworkers 0 is not allowed: a whole number from 1",
        ),
        (["worker", "tcp://127.0.0.1:9", "--preload", "porta.worker"], {"REDIS_ADDR": "http://x"}, 1, "REDIS_ADDR="),
        (["worker", "tcp://127.0.0.1:9", "--preload", "unfit"], {}, 1, "cannot warm up: OSError(28"),
    ],
)
def test_what_cannot_run_is_said(
    tmp_path: Path, arguments: list[str], env: dict[str, str], code: int, words: str
) -> None:
    (tmp_path / "unfit.py").write_text(
        "import porta.kernel, porta.worker\n"
        "from porta.worker import load\n"
        "def warm_up():\n"
        "    raise OSError(28, 'No space left on device')\n"
        "porta.kernel.warm_up = warm_up\n"
    )
    given = {"REDIS_ADDR": "127.0.0.1:9", "PYTHONPATH": str(tmp_path), **env}
    process = Process("parent", tmp_path, [sys.executable, "-m", "porta.prefork", *arguments], given)
    assert process.ended() == code
    assert words in process.log.read_text()
