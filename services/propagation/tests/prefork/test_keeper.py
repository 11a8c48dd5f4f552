"""A child is started again, but not for ever where that does not help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from porta.prefork import keeper

lives = Path(sys.argv[1])

def run():
    with lives.open("a") as file:
        file.write(".")
    life = len(lives.read_text())
    {body}

keeper.PAUSES_S = (0, 0.01)
sys.exit(keeper.Keeper([run]).keep())
"""


@pytest.mark.parametrize(
    ("body", "code", "lives"),
    [
        pytest.param("sys.exit(7)", 7, 1, id="a mistake is told at once"),
        pytest.param("os.kill(os.getpid(), 9) if life == 1 else sys.exit(7)", 7, 7, id="failures in a row end it"),
        pytest.param("sys.exit(73) if life == 9 else os.kill(os.getpid(), 9)", 0, 9, id="a kill is no failure"),
        pytest.param("sys.exit(73 if life == 9 else 0)", 0, 9, id="an orderly end is no failure"),
        pytest.param("raise ValueError('why')", 1, 1, id="an exception is a failure"),
        pytest.param("sys.exit('why')", 1, 1, id="words are a failure"),
    ],
)
def test_lives(tmp_path: Path, body: str, code: int, lives: int) -> None:
    command = [sys.executable, "-c", PROGRAM.format(body=body), str(tmp_path / "lives")]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=100)
    assert (done.returncode, len((tmp_path / "lives").read_text())) == (code, lives), done.stderr
    if "why" in body:
        assert "why" in done.stderr


def test_a_process_with_threads_is_not_forked() -> None:
    program = (
        "import threading, time; from porta.prefork import load; load.PATIENCE_S = 0.1\n"
        "print(load.can_fork(), end=' ')\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "print(load.can_fork())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.split() == [str(sys.platform.startswith("linux")), "False"]
